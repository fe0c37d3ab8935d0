using System.Threading.Channels;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Records;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>
/// The queues of batches between an import's reader and its writers, one writer for each. All rows of one fact and all facts of one customer take one
/// lane, in the order of the file, so that batches of two lanes neither need nor hinder each other: what they leave is what one after the other leaves.
/// </summary>
internal sealed class Lanes
{
    private readonly Channel<FilledBatch>[] _queues;
    private readonly ImportMap _map;
    // By the hash of a fact's key: two that collide take one lane, which is as good.
    private readonly Dictionary<ulong, byte> _laneOf = [];
    private int _isOpen;

    /// <param name="writers">How many batches the database can take at once.</param>
    public Lanes(ImportMap map, int writers, ImportLimits limits)
    {
        _map = map;
        _queues = [.. Enumerable.Range(0, CanBeSplit(map) ? Math.Max(1, writers) : 1).Select(_ => Channel.CreateBounded<FilledBatch>(
            new BoundedChannelOptions(limits.WaitingBatches) { SingleReader = true, SingleWriter = true }))];
    }

    public int Count => _queues.Length;

    /// <summary>
    /// False until a batch was written: rows take the first lane until then. The first money of a database decides its currency, and that is the file's first.
    /// </summary>
    public bool AreOpen => Volatile.Read(ref _isOpen) != 0;

    public ChannelWriter<FilledBatch> To(int lane) => _queues[lane].Writer;

    public ChannelReader<FilledBatch> From(int lane) => _queues[lane].Reader;

    public void Open() => Volatile.Write(ref _isOpen, 1);

    public void Complete()
    {
        foreach (var queue in _queues)
            queue.Writer.Complete();
    }

    /// <summary>The lane that a row takes. Asked by the reader alone, for the rows of all files in their order.</summary>
    public int Of(IReadOnlyList<(int Place, RecordValues Values)> records)
    {
        if (Count == 1 || records is not [var (_, values)] || values.KeyText is not { } key)
            return 0;
        var hash = TextHash.Of(key);
        if (_laneOf.TryGetValue(hash, out var known))
            return known;
        var customer = values.Reference(_map.Records[0].Schema.Customer!);
        var lane = AreOpen && !customer.IsNone ? (int)(TextHash.Of(customer.Key.Key) % (ulong)Count) : 0;
        _laneOf.Add(hash, (byte)lane);
        return lane;
    }

    /// <summary>
    /// Rows must make nothing but one kind of fact that has an id in the source: other rows are shared by those behind them, and ids of contents
    /// count the equal rows of the whole file. Lines with ids of their own can belong to an order of another customer.
    /// </summary>
    private static bool CanBeSplit(ImportMap map) => map.Records is [{ HasKey: true, OtherKeys.Count: 0 } plan]
        && plan.Schema is { IsFact: true, Customer: { } customer } && plan.Has(customer) && plan.Part is not { HasKey: true };
}
