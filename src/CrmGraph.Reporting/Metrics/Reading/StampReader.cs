using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>The stamps of all days that have orders, which are read once until a day is rolled up again.</summary>
internal sealed class StampReader(MetricSession session, RollupState rollups, CancellationToken cancellationToken)
{
    public async ValueTask<DayStamps> ReadAsync(RolledOrders orders)
    {
        if (rollups.Sets.Find<DayStamps>(rollups.Stamp) is { } known)
            return known;
        var read = new FactResult<SalesRow>(CustomerSets.StampColumns);
        await session.ReadIntoAsync(orders.Stamps, read, cancellationToken);
        var stamps = new DayStamps(read.Rows.Cast<SalesRow>().Select(r => (r.SetDay, r.Stamp)));
        return rollups.Sets.Keep(rollups.Stamp, stamps, stamps.Bytes);
    }
}
