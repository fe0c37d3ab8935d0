using System.Linq.Expressions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>Adds up daily sums of a rollup in memory: days are read when they were not before, or were rolled up again since.</summary>
internal sealed class RolledReader(MetricSession session, RollupState rollups, CancellationToken cancellationToken)
{
    /// <summary>One row per value of the key; null when memory does not tell it after all.</summary>
    /// <param name="reporting">The reporting currency.</param>
    /// <param name="reads">What the rows come from.</param>
    public async Task<IReadOnlyList<FactRow>?> ReadAsync(
        RolledOrders orders, IReadOnlyList<Measure> sums, RolledKey key, string reporting, MetricReads reads) =>
        orders.ValueConditions is { } conditions
            ? await session.OnceAsync(
                (orders.Days, Marked: string.Join(' ', orders.Marked.Select(d => d.DayNumber)), Asked(orders, sums, key, reporting)), reads,
                () => AddAsync(orders, sums, key, reporting, conditions))
            : null;

    /// <summary>Equal where the same is asked, of whichever days.</summary>
    public object Asked(RolledOrders orders, IReadOnlyList<Measure> sums, RolledKey key, string reporting) => (
        orders.Rollup, rollups.Added, string.Join(' ', key.Columns.Order(StringComparer.Ordinal)), string.Join(' ', sums), key.Buckets, key.Target, reporting,
        session.IdentityOf(orders.ValueConditions!) ?? new object());

    private async Task<IReadOnlyList<FactRow>?> AddAsync(
        RolledOrders orders, IReadOnlyList<Measure> measures, RolledKey key, string reporting, IReadOnlyList<LambdaExpression> conditions)
    {
        var kept = rollups.Sets.SumsOf(orders.Rollup);
        if (await DaysAsync(orders, kept) is not { } days)
            return null;
        if (session.IsGathering)
            return [];
        var sums = new RolledSums(key, measures, days, kept.Cells, conditions);
        var rates = await ExchangeRates.OfAsync(session, reporting, key.Target, sums.Foreign, cancellationToken);
        try
        {
            return sums.Rows((currency, day) => rates.RateOn(currency, day));
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>The days that have orders, without the marked ones; null when they are too many to be kept.</summary>
    private async Task<IReadOnlyList<RolledDay>?> DaysAsync(RolledOrders orders, RolledDays kept)
    {
        var stamps = rollups.Sets.Find<DayStamps>(rollups.Stamp) ?? await StampsAsync(orders);
        var (days, missing) = (new List<RolledDay>(), new List<(DateOnly Day, long Stamp)>());
        foreach (var (day, stamp) in stamps.In(orders.Days.From, orders.Days.Until))
        {
            if (orders.Marked.Contains(day))
                continue;
            if (kept.Find(day, stamp) is { } known)
                days.Add(known);
            else
                missing.Add((day, stamp));
        }

        if (missing.Count == 0)
            return days;
        if (kept.IsFull)
            return null;
        var read = new RolledResult(kept);
        await session.ReadIntoAsync(() => orders.Stored(new(missing[0].Day, missing[^1].Day.AddDays(1))), read, cancellationToken);
        var found = read.Days();
        foreach (var day in found.Values)
            kept.Keep(day);
        // Days that were rolled up again since the stamps were read are told by SQL.
        if (!missing.TrueForAll(m => found.TryGetValue(m.Day, out var day) && day.Stamp == m.Stamp))
            return null;
        return [.. days, .. missing.Select(m => found[m.Day])];
    }

    private async Task<DayStamps> StampsAsync(RolledOrders orders)
    {
        var read = new FactResult<SalesRow>(CustomerSets.StampColumns);
        await session.ReadIntoAsync(orders.Stamps, read, cancellationToken);
        var stamps = new DayStamps(read.Rows.Cast<SalesRow>().Select(r => (r.SetDay, r.Stamp)));
        return rollups.Sets.Keep(rollups.Stamp, stamps, stamps.Bytes);
    }
}
