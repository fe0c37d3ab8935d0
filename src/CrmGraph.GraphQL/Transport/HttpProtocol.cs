using System.IO.Pipelines;
using CrmGraph.GraphQL.Admission;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Transport;

/// <summary>What the protocol needs to know of an HTTP request.</summary>
public sealed class HttpProtocolRequest
{
    /// <summary>Upper case: <c>GET</c>, <c>POST</c>.</summary>
    public required string Method { get; init; }
    public string? Accept { get; init; }
    public string? ContentType { get; init; }
    public string? ContentEncoding { get; init; }
    /// <summary>The <c>Content-Length</c> header, when sent.</summary>
    public long? ContentLength { get; init; }
    /// <summary>The decoded value of a URL parameter; null when it is absent.</summary>
    public required Func<string, string?> QueryParameter { get; init; }
    public required PipeReader Body { get; init; }
    public required RequestState State { get; init; }
    public required IServiceProvider Services { get; init; }
}

/// <summary>
/// GraphQL over HTTP (the specification's September 2025 draft): POST with JSON, GET for queries, and Server-Sent Events in the distinct
/// connections mode. With <c>application/json</c> a well-formed request is answered with 200 whatever becomes of it; with
/// <c>application/graphql-response+json</c> request errors are 400. A request that finds the server full, or its database away, is 503 either way.
/// </summary>
public sealed class HttpProtocol(RequestExecutor executor)
{
    /// <summary>After how long whoever found the server full may try again.</summary>
    public const int RetryAfterSeconds = 1;

    /// <summary>Reads, executes and says how to answer. Throws only <see cref="OperationCanceledException"/>.</summary>
    public ValueTask<HttpProtocolResponse> HandleAsync(HttpProtocolRequest request, CancellationToken cancellationToken) =>
        request.State.Get<ErrorLabels>() is { } labels ? LabelledAsync(request, labels, cancellationToken) : AnswerAsync(request, cancellationToken);

    private async ValueTask<HttpProtocolResponse> LabelledAsync(HttpProtocolRequest request, ErrorLabels labels, CancellationToken cancellationToken)
    {
        var response = await AnswerAsync(request, cancellationToken);
        response.Labels = labels;
        return response;
    }

    private async ValueTask<HttpProtocolResponse> AnswerAsync(HttpProtocolRequest request, CancellationToken cancellationToken)
    {
        if (request.Method is not ("GET" or "POST"))
            return Refuse(
                405,
                ErrorCodes.MethodNotAllowed,
                $"{request.Method} is not a method of GraphQL over HTTP; use POST, or GET for queries.",
                MediaTypes.Json,
                "GET, POST");
        if (MediaTypes.Best(request.Accept, MediaTypes.Json, MediaTypes.Response, MediaTypes.EventStream) is not { } type)
        {
            return Refuse(406, ErrorCodes.UnsupportedAccept,
                $"None of the accepted media types can be answered; accept {MediaTypes.Response}, {MediaTypes.Json} or, for subscriptions, "
                    + $"{MediaTypes.EventStream}.", MediaTypes.Json);
        }

        if (request.Method == "POST" && !MediaTypes.IsUtf8(request.ContentType, MediaTypes.Json))
            return Refuse(415, ErrorCodes.UnsupportedMediaType, "The body must be application/json in UTF-8; say so in Content-Type.", Errors(type));
        if (request.Method == "POST" && request.ContentEncoding is not (null or "" or "identity"))
            return Refuse(415, ErrorCodes.UnsupportedMediaType, "The body must come as it is; send it without Content-Encoding.", Errors(type));
        GraphQLRequest? single;
        IReadOnlyList<GraphQLRequest>? batch = null;
        try
        {
            if (request.Method == "GET")
                single = RequestReader.FromQuery(request.QueryParameter);
            else
                (single, batch) = await ReadBodyAsync(request, cancellationToken);
        }
        catch (GraphQLException e)
        {
            return new HttpProtocolResponse(e.Error.Code == ErrorCodes.RequestTooLarge ? 413 : 400, Errors(type), ExecutionResult.Failed(e.Error));
        }

        return single is not null
            ? await ExecuteAsync(request, single, type, cancellationToken)
            : new HttpProtocolResponse(Errors(type), await ExecuteAsync(request, batch!, cancellationToken));
    }

