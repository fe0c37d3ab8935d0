using System.Collections.Concurrent;
using CrmGraph.Reporting.Access;

namespace CrmGraph.Server.Access;

/// <summary>A stream or connection that outlives its request's own check. Dispose it when it ends.</summary>
public sealed class OpenStream : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Action<OpenStream> _closed;

    internal OpenStream(Caller caller, string? session, Action<OpenStream> closed) => (Caller, Session, _closed) = (caller, session, closed);

    public Caller Caller { get; }

    /// <summary>The sign-in of the browser that opened it, if it was one.</summary>
    public string? Session { get; }

    /// <summary>Why the caller may not go on; null while he may, and when it is the server that stops.</summary>
    public AccessRefusedException? Refusal { get; private set; }

    /// <summary>Cancelled when the caller may not go on, or the server stops.</summary>
    public CancellationToken Ended => _ended.Token;

    internal void End(AccessRefusedException? refusal)
    {
        Refusal = refusal;
        _ended.Cancel();
    }

    public void Dispose()
    {
        _closed(this);
        // The source is not disposed: the watch may be cancelling it at this moment, and without a timer it holds nothing.
    }
}

/// <summary>The streams and WebSocket connections that are open on this server.</summary>
public sealed class OpenStreams
{
    private readonly ConcurrentDictionary<OpenStream, byte> _open = new();

    public int Count => _open.Count;

    public OpenStream Open(Caller caller, string? session)
    {
        var stream = new OpenStream(caller, session, s => _open.TryRemove(s, out _));
        _open.TryAdd(stream, 0);
        return stream;
    }

    /// <summary>Ends all of them, because the server stops.</summary>
    public void EndAll()
    {
        foreach (var stream in Snapshot())
            stream.End(null);
    }

    /// <summary>Ends those that a browser opened which now signs out.</summary>
    public void EndSession(string session)
    {
        foreach (var stream in Snapshot().Where(s => s.Session == session))
            stream.End(new(RefusalReason.SignedOut, "Whoever was signed in here has signed out."));
    }

    internal IReadOnlyCollection<OpenStream> Snapshot() => [.. _open.Keys];
}

/// <summary>Ends the streams of callers whose key was revoked or expired, or whose rights changed. Looks every 2 seconds, which keeps the promise of 5.</summary>
public sealed class RightsWatch(OpenStreams streams, Callers callers, TimeProvider time, ILogger<RightsWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryLookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops, or never came up: of the second the host knows nothing and would take this for a failure.
        }
    }

    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The database is away: no stream gets new data from it either. The next look decides.
            log.LogWarning("The rights of {Count} open streams could not be checked: {Reason}", streams.Count, e.Message);
        }
    }

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var open = streams.Snapshot().Where(s => s.Caller.ApiKeyId is not null || s.Caller.ExpiresAt is not null || s.Caller.TeamMemberId is not null).ToList();
        var refused = await callers.RecheckAsync([.. open.Select(s => s.Caller).Distinct(ReferenceEqualityComparer.Instance).Cast<Caller>()],
            cancellationToken);
        foreach (var stream in open)
            if (refused.TryGetValue(stream.Caller, out var refusal))
                stream.End(refusal);
    }
}
