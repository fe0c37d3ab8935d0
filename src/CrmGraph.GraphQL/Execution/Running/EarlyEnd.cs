namespace CrmGraph.GraphQL.Execution.Running;

/// <summary>
/// The end of an operation or request before its time: its time limit, or its client is gone. What it calls is cancelled on a thread of its own, because that may
/// wait: a driver sends its cancellation over a new connection, up to 15 s when the host is gone. On the threads that serve requests this would hold up
/// everybody. There are no more such threads than operations and requests run at once.
/// </summary>
public sealed class EarlyEnd : IDisposable
{
    // Never disposed of: it may still be cancelling then, and without a timer or a parent of its own it holds nothing.
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _gone;
    private readonly CancellationTokenRegistration _alsoGone;
    private readonly ITimer? _limit;
    private int _begun;

    public EarlyEnd(CancellationToken gone, CancellationToken alsoGone = default)
    {
        _gone = gone.UnsafeRegister(static end => ((EarlyEnd)end!).Begin(), this);
        _alsoGone = alsoGone.UnsafeRegister(static end => ((EarlyEnd)end!).Begin(), this);
    }

    public EarlyEnd(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) : this(cancellationToken) =>
        _limit = time.CreateTimer(static end => ((EarlyEnd)end!).Begin(), this, limit, Timeout.InfiniteTimeSpan);

    public CancellationToken Token => _source.Token;

    /// <summary>From here on nothing is cancelled any more that was not before.</summary>
    public void Dispose()
    {
        _gone.Dispose();
        _alsoGone.Dispose();
        _limit?.Dispose();
        Interlocked.Exchange(ref _begun, 1);
    }

    private void Begin()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
            new Thread(_source.Cancel) { IsBackground = true, Name = "cancel" }.UnsafeStart();
    }
}