    private async ValueTask<HttpProtocolResponse> ExecuteAsync(
        HttpProtocolRequest request,
        GraphQLRequest read,
        string type,
        CancellationToken cancellationToken)
    {
        var operation = executor.Prepare(read, request.State);
        if (request.Method == "GET" && operation.Kind == OperationKind.Mutation)
            return Refuse(405, ErrorCodes.MethodNotAllowed, "A mutation cannot be sent by GET; use POST.", Errors(type), "POST");
        if (operation.Kind == OperationKind.Subscription)
        {
            // A client that did not say what it accepts, or accepts events too, gets them: a subscription has no other form here.
            return type == MediaTypes.EventStream || MediaTypes.Best(request.Accept, MediaTypes.EventStream) is not null
                ? await SubscribeAsync(request, operation, read, cancellationToken)
                : Refuse(406, ErrorCodes.UnsupportedAccept, $"A subscription is answered as {MediaTypes.EventStream} or over WebSocket; accept that.", type);
        }

        var result = await executor.ExecuteInTurnAsync(operation, read.Variables, request.State, request.Services, cancellationToken);
        if (IsBusy(result))
            return Busy(result, type);
        if (type == MediaTypes.EventStream)
            return new HttpProtocolResponse(200, type, result, Events(request));
        return new HttpProtocolResponse(Status(result, type), type, result)
        {
            IsKeepable = request.Method == "GET" && result is { Errors.Count: 0, Extensions: null } && read.IsPersisted
        };
    }

    private async ValueTask<HttpProtocolResponse> SubscribeAsync(
        HttpProtocolRequest request,
        PreparedOperation operation,
        GraphQLRequest read,
        CancellationToken cancellationToken)
    {
        var caller = TransportCaller.Of(request.State);
        if (executor.Gate.BeginSubscription(caller) is { } refusal)
        {
            var refused = ExecutionResult.Failed(refusal);
            return refusal.Code == ErrorCodes.Overloaded ? Busy(refused, MediaTypes.Json) : new HttpProtocolResponse(429, MediaTypes.Json, refused);
        }

        ExecutionResult? result = null;
        try
        {
            result = await executor.ExecuteAsync(operation, read.Variables, request.State, request.Services, cancellationToken);
        }
        finally
        {
            if (result is null || IsBusy(result))
                executor.Gate.EndSubscription(caller);
        }

        if (IsBusy(result))
            return Busy(result, MediaTypes.Json);
        return new HttpProtocolResponse(200, MediaTypes.EventStream, result, Events(request))
        {
            Ended = () => executor.Gate.EndSubscription(caller)
        };
    }

    /// <summary>The requests of a batch, one after the other: mutations keep their order, and a batch takes one place at a time.</summary>
    private SseProtocol Events(HttpProtocolRequest request) => new(executor.TimeProvider, executor.Limits, request.State.Get<ErrorLabels>());

    private async ValueTask<IReadOnlyList<ExecutionResult>> ExecuteAsync(
        HttpProtocolRequest request,
        IReadOnlyList<GraphQLRequest> batch,
        CancellationToken cancellationToken)
    {
        var results = new List<ExecutionResult>(batch.Count);
        foreach (var read in batch)
        {
            var operation = executor.Prepare(read, request.State);
            results.Add(operation.Kind == OperationKind.Subscription
                ? ExecutionResult.Failed(new GraphQLError("A subscription cannot be part of a batch.") { Code = ErrorCodes.InvalidRequest })
                : await executor.ExecuteInTurnAsync(operation, read.Variables, request.State, request.Services, cancellationToken));
        }

        return results;
    }

    private static int Status(ExecutionResult result, string type)
    {
        if (result.Cost?.RetryAfterSeconds is not null)
            return 429;
        if (type == MediaTypes.Json || result.HasData || result.Errors.Count == 0)
            return 200;
        return result.Errors.Any(e => e.Code is ErrorCodes.Timeout or ErrorCodes.Internal) ? 500 : 400;
    }

    private async ValueTask<(GraphQLRequest?, IReadOnlyList<GraphQLRequest>?)> ReadBodyAsync(HttpProtocolRequest request, CancellationToken cancellationToken)
    {
        var maximum = executor.Limits.BodyBytes;
        if (request.ContentLength > maximum)
            throw TooLarge(maximum);
        while (true)
        {
            var read = await request.Body.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (buffer.Length > maximum)
            {
                request.Body.AdvanceTo(buffer.End);
                throw TooLarge(maximum);
            }

            if (!read.IsCompleted)
            {
                request.Body.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            try
            {
                return RequestReader.FromBody(buffer, executor);
            }
            finally
            {
                request.Body.AdvanceTo(buffer.End);
            }
        }
    }

    private static GraphQLException TooLarge(int maximum) => new(ErrorCodes.RequestTooLarge, $"The body is larger than the {maximum} bytes allowed.");

    private static bool IsBusy(ExecutionResult result) => result.Errors is [{ Code: ErrorCodes.Overloaded or ErrorCodes.Unavailable }] && !result.HasData;

    private static HttpProtocolResponse Busy(ExecutionResult result, string type) => new(503, Errors(type), result) { RetryAfterSeconds = RetryAfterSeconds };

    // Errors before the stream are plain JSON: no event can carry a status.
    private static string Errors(string type) => type == MediaTypes.EventStream ? MediaTypes.Json : type;

    private static HttpProtocolResponse Refuse(int status, string code, string message, string type, string? allow = null) =>
        new(status, type, ExecutionResult.Failed(new GraphQLError(message) { Code = code })) { Allow = allow };
}
