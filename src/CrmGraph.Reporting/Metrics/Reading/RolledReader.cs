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
        var stamps = await new StampReader(session, rollups, cancellationToken).ReadAsync(orders);
        if (stamps.Within(orders.Days) is not { } range)
            return [];
        TotalRates? rates = key.HasRates ? new(await session.RatesStampAsync(cancellationToken), reporting) : null;
        try
        {
            var (times, known) = (key.Times(range, orders.Marked), stamps.From(range.From, range.Days));
            if (key.HasRates && key.Target != reporting)
                return await ByDayAsync(orders, measures, key, reporting, conditions, kept, stamps);
            if (kept.Totals is not { } totals || !Holds(totals))
            {
                if (await DaysAsync(orders, kept, stamps) is null)
                    return null;
                totals = await TotalsAsync(kept, rates, Holds);
            }

            if (session.IsGathering)
                return [];
            var cells = kept.Cells.List;
            var rows = Holds(totals)
                ? new TotalledSums(key, measures, totals).Rows(Groups(orders, kept.Cells, key, conditions), c => cells[c].IsKnown, times)
                : null;
            return rows ?? await ByDayAsync(orders, measures, key, reporting, conditions, kept, stamps);

            bool Holds(RolledTotals made) => (rates is null || made.Rates == rates) && times.TrueForAll(t => made.Holds(
                t.Days.From.DayNumber, known.AsSpan(t.Days.From.DayNumber - range.From.DayNumber, t.Days.Days)));
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private async Task<RolledTotals> TotalsAsync(RolledDays kept, TotalRates? rates, Func<RolledTotals, bool> holds)
    {
        if (rates is null)
            return kept.TotalsOf(holds, null, (_, _) => null);
        var foreign = kept.Cells.List.Take(kept.Cells.Count).Select(c => c.Currency).Where(c => c != rates.Reporting).Distinct().ToList();
        var known = await ExchangeRates.OfAsync(session, rates.Reporting, rates.Reporting, foreign, cancellationToken);
        return kept.TotalsOf(holds, rates, (currency, day) => known.RateOn(currency, day)?.Times);
    }

    /// <summary>Which cells count, which is found out once for the same conditions.</summary>
    private CellGroups Groups(RolledOrders orders, SalesCells cells, RolledKey key, IReadOnlyList<LambdaExpression> conditions) =>
        CellGroupsOf(session, rollups.Sets, ("sums", orders.Rollup), cells, key, conditions);

    /// <param name="of">Whose cells they are.</param>
    public static CellGroups CellGroupsOf(
        MetricSession session, RollupSets sets, (string, int) of, SalesCells cells, RolledKey key, IReadOnlyList<LambdaExpression> conditions)
    {
        if (session.IdentityOf(conditions) is not { } identity)
            return CellGroups.Of(key, cells, conditions);
        var asked = (of, key.Attributes, identity);
        if (sets.Find<CellGroups>(asked) is { } known && known.Cells == cells.Count)
            return known;
        var groups = CellGroups.Of(key, cells, conditions);
        return sets.Keep(asked, groups, groups.Bytes);
    }

    private async Task<IReadOnlyList<FactRow>?> ByDayAsync(
        RolledOrders orders, IReadOnlyList<Measure> measures, RolledKey key, string reporting, IReadOnlyList<LambdaExpression> conditions, RolledDays kept,
        DayStamps stamps)
    {
        if (await DaysAsync(orders, kept, stamps) is not { } days)
            return null;
        if (session.IsGathering)
            return [];
        var sums = new RolledSums(key, measures, days, kept.Cells.List, Groups(orders, kept.Cells, key, conditions));
        var rates = await ExchangeRates.OfAsync(session, reporting, key.Target, sums.Foreign, cancellationToken);
        return sums.Rows((currency, day) => rates.RateOn(currency, day));
    }

    /// <summary>The days that have orders, without the marked ones; null when they are too many to be kept.</summary>
    private async Task<IReadOnlyList<RolledDay>?> DaysAsync(RolledOrders orders, RolledDays kept, DayStamps stamps)
    {
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
}
