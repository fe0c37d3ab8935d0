using System.Collections.Concurrent;
using CrmGraph.Data.Model;
using Microsoft.Extensions.Caching.Memory;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>The customers of one row of a rollup, in ascending order of their numbers.</summary>
/// <param name="Buyers">Those with a sale.</param>
/// <param name="Others">Those with returns alone.</param>
internal sealed record RolledCustomers(int[] Buyers, int[] Others);

/// <summary>
/// What was read before of rollups, by the stamp of its row: a row that is written anew gets another stamp, so that what is kept is right in whichever
/// state of the data a stamp was read. Chosen customers are kept by what chose them. What was not used for longest makes room.
/// </summary>
public sealed class RollupSets(int megabytes) : IDisposable
{
    /// <summary>What an entry takes beside its numbers.</summary>
    private const int EntryBytes = 300;

    /// <summary>Slices that days share.</summary>
    private const int MostSlices = 100_000;

    private readonly ConcurrentDictionary<OrderSlice, OrderSlice> _slices = [];
    private readonly ConcurrentDictionary<int, RolledDays> _sums = [];
    private readonly BuyersMemory _buyers = new(((long)megabytes << 20) / 2);
    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = (long)megabytes << 20 });

    /// <summary>The daily sums of a rollup. Each takes an eighth of the megabytes beside the rest at most: the others are read by SQL.</summary>
    internal RolledDays SumsOf(int rollup) => _sums.GetOrAdd(rollup, _ => new(((long)megabytes << 20) / 8));

    /// <summary>The customers of a rollup by day. All of them take half of the megabytes beside the rest at most: others are counted from sets that are read again.</summary>
    internal RolledBuyers BuyersOf(int rollup) => _buyers.Of(rollup);

    internal T? Find<T>(object key) where T : class => _kept.Get<T>((typeof(T), key));

    internal RolledCustomers KeepCustomers(long stamp, byte[] buyers, byte[] others)
    {
        var customers = new RolledCustomers(NumberSet.Decode(buyers), NumberSet.Decode(others));
        return Keep(stamp, customers, sizeof(int) * (customers.Buyers.Length + customers.Others.Length));
    }

    internal OrderColumns KeepOrders(long stamp, byte[] columns)
    {
        var orders = OrderColumns.Decode(columns, Shared);
        return Keep(stamp, orders, orders.Bytes);
    }

    private OrderSlice Shared(OrderSlice slice)
    {
        if (_slices.Count > MostSlices)
            _slices.Clear();
        return _slices.GetOrAdd(slice, slice);
    }

    internal T Keep<T>(object key, T value, int bytes) where T : class =>
        _kept.Set((typeof(T), key), value, new MemoryCacheEntryOptions { Size = EntryBytes + bytes });

    public void Dispose() => _kept.Dispose();
}
