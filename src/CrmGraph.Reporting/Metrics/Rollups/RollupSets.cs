using CrmGraph.Data.Model;
using Microsoft.Extensions.Caching.Memory;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>The customers of one row of a rollup, in ascending order of their numbers.</summary>
/// <param name="Buyers">Those with a sale.</param>
/// <param name="Others">Those with returns alone.</param>
internal sealed record RolledCustomers(int[] Buyers, int[] Others);

/// <summary>
/// Sets of customers that were read before, by the stamp of their row: a row that is written anew gets another stamp, so that what is kept is right in
/// whichever state of the data a stamp was read. Those that were not used for longest make room.
/// </summary>
public sealed class RollupSets(int megabytes) : IDisposable
{
    /// <summary>What an entry takes beside its numbers.</summary>
    private const int EntryBytes = 300;

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = (long)megabytes << 20 });

    internal RolledCustomers? Find(long stamp) => _kept.Get<RolledCustomers>(stamp);

    internal RolledCustomers Keep(long stamp, byte[] buyers, byte[] others)
    {
        var customers = new RolledCustomers(NumberSet.Decode(buyers), NumberSet.Decode(others));
        var size = EntryBytes + (sizeof(int) * (customers.Buyers.Length + customers.Others.Length));
        return _kept.Set(stamp, customers, new MemoryCacheEntryOptions { Size = size });
    }

    public void Dispose() => _kept.Dispose();
}
