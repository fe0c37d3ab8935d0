using System.Buffers;
using System.Globalization;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Admission;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Transport;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using CrmGraph.Server.Access;
using CrmGraph.Server.Errors;
using CrmGraph.Server.Hosting;
using HttpProtocol = CrmGraph.GraphQL.Transport.HttpProtocol;

namespace CrmGraph.Server.Endpoints;

/// <summary><c>/graphql</c>: who asks is settled here, what is asked and how it is answered by the engine's protocols.</summary>
public sealed class GraphQLEndpoint(
    RequestExecutor executor, SchemaText schema, Authenticator authenticator, OpenStreams streams, CostPolicies costs, LateRequests late,
    ServerOptions options, IServiceProvider services, IHostApplicationLifetime lifetime)
{
    private const int SentAhead = 512 * 1024;
    private readonly HttpProtocol _http = new(executor);
    private readonly AnswerBuffers _buffers = new();
    private readonly ConditionalWeakTable<Caller, RequestState> _states = [];
    private int _sockets;

    public Task HandleAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
            return ServeSocketAsync(context);
        ValueTask<Caller> caller;
        try
        {
            caller = authenticator.FromRequestAsync(context, context.RequestAborted);
        }
        catch (AccessRefusedException refusal)
        {
            return Authenticator.RefuseAsync(context, refusal);
        }

        return caller.IsCompletedSuccessfully ? AnswerAsync(context, caller.Result) : AnswerAsync(context, caller);
    }

    private async Task AnswerAsync(HttpContext context, ValueTask<Caller> caller)
    {
        Caller known;
        try
        {
            known = await caller;
        }
        catch (AccessRefusedException refusal)
        {
            await Authenticator.RefuseAsync(context, refusal);
            return;
        }

        await AnswerAsync(context, known);
    }

    private Task AnswerAsync(HttpContext context, Caller caller) =>
        HttpMethods.IsGet(context.Request.Method) && context.Request.Query.ContainsKey("sdl")
            ? WriteSchemaAsync(context, caller)
            : ExecuteAsync(context, caller);

    private Task WriteSchemaAsync(HttpContext context, Caller caller) => options.ShowsSchemaTo(caller.Role)
        ? schema.WriteAsync(context)
        : ErrorAnswer.WriteAsync(
            context,
            StatusCodes.Status403Forbidden,
            ErrorCodes.IntrospectionNotAllowed,
            "The schema is not shown to this caller; ask whoever runs this server for it.");

    /// <summary>
    /// What every operation of the caller sees. A caller's instance is kept while his credential is (<see cref="CallerCache"/>), and with it all that follows from
    /// him alone: his limits, his bucket, what he may see. Whoever is told by his address, or asks for a price, has it made anew.
    /// </summary>
    private RequestState StateOf(Caller caller, HttpContext context, CostMode mode = CostMode.Enforce)
    {
        if (mode != CostMode.Enforce || !CostPolicies.IsKnown(caller))
            return MakeState(caller, context, mode);
        if (!_states.TryGetValue(caller, out var state))
            _states.AddOrUpdate(caller, state = MakeState(caller, context, mode));
        return state.Copy();
    }

    private RequestState MakeState(Caller caller, HttpContext context, CostMode mode)
    {
        var state = new RequestState().Set(caller).Set(costs.Of(caller, context, mode)).Set(new TransportCaller(CostPolicies.Key(caller, context)));
        return options.ShowsSchemaTo(caller.Role) ? state : state.Set(new HiddenSchema());
    }

    private async Task ExecuteAsync(HttpContext context, Caller caller)
    {
        var request = context.Request;
        if (CostPolicies.ModeOf(request) is not { } mode)
        {
            await ErrorAnswer.WriteAsync(
                context,
                StatusCodes.Status400BadRequest,
                ErrorCodes.InvalidRequest,
                $"{CostPolicies.Header} is `report` (the cost stands in the answer) or `validate` (nothing is executed).");
            return;
        }

        var table = TableAnswer.FormatOf(request);
        var answer = await _http.HandleAsync(new HttpProtocolRequest
        {
            Method = request.Method,
            Accept = table is null ? request.Headers.Accept : MediaTypeNames.Application.Json,
            ContentType = request.ContentType,
            ContentEncoding = request.Headers.ContentEncoding,
            ContentLength = request.ContentLength,
            QueryParameter = HttpMethods.IsGet(request.Method) ? ParametersOf(request) : NoParameter,
            Body = late.BodyOf(context),
            State = StateOf(caller, context, mode),
            // The server's own: every field that needs services of a scope opens one.
            Services = services,
        }, context.RequestAborted);

        var response = context.Response;
        response.StatusCode = answer.StatusCode;
        response.ContentType = answer.ContentType;
        if (!answer.IsKeepable)
            response.Headers.CacheControl = "no-store";
        if (answer.RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (answer.Allow is not null)
            response.Headers.Allow = answer.Allow;
        CostPolicies.Tell(response, answer.Cost);
        if (answer.IsEventStream)
        {
            await StreamAsync(context, answer, caller);
            return;
        }

        if (table is not null)
        {
            await TableAnswer.WriteAsync(context, answer, table);
            return;
        }

        var buffer = _buffers.Rent();
        try
        {
            answer.WriteTo(buffer);
            if (!answer.IsKeepable || !KeptAnswers.IsKnown(context, buffer, options.Documents.MaxAgeSeconds))
                await SendAsync(response, buffer, context.RequestAborted);
        }
        finally
        {
            _buffers.Return(buffer);
        }
    }

    private static Func<string, string?> ParametersOf(HttpRequest request) => name => request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    private static string? NoParameter(string name) => null;

    private static async ValueTask SendAsync(HttpResponse response, AnswerBuffer buffer, CancellationToken cancellation)
    {
        response.ContentLength = buffer.Length;
        var writer = response.BodyWriter;
        if (buffer.TryGetSingle(out var bytes))
        {
            writer.Write(bytes);
            await writer.FlushAsync(cancellation);
            return;
        }

        // Some way ahead of whoever reads: to wait for each piece would be a turn among all requests each time. Slow readers of more hold this up, not a second copy of it all.
        var unsent = 0;
        foreach (var piece in buffer.Pieces)
        {
            writer.Write(piece.Span);
            if ((unsent += piece.Length) < SentAhead)
                continue;
            await writer.FlushAsync(cancellation);
            unsent = 0;
        }

        if (unsent > 0)
            await writer.FlushAsync(cancellation);
    }

    private async Task StreamAsync(HttpContext context, HttpProtocolResponse answer, Caller caller)
    {
        // Proxies that buffer (nginx) would hold events back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        using var stream = streams.Open(caller);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stream.Ended);
        await answer.WriteEventsAsync(context.Response.Body, either.Token);
        if (stream.Refusal is not { } refusal || context.RequestAborted.IsCancellationRequested)
            return;
        // The status is long sent: the last event says why there are no more.
        await context.Response.WriteAsync("event: next\ndata: ", context.RequestAborted);
        await context.Response.Body.WriteAsync(ErrorAnswer.Body(ErrorCodes.NotAuthenticated, refusal.Message, refusal.ReasonCode), context.RequestAborted);
        await context.Response.WriteAsync("\n\nevent: complete\ndata: \n\n", context.RequestAborted);
    }

    private async Task ServeSocketAsync(HttpContext context)
    {
        if (!context.WebSockets.WebSocketRequestedProtocols.Contains(WebSocketProtocol.SubProtocol))
        {
            await ErrorAnswer.WriteAsync(
                context,
                StatusCodes.Status400BadRequest,
                ErrorCodes.InvalidRequest,
                $"WebSockets speak {WebSocketProtocol.SubProtocol} here: name it in Sec-WebSocket-Protocol.");
            return;
        }

        if (Interlocked.Increment(ref _sockets) > options.WebSocketConnections)
        {
            Interlocked.Decrement(ref _sockets);
            await ErrorAnswer.TryLaterAsync(
                context,
                ErrorCodes.Overloaded,
                $"This server has {options.WebSocketConnections} WebSockets open, as many as it may; try again later.");
            return;
        }

        OpenStream? open = null;
        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(WebSocketProtocol.SubProtocol);
            var protocol = new WebSocketProtocol(executor, async (payload, cancellation) =>
            {
                try
                {
                    var caller = CredentialIn(payload) is { } credential
                        ? await authenticator.FromCredentialAsync(credential, cancellation)
                        : await authenticator.FromRequestAsync(context, cancellation);
                    var stream = open = streams.Open(caller);
                    return ConnectionDecision.Accept(StateOf(caller, context))
                        .EndingWhen(() => stream.Refusal?.Message ?? "The server is stopping.", stream.Ended);
                }
                catch (AccessRefusedException refusal)
                {
                    return ConnectionDecision.Refuse(refusal.Message);
                }
                catch (Exception e) when (CrmErrors.Explain(e) is { } away)
                {
                    return ConnectionDecision.TryLater(away.Message);
                }
            });
            await protocol.RunAsync(new WebSocketChannel(socket, executor.Limits.BodyBytes), services, lifetime.ApplicationStopping);
        }
        finally
        {
            open?.Dispose();
            Interlocked.Decrement(ref _sockets);
        }
    }

    /// <summary>The key or token in <c>connection_init</c>, under the names that clients use; in <c>headers</c> too. Null when there is none.</summary>
    private static string? CredentialIn(JsonElement payload)
    {
        if (payload.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var member in payload.EnumerateObject())
        {
            if (member.NameEquals("headers") && CredentialIn(member.Value) is { } inside)
                return inside;
            if (member.Name.Equals("authorization", StringComparison.OrdinalIgnoreCase) || member.Name.Equals("apiKey", StringComparison.OrdinalIgnoreCase))
                return member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : "";
        }

        return null;
    }
}
