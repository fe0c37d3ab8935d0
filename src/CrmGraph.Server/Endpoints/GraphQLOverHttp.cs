using System.Buffers;
using System.Globalization;
using System.Net.Mime;
using CrmGraph.Dashboard;
using CrmGraph.Data.Database;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Transport;
using CrmGraph.Reporting.Access;
using CrmGraph.Server.Access;
using CrmGraph.Server.Errors;
using CrmGraph.Server.Hosting;
using HttpProtocol = CrmGraph.GraphQL.Transport.HttpProtocol;

namespace CrmGraph.Server.Endpoints;

/// <summary>Operations in HTTP requests: what the engine's protocol answers is sent, as one body or as events.</summary>
public sealed class GraphQLOverHttp(
    RequestExecutor executor,
    CallerStates states,
    OpenStreams streams,
    LateRequests late,
    ServerOptions options,
    DatabaseEngine engine,
    IServiceProvider services)
{
    private const int SentAhead = 512 * 1024;
    private readonly HttpProtocol _http = new(executor);
    private readonly AnswerBuffers _buffers = new();

    public async Task ExecuteAsync(HttpContext context, Caller caller)
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

        if (StatementExplanation.Refusal(request, caller) is { } refusal)
        {
            await ErrorAnswer.WriteAsync(context, refusal.Status, refusal.Code, refusal.Message);
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
            State = StatementExplanation.With(states.Of(caller, context, mode), request, engine),
            // The server's own: every field that needs services of a scope opens one.
            Services = services,
        }, context.RequestAborted);

        var response = context.Response;
        response.StatusCode = answer.StatusCode;
        response.ContentType = answer.ContentType;
        var isKeepable = answer.IsKeepable && !request.Headers.ContainsKey(StatementExplanation.Header);
        if (!isKeepable)
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
            if (!isKeepable || !KeptAnswers.IsKnown(context, buffer, options.Documents.MaxAgeSeconds))
                await SendAsync(response, buffer, context.RequestAborted);
        }
        finally
        {
            _buffers.Return(buffer);
        }
    }

    private static Func<string, string?> ParametersOf(HttpRequest request) => name => request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    private static string? NoParameter(string name) => null;

    private static async ValueTask SendAsync(HttpResponse response, AnswerBuffer buffer, CancellationToken cancellationToken)
    {
        response.ContentLength = buffer.Length;
        var writer = response.BodyWriter;
        if (buffer.TryGetSingle(out var bytes))
        {
            writer.Write(bytes);
            await writer.FlushAsync(cancellationToken);
            return;
        }

        // Some way ahead of whoever reads: to wait for each piece would be a turn among all requests each time. Slow readers of more hold this up, not a second copy of it all.
        var unsent = 0;
        foreach (var piece in buffer.Pieces)
        {
            writer.Write(piece.Span);
            if ((unsent += piece.Length) < SentAhead)
                continue;
            await writer.FlushAsync(cancellationToken);
            unsent = 0;
        }

        if (unsent > 0)
            await writer.FlushAsync(cancellationToken);
    }

    private async Task StreamAsync(HttpContext context, HttpProtocolResponse answer, Caller caller)
    {
        // Proxies that buffer (nginx) would hold events back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        using var stream = streams.Open(caller, SignIn.SessionOf(context.Request));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stream.Ended);
        await answer.WriteEventsAsync(context.Response.Body, either.Token);
        if (stream.Refusal is not { } refusal || context.RequestAborted.IsCancellationRequested)
            return;
        // The status is long sent: the last event says why there are no more.
        await context.Response.WriteAsync("event: next\ndata: ", context.RequestAborted);
        await context.Response.Body.WriteAsync(
            ErrorAnswer.Body(ErrorCodes.NotAuthenticated, refusal.Message, refusal.ReasonCode, Language.Of(context.Request.Headers.AcceptLanguage)),
            context.RequestAborted);
        await context.Response.WriteAsync("\n\nevent: complete\ndata: \n\n", context.RequestAborted);
    }
}
