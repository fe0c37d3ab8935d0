using System.Buffers;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Transport;

/// <summary>What the protocol needs to know of an HTTP request.</summary>
public sealed class HttpProtocolRequest
{
    /// <summary>Upper case: <c>GET</c>, <c>POST</c>.</summary>
    public required string Method { get; init; }
    public string? Accept { get; init; }
    public string? ContentType { get; init; }
    /// <summary>The <c>Content-Length</c> header, when sent.</summary>
    public long? ContentLength { get; init; }
    /// <summary>The decoded value of a URL parameter; null when it is absent.</summary>
    public required Func<string, string?> QueryParameter { get; init; }
    public required Stream Body { get; init; }
    public required RequestState State { get; init; }
    public required IServiceProvider Services { get; init; }
}

/// <summary>
/// What the host answers: status and headers, then the body, written once by <see cref="WriteTo"/> or, for a stream of events, by
/// <see cref="WriteEventsAsync"/>.
/// </summary>
public sealed class HttpProtocolResponse
{
    private readonly ExecutionResult _result;
    private readonly SseProtocol? _events;

    internal HttpProtocolResponse(int status, string contentType, ExecutionResult result, SseProtocol? events = null)
    {
        StatusCode = status;
        ContentType = contentType + (contentType == MediaTypes.EventStream ? "" : "; charset=utf-8");
        _result = result;
        _events = events;
    }

    public int StatusCode { get; }
    public string ContentType { get; }
    /// <summary>For 405: the methods that would be right.</summary>
    public string? Allow { get; init; }
    public bool IsEventStream => _events is not null;
    public IReadOnlyList<GraphQLError> Errors => _result.Errors;
    /// <summary>What the operation cost and left; null when it was not priced.</summary>
    public CostReport? Cost => _result.Cost;

    public void WriteTo(IBufferWriter<byte> output) => _result.WriteTo(output);

    /// <summary>Writes events until the operation ends or <paramref name="cancellationToken"/> says that the client has gone; both end it without an exception.</summary>
    public Task WriteEventsAsync(Stream output, CancellationToken cancellationToken) =>
        (_events ?? throw new InvalidOperationException("The response is not a stream of events.")).WriteAsync(_result, output, cancellationToken);
}

/// <summary>
/// GraphQL over HTTP (the specification's September 2025 draft): POST with JSON, GET for queries, and Server-Sent Events in the distinct
/// connections mode. With <c>application/json</c> a well-formed request is answered with 200 whatever becomes of it; with
/// <c>application/graphql-response+json</c> request errors are 400.
/// </summary>
public sealed class HttpProtocol(RequestExecutor executor)
{
    /// <summary>Reads, executes and says how to answer. Throws only <see cref="OperationCanceledException"/>.</summary>
    public async Task<HttpProtocolResponse> HandleAsync(HttpProtocolRequest request, CancellationToken cancellationToken)
    {
        if (request.Method is not ("GET" or "POST"))
            return Refuse(405, ErrorCodes.MethodNotAllowed, $"{request.Method} is not a method of GraphQL over HTTP; use POST, or GET for queries.", MediaTypes.Json, "GET, POST");
        if (MediaTypes.Best(request.Accept, MediaTypes.Json, MediaTypes.Response, MediaTypes.EventStream) is not { } type)
        {
            return Refuse(406, ErrorCodes.UnsupportedAccept,
                $"None of the accepted media types can be answered; accept {MediaTypes.Response}, {MediaTypes.Json} or, for subscriptions, {MediaTypes.EventStream}.", MediaTypes.Json);
        }

        if (request.Method == "POST" && !MediaTypes.IsUtf8(request.ContentType, MediaTypes.Json))
            return Refuse(415, ErrorCodes.UnsupportedMediaType, "The body must be application/json in UTF-8; say so in Content-Type.", Errors(type));
        GraphQLRequest read;
        try
        {
            read = request.Method == "GET" ? RequestReader.FromQuery(request.QueryParameter) : RequestReader.FromJson(await ReadBodyAsync(request, cancellationToken).ConfigureAwait(false));
        }
        catch (GraphQLException e)
        {
            return new HttpProtocolResponse(e.Error.Code == ErrorCodes.RequestTooLarge ? 413 : 400, Errors(type), ExecutionResult.Failed(e.Error));
        }

        return await ExecuteAsync(request, read, type, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpProtocolResponse> ExecuteAsync(HttpProtocolRequest request, GraphQLRequest read, string type, CancellationToken cancellationToken)
    {
        var operation = executor.Prepare(read.Query, read.OperationName, request.State);
        if (request.Method == "GET" && operation.Kind == OperationKind.Mutation)
            return Refuse(405, ErrorCodes.MethodNotAllowed, "A mutation cannot be sent by GET; use POST.", Errors(type), "POST");
        if (operation.Kind == OperationKind.Subscription && type != MediaTypes.EventStream)
        {
            // A client that did not say what it accepts, or accepts events too, gets them: a subscription has no other form here.
            if (MediaTypes.Best(request.Accept, MediaTypes.EventStream) is null)
                return Refuse(406, ErrorCodes.UnsupportedAccept, $"A subscription is answered as {MediaTypes.EventStream} or over WebSocket; accept that.", type);
            type = MediaTypes.EventStream;
        }

        var result = await executor.ExecuteAsync(operation, read.Variables, request.State, request.Services, cancellationToken).ConfigureAwait(false);
        if (type == MediaTypes.EventStream)
            return new HttpProtocolResponse(200, type, result, new SseProtocol(executor.TimeProvider, executor.Limits));
        return new HttpProtocolResponse(Status(result, type), type, result);
    }

    private static int Status(ExecutionResult result, string type)
    {
        if (result.Cost?.RetryAfterSeconds is not null)
            return 429;
        if (type == MediaTypes.Json || result.HasData || result.Errors.Count == 0)
            return 200;
        return result.Errors.Any(e => e.Code is ErrorCodes.Timeout or ErrorCodes.Internal) ? 500 : 400;
    }

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpProtocolRequest request, CancellationToken cancellationToken)
    {
        var maximum = executor.Limits.BodyBytes;
        if (request.ContentLength > maximum)
            throw TooLarge(maximum);
        var buffer = new ArrayBufferWriter<byte>((int)Math.Min(request.ContentLength ?? 4096, maximum) + 1);
        while (true)
        {
            var count = await request.Body.ReadAsync(buffer.GetMemory(1), cancellationToken).ConfigureAwait(false);
            if (count == 0)
                return buffer.WrittenMemory;
            buffer.Advance(count);
            if (buffer.WrittenCount > maximum)
                throw TooLarge(maximum);
        }
    }

    private static GraphQLException TooLarge(int maximum) => new(ErrorCodes.RequestTooLarge, $"The body is larger than the {maximum} bytes allowed.");

    // Errors before the stream are plain JSON: no event can carry a status.
    private static string Errors(string type) => type == MediaTypes.EventStream ? MediaTypes.Json : type;

    private static HttpProtocolResponse Refuse(int status, string code, string message, string type, string? allow = null) =>
        new(status, type, ExecutionResult.Failed(new GraphQLError(message) { Code = code })) { Allow = allow };
}
