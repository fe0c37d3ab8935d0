using System.Threading.Tasks.Sources;

namespace CrmGraph.Reporting.Live;

/// <summary>The newest value for one reader; what a newer one has overtaken is lost. A channel of one place, without what thousands of readers need not pay.</summary>
internal sealed class Mailbox<TValue> : IValueTaskSource<bool>, IThreadPoolWorkItem where TValue : class
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _waiting;
    private TValue? _newest;
    private bool _isWaiting, _isClosed;

    public void Put(TValue value)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            _newest = value;
            if (!_isWaiting)
                return;
            _isWaiting = false;
        }

        Wake();
    }

    /// <summary>No value comes any more; the last one can still be taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            if (!_isWaiting)
                return;
            _isWaiting = false;
        }

        Wake();
    }

    // Whoever puts a value goes on to the next reader, and readers are served in their order.
    private void Wake() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => _waiting.SetResult(true);

    public TValue? Take()
    {
        lock (_gate)
        {
            var value = _newest;
            _newest = null;
            return value;
        }
    }

    /// <summary>False when no value will come any more; otherwise there may be one to take, now or as soon as one comes.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_gate)
        {
            if (_newest is not null || _isClosed)
                return new(_newest is not null);
            _waiting.Reset();
            _isWaiting = true;
            return new(this, _waiting.Version);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _waiting.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiting.OnCompleted(continuation, state, token, flags);
}
