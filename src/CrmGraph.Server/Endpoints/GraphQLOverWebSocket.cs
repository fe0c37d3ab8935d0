using System.Text.Json;
using CrmGraph.Dashboard;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Transport;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using CrmGraph.Server.Access;
using CrmGraph.Server.Errors;

namespace CrmGraph.Server.Endpoints;

/// <summary>WebSockets: accepted while there is room, spoken by the engine's protocol; who asks is told by the key or token in it.</summary>
public sealed class GraphQLOverWebSocket(
    RequestExecutor executor, Authenticator authenticator, CallerStates states, OpenStreams streams, ServerOptions options, IServiceProvider services,
    IHostApplicationLifetime lifetime)
{
    private int _open;

    public async Task ServeAsync(HttpContext context)
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

        if (Interlocked.Increment(ref _open) > options.WebSocketConnections)
        {
            Interlocked.Decrement(ref _open);
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
            var protocol = new WebSocketProtocol(executor, async (payload, cancellationToken) =>
            {
                try
                {
                    var caller = TextIn(payload, "authorization", "apiKey") is { } credential
                        ? await authenticator.FromCredentialAsync(credential, cancellationToken)
                        : await authenticator.FromRequestAsync(context, cancellationToken);
                    var stream = open = streams.Open(caller, SignIn.SessionOf(context.Request));
                    // Scripts in a browser cannot set a header of the upgrade.
                    var language = Language.Of(TextIn(payload, "acceptLanguage", "accept-language") ?? context.Request.Headers.AcceptLanguage);
                    return ConnectionDecision.Accept(states.Of(caller, context, language))
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
            await protocol.RunAsync(new WebSocketChannel(socket, executor.Limits.BodyBytes, context.Abort), services, lifetime.ApplicationStopping);
        }
        finally
        {
            open?.Dispose();
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>What stands in <c>connection_init</c> under the names that clients use, whatever their case; in <c>headers</c> too. Null when there is none.</summary>
    private static string? TextIn(JsonElement payload, params ReadOnlySpan<string> names)
    {
        if (payload.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var member in payload.EnumerateObject())
        {
            if (member.NameEquals("headers") && TextIn(member.Value, names) is { } inside)
                return inside;
            if (names.Contains(member.Name, StringComparer.OrdinalIgnoreCase))
                return member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : "";
        }

        return null;
    }
}
