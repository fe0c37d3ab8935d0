using System.Threading.Tasks.Sources;

namespace CrmGraph.Reporting.Live;

/// <summary>The newest value for one reader; what a newer one has overtaken is lost. A channel of one place, without what thousands of readers need not pay.</summary>
internal sealed class Mailbox<TValue> : IValueTaskSource<bool> where TValue : class
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _waiting;
    private TValue? _newest;
    private bool _isWaiting, _isClosed;

    /// <returns>Whether the reader waits, and is to be woken.</returns>
    public bool Put(TValue value)
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _newest = value;
            var isWaiting = _isWaiting;
            _isWaiting = false;
            return isWaiting;
        }
    }

    /// <summary>Has the reader go on, on this thread.</summary>
    public void Wake() => _waiting.SetResult(true);

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

        ThreadPool.UnsafeQueueUserWorkItem(static m => m.Wake(), this, preferLocal: false);
    }

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
