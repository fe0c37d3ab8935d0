using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>Counts the distinct customers of a rollup's days by when each of them was there before: see <see cref="BuyerRepeats"/>.</summary>
internal sealed class BuyersReader(MetricSession session, RollupState rollups, CancellationToken cancellationToken)
{
    /// <summary>Days that are read by one statement.</summary>
    private const int DaysAtOnce = 64;

    /// <summary>One row per value of the key, with <see cref="SalesRow.Buyers"/> and <see cref="FactRow.People"/>; null when memory does not tell it.</summary>
    /// <param name="reads">What the rows come from; null when they may not outlive this state.</param>
    public async Task<IReadOnlyList<FactRow>?> ReadAsync(RolledOrders orders, RolledKey key, MetricReads? reads)
    {
        // Days of one weekday are no period.
        if (key.Columns.Contains(nameof(FactRow.Weekday)) || key.Columns.Contains(nameof(FactRow.MonthOfYear)) || orders.ValueConditions is not { } conditions)
            return null;
        if (session.Memory is null)
            return await CountAsync();
        var asked = ("buyers", orders.Rollup, rollups.Added, orders.Days, string.Join(' ', key.Columns.Order(StringComparer.Ordinal)), key.Buckets,
            session.IdentityOf(conditions) ?? new object());
        return await session.OnceAsync(asked, reads, CountAsync);

        async Task<IReadOnlyList<FactRow>?> CountAsync()
        {
            var stamps = await new StampReader(session, rollups, cancellationToken).ReadAsync(orders);
            if (stamps.Within(orders.Days) is not { } days)
                return [];
            var kept = rollups.Sets.BuyersOf(orders.Rollup);
            if (await DaysAsync(orders, kept, stamps, days) is not { } read)
                return null;
            if (session.IsGathering)
                return [];
            var groups = RolledReader.CellGroupsOf(session, rollups.Sets, ("buyers", orders.Rollup), kept.Cells, key, conditions);
            return Rows(kept, groups, key.Times(days, []), days, stamps.From(days.From, days.Days), read);
        }
    }

    private static List<FactRow> Rows(
        RolledBuyers kept, CellGroups groups, IReadOnlyList<(RolledTime Time, DayRange Days)> times, DayRange days, long[] stamps, BuyersOfDay?[] read)
    {
        var rows = new List<FactRow>();
        foreach (var (group, cells) in groups.List)
        {
            var people = kept.RepeatsOf(cells, withOthers: true, days.From.DayNumber, stamps, read);
            var buyers = kept.RepeatsOf(cells, withOthers: false, days.From.DayNumber, stamps, read);
            foreach (var (time, of) in times)
                if (people.Count(of.From.DayNumber, of.Until.DayNumber) is > 0 and var count)
                {
                    var row = RolledSums.RowOf(time, group);
                    (row.Buyers, row.People) = (buyers.Count(of.From.DayNumber, of.Until.DayNumber), count);
                    rows.Add(row);
                }
        }

        return rows;
    }

    /// <summary>The customers of each of the days, null where there are no orders; null when they are too many to be kept, or being read by another.</summary>
    private async Task<BuyersOfDay?[]?> DaysAsync(RolledOrders orders, RolledBuyers kept, DayStamps stamps, DayRange days)
    {
        if (Kept(kept, stamps, days) is { } known)
            return known;
        if (kept.Refuses(days.Days) || !kept.TryBegin())
            return null;
        try
        {
            // Other periods will be asked for as well: the one before it, the same a day later.
            var more = stamps.Within(new(Earlier(days.From, days.Days), Later(days.Until, days.Days)))!.Value;
            if (!await ReadMissingAsync(orders, kept, stamps, more))
            {
                kept.Clear();
                if (!await ReadMissingAsync(orders, kept, stamps, days))
                    kept.Refuse(days.Days);
            }

            return Kept(kept, stamps, days);
        }
        finally
        {
            kept.End();
        }
    }

    private static DateOnly Earlier(DateOnly day, int days) => DateOnly.FromDayNumber(Math.Max(DateOnly.MinValue.DayNumber, day.DayNumber - days));

    private static DateOnly Later(DateOnly day, int days) => DateOnly.FromDayNumber(Math.Min(DateOnly.MaxValue.DayNumber, day.DayNumber + days));

    private static BuyersOfDay?[]? Kept(RolledBuyers kept, DayStamps stamps, DayRange days)
    {
        var found = new BuyersOfDay?[days.Days];
        foreach (var (day, stamp) in stamps.In(days.From, days.Until))
            if (kept.Find(day.DayNumber, stamp) is { } known)
                found[day.DayNumber - days.From.DayNumber] = known;
            else
                return null;
        return found;
    }

    /// <summary>False when there is no room for all of them.</summary>
    private async Task<bool> ReadMissingAsync(RolledOrders orders, RolledBuyers kept, DayStamps stamps, DayRange days)
    {
        foreach (var some in stamps.In(days.From, days.Until).Where(s => kept.Find(s.Day.DayNumber, s.Stamp) is null).Select(s => s.Day).Chunk(DaysAtOnce))
        {
            var read = new BuyersResult(kept.Cells);
            await session.ReadIntoAsync(() => orders.StoredCustomers(new(some[0], some[^1].AddDays(1))), read, cancellationToken);
            foreach (var day in read.Days())
                if (!kept.TryKeep(day))
                    return false;
        }

        return true;
    }
}
