using CrmGraph.Data.Database;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>Counts what no rollup answered, by the attributes that were asked for: what advice on new rollups goes by.</summary>
public sealed class RollupAsks
{
    private readonly long[] _asked = new long[(int)SalesRollup.AllAttributes + 1];

    internal void Note(SalesAttributes needed) => Interlocked.Increment(ref _asked[(int)needed]);

    /// <summary>Adds what was counted since the last time to the table. What cannot be written is kept for the next time.</summary>
    public async Task KeepAsync(DatabaseEngine engine, DateTime now, CancellationToken cancellationToken)
    {
        for (var attributes = 0; attributes < _asked.Length; attributes++)
        {
            var asked = Interlocked.Exchange(ref _asked[attributes], 0);
            if (asked == 0)
                continue;
            try
            {
                await AddAsync(engine, attributes, asked, now, cancellationToken);
            }
            catch
            {
                Interlocked.Add(ref _asked[attributes], asked);
                throw;
            }
        }
    }

    private static async Task AddAsync(DatabaseEngine engine, int attributes, long asked, DateTime now, CancellationToken cancellationToken)
    {
        await using var db = engine.CreateContext();
        var known = await db.RollupAsks.Where(a => a.Attributes == attributes)
            .ExecuteUpdateAsync(s => s.SetProperty(a => a.Asked, a => a.Asked + asked).SetProperty(a => a.LastAskedAt, now), cancellationToken);
        if (known > 0)
            return;
        db.RollupAsks.Add(new() { Attributes = attributes, Asked = asked, LastAskedAt = now });
        await db.SaveChangesAsync(cancellationToken);
    }
}
