using System.Text.Json;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Transport;

/// <summary>The host's answer to <c>connection_init</c>.</summary>
public sealed class ConnectionDecision
{
    private ConnectionDecision() { }

    internal RequestState? State { get; private init; }
    internal string Reason { get; private init; } = "Forbidden";
    internal int CloseCode { get; private init; } = CloseCodes.Forbidden;
    internal CancellationToken EndWhen { get; private init; }
    internal Func<string> EndReason { get; private init; } = static () => "Forbidden";

    /// <param name="state">What every operation of the connection sees; each gets a copy.</param>
    public static ConnectionDecision Accept(RequestState state) => new() { State = state };

    /// <summary>The same decision until the token is cancelled; then the connection is closed with 4403: a key was revoked or has expired.</summary>
    /// <param name="reason">Says why; asked when that happens.</param>
    public ConnectionDecision EndingWhen(Func<string> reason, CancellationToken cancellationToken)
        => new() { State = State, Reason = Reason, EndWhen = cancellationToken, EndReason = reason };

    /// <summary>Closes with 4403 and this reason.</summary>
    public static ConnectionDecision Refuse(string reason = "Forbidden") => new() { Reason = reason };

    /// <summary>Closes with 1013 (RFC 6455's registry: try again later) and this reason; clients then connect anew by themselves.</summary>
    public static ConnectionDecision TryLater(string reason) => new() { Reason = reason, CloseCode = CloseCodes.TryLater };
}

/// <summary>Decides about a connection from the payload of <c>connection_init</c> (undefined when there was none).</summary>
public delegate ValueTask<ConnectionDecision> ConnectionInit(JsonElement payload, CancellationToken cancellationToken);

/// <summary>The protocol <c>graphql-transport-ws</c> of graphql-ws, for any number of connections.</summary>
public sealed class WebSocketProtocol(RequestExecutor executor, ConnectionInit init)
{
    public const string SubProtocol = "graphql-transport-ws";

    /// <summary>
    /// Serves one connection until it ends, whoever ends it; then all of its operations have ended too. <paramref name="cancellationToken"/> closes it with
    /// 1001. Throws nothing of its own.
    /// </summary>
    public async Task RunAsync(MessageChannel channel, IServiceProvider services, CancellationToken cancellationToken)
    {
        var session = new WebSocketSession(executor, init, channel, services);
        await using (session)
            await session.RunAsync(cancellationToken);
    }
}

/// <summary>The close codes of graphql-transport-ws, and those of RFC 6455 that are used.</summary>
internal static class CloseCodes
{
    public const int GoingAway = 1001;
    public const int MessageTooBig = 1009;
    public const int TryLater = 1013;
    public const int InternalError = 4500;
    public const int BadRequest = 4400;
    public const int Unauthorized = 4401;
    public const int Forbidden = 4403;
    public const int InitialisationTimeout = 4408;
    public const int SubscriberExists = 4409;
    public const int TooManyInitialisations = 4429;
    public const int Terminated = 4499;
}
