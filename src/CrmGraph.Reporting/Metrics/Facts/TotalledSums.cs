using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What the days of a rollup come to by its totals: as <see cref="RolledSums"/>, without looking at any of the days.</summary>
internal sealed class TotalledSums(RolledKey key, IReadOnlyList<Measure> measures, RolledTotals totals)
{
    /// <summary>The greatest amount that a decimal holds exactly.</summary>
    private static readonly Int128 Most = (Int128.One << 96) - 1;

    private const decimal Rates = 100_000_000;

    private readonly IReadOnlyList<Measure> _money = [.. measures.Where(m => m.IsMoney)];

    /// <summary>One row for each time and group; null when not all of the money has a rate, or needs more digits than a decimal has.</summary>
    /// <exception cref="OverflowException">A sum needs more than 64 bits.</exception>
    public IReadOnlyList<FactRow>? Rows(CellGroups groups, Func<int, bool> isKnown, IReadOnlyList<(RolledTime Time, DayRange Days)> times)
    {
        var rows = new List<FactRow>();
        foreach (var (group, cells) in groups.List)
        {
            var converts = key.HasRates && group.Currency != key.Target;
            var own = cells.Select(c => (Cell: totals.Of(c), IsKnown: isKnown(c))).Where(c => c.Cell is not null).ToList();
            if (converts && own.Exists(c => !c.Cell!.IsRated))
                return null;
            var found = new Dictionary<RolledTime, Sum>();
            foreach (var (time, days) in times)
                foreach (var (cell, known) in own)
                    if (cell!.Of(days.From.DayNumber, days.Until.DayNumber, out var last) is { } sums)
                        found[time] = (found.TryGetValue(time, out var before) ? before : default).With(sums, known, last);
            foreach (var (time, sum) in found)
                if (Row(time, group, sum, converts) is { } row)
                    rows.Add(row);
                else
                    return null;
        }

        return rows;
    }

    private SalesRow? Row(RolledTime time, RolledGroup group, Sum sum, bool converts)
    {
        var row = RolledSums.RowOf(time, group);
        ReadOnlySpan<long> sums =
        [
            sum.Guests.Gross, sum.Guests.Returned, sum.Guests.Discount, sum.Guests.Orders, sum.Known.Gross, sum.Known.Returned, sum.Known.Discount,
            sum.Known.Orders,
        ];
        foreach (var measure in measures)
            RolledSums.Set(row, measure, RolledSums.Of(measure, sums));
        if (!converts)
            return row;
        row.RateDay = DateOnly.FromDayNumber(sum.Last);
        var amounts = new decimal[_money.Count];
        for (var i = 0; i < amounts.Length; i++)
        {
            var converted = Converted(_money[i], sum);
            if (Int128.Abs(converted) > Most)
                return null;
            amounts[i] = _money[i].Value((decimal)converted / Rates);
        }

        row.Converted = new(key.Target, _money, amounts);
        return row;
    }

    private static Int128 Converted(Measure measure, Sum sum) => checked(measure.Column.Name switch
    {
        nameof(SalesRow.Gross) => sum.Guests.GrossConverted + sum.Known.GrossConverted,
        nameof(SalesRow.Returned) => sum.Guests.ReturnedConverted + sum.Known.ReturnedConverted,
        nameof(SalesRow.Discount) => sum.Guests.DiscountConverted + sum.Known.DiscountConverted,
        nameof(SalesRow.KnownGross) => sum.Known.GrossConverted,
        nameof(SalesRow.KnownReturned) => sum.Known.ReturnedConverted,
        _ => throw new InvalidOperationException($"A rollup has no money {measure}."),
    });

    private readonly record struct Sum(CellSums Guests, CellSums Known, int Last)
    {
        public Sum With(CellSums more, bool isKnown, int last) => isKnown
            ? this with { Known = Known + more, Last = Math.Max(Last, last) }
            : this with { Guests = Guests + more, Last = Math.Max(Last, last) };
    }
}
