namespace CrmGraph.GraphQL.Execution;

/// <summary>
/// The end of an operation before its time: its time limit, or its client is gone. Resolvers are cancelled on a thread of its own, because what they call may
/// make it wait: a driver sends its cancellation over a new connection, up to 15 s when the host is gone. On the threads that serve requests this would hold up
/// everybody. There are no more such threads than operations run at once.
/// </summary>
internal sealed class OperationEnd : IDisposable
{
    // Never disposed of: it may still be cancelling then, and without a timer or a parent of its own it holds nothing.
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _gone;
    private readonly ITimer _limit;
    private int _begun;

    public OperationEnd(TimeSpan limit, TimeProvider time, CancellationToken gone)
    {
        _limit = time.CreateTimer(static end => ((OperationEnd)end!).Begin(), this, limit, Timeout.InfiniteTimeSpan);
        _gone = gone.UnsafeRegister(static end => ((OperationEnd)end!).Begin(), this);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>From here on nothing is cancelled any more that was not before.</summary>
    public void Dispose()
    {
        _gone.Dispose();
        _limit.Dispose();
        Interlocked.Exchange(ref _begun, 1);
    }

    private void Begin()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
            new Thread(_source.Cancel) { IsBackground = true, Name = "cancel operation" }.UnsafeStart();
    }
}
