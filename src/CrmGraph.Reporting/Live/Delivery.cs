namespace CrmGraph.Reporting.Live;

/// <summary>
/// Wakes the readers of a value in their order, some at a time. A work item for each would make everything else wait behind thousands: the next
/// computation, too, with each of its statements.
/// </summary>
internal sealed class Delivery<TValue> : IThreadPoolWorkItem where TValue : class
{
    private const int AtATime = 16;
    private readonly List<Mailbox<TValue>> _readers;
    private int _next;

    private Delivery(List<Mailbox<TValue>> readers) => _readers = readers;

    public static void Start(List<Mailbox<TValue>> readers)
    {
        var delivery = new Delivery<TValue>(readers);
        for (var i = 0; i < Environment.ProcessorCount && i * AtATime < readers.Count; i++)
            delivery.GoOn();
    }

    private void GoOn() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute()
    {
        for (var i = 0; i < AtATime; i++)
        {
            var at = Interlocked.Increment(ref _next) - 1;
            if (at >= _readers.Count)
                return;
            _readers[at].Wake();
        }

        GoOn();
    }
}
