using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Adds up what is kept of a rollup's days for each value of a key. Money in other currencies is converted day by day as it is added.</summary>
internal sealed class RolledSums
{
    /// <summary>What is added up of a row: its four numbers, once of guests and once of known customers.</summary>
    private const int Numbers = 4, Sums = 2 * Numbers;

    private const int Excluded = -1;

    private readonly RolledKey _key;
    private readonly IReadOnlyList<Measure> _measures;
    private readonly IReadOnlyList<Measure> _money;
    private readonly IReadOnlyList<RolledDay> _days;
    private readonly IReadOnlyList<SalesDay> _cells;
    private readonly List<RolledGroup> _groups = [];
    /// <summary>The group of each cell.</summary>
    private readonly int[] _groupOf;

    /// <param name="measures">What is asked for.</param>
    /// <param name="cells">Of the days.</param>
    /// <param name="groups">Those that count.</param>
    public RolledSums(
        RolledKey key, IReadOnlyList<Measure> measures, IReadOnlyList<RolledDay> days, IReadOnlyList<SalesDay> cells, CellGroups groups)
    {
        (_key, _measures, _days, _cells) = (key, measures, days, cells);
        _money = [.. measures.Where(m => m.IsMoney)];
        _groupOf = GroupsOf(groups);
    }

    /// <summary>The other currencies in which there is money.</summary>
    public IReadOnlyCollection<string> Foreign => _key.HasRates ? [.. _groups.Select(g => g.Currency!).Where(c => c != _key.Target).Distinct()] : [];

    /// <summary>The group of every cell, or that it does not count.</summary>
    private int[] GroupsOf(CellGroups groups)
    {
        var of = new int[_cells.Count];
        Array.Fill(of, Excluded);
        foreach (var (group, cells) in groups.List)
        {
            foreach (var cell in cells)
                of[cell] = _groups.Count;
            _groups.Add(group);
        }

        return of;
    }

    /// <summary>One row for each value of the key; of money in another currency one of what has a rate, and one of what has none.</summary>
    /// <param name="rate">What amounts of a currency are multiplied with and divided by on a day; null without a rate.</param>
    /// <exception cref="OverflowException">A sum needs more than 64 bits.</exception>
    public IReadOnlyList<FactRow> Rows(Func<string, DateOnly, (decimal Times, decimal By)?> rate)
    {
        var totals = new Dictionary<RolledTime, Total?[]>();
        var foreign = new Total?[_groups.Count];
        var converts = _groups.ConvertAll(g => _key.HasRates && g.Currency != _key.Target);
        foreach (var day in _days)
        {
            var time = _key.Of(day.Day);
            if (!totals.TryGetValue(time, out var ofTime))
                totals[time] = ofTime = new Total?[_groups.Count];
            Add(day, ofTime, foreign, converts);
            for (var group = 0; group < foreign.Length; group++)
                if (foreign[group] is { HasAny: true } found)
                {
                    Convert(ofTime[group] ??= new(), found, day.Day, rate(_groups[group].Currency!, day.Day));
                    found.Clear();
                }
        }

        return [.. totals.SelectMany(t => t.Value.SelectMany((total, group) => total is null ? [] : RowsOf(t.Key, _groups[group], total)))];
    }

    private void Add(RolledDay day, Total?[] totals, Total?[] foreign, List<bool> converts)
    {
        for (var i = 0; i < day.Cells.Length; i++)
        {
            var (cell, group) = (day.Cells[i], _groupOf[day.Cells[i]]);
            if (group == Excluded)
                continue;
            var total = (converts[group] ? foreign : totals)[group] ??= new();
            total.HasAny = true;
            var at = _cells[cell].IsKnown ? Numbers : 0;
            checked
            {
                total.Sums[at] += day.Gross[i];
                total.Sums[at + 1] += day.Returned[i];
                total.Sums[at + 2] += day.Discount[i];
                total.Sums[at + 3] += day.Orders[i];
            }
        }
    }

    private void Convert(Total total, Total found, DateOnly day, (decimal Times, decimal By)? rate)
    {
        if (rate is not var (times, by))
        {
            total.Unrated = day;
            Add(found.Sums, total.UnratedSums ??= new long[Sums]);
            return;
        }

        total.Rated = day;
        Add(found.Sums, total.Sums);
        // As stored: what they are worth is told of their sum.
        var converted = total.Converted ??= new decimal[_money.Count];
        for (var i = 0; i < converted.Length; i++)
            if (Of(_money[i], found.Sums) is not 0 and var stored)
                converted[i] += by == 1 ? stored * times : stored * times / by;
    }

    private static void Add(long[] from, long[] to)
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = checked(to[i] + from[i]);
    }

    private IEnumerable<FactRow> RowsOf(RolledTime time, RolledGroup group, Total total)
    {
        if (total.UnratedSums is { } unrated)
            yield return Row(time, group, unrated) with { RateDay = total.Unrated };
        if (total.UnratedSums is null || total.Rated is not null)
            yield return Row(time, group, total.Sums) with
            {
                RateDay = total.Rated,
                Converted = total.Converted is { } money ? new(_key.Target, _money, [.. money.Select((stored, i) => _money[i].Value(stored))]) : null,
            };
    }

    private SalesRow Row(RolledTime time, RolledGroup group, long[] sums)
    {
        var row = RowOf(time, group);
        foreach (var measure in _measures)
            Set(row, measure, Of(measure, sums));
        return row;
    }

    /// <summary>A row with the key.</summary>
    public static SalesRow RowOf(RolledTime time, RolledGroup group) => new()
    {
        Day = time.Day, Bucket = time.Bucket, Weekday = time.Weekday, MonthOfYear = time.Month,
        Currency = group.Currency, Channel = group.Channel, Region = group.Region, Country = group.Country,
    };

    public static void Set(SalesRow row, Measure measure, long sum)
    {
        if (measure == OrderFacts.Gross)
            row.Gross = sum;
        else if (measure == OrderFacts.Orders)
            row.Orders = sum;
        else
            measure.Column.SetValue(row, sum);
    }

    /// <param name="sums">Gross, returned and discounted money and sales, of guests and then of known customers.</param>
    /// <exception cref="OverflowException">The sum needs more than 64 bits.</exception>
    public static long Of(Measure measure, ReadOnlySpan<long> sums) => checked(measure.Column.Name switch
    {
        nameof(SalesRow.Gross) => sums[0] + sums[Numbers],
        nameof(SalesRow.Returned) => sums[1] + sums[Numbers + 1],
        nameof(SalesRow.Discount) => sums[2] + sums[Numbers + 2],
        nameof(SalesRow.Orders) => sums[3] + sums[Numbers + 3],
        nameof(SalesRow.KnownGross) => sums[Numbers],
        nameof(SalesRow.KnownReturned) => sums[Numbers + 1],
        nameof(SalesRow.KnownOrders) => sums[Numbers + 3],
        _ => throw new InvalidOperationException($"A rollup has no {measure}."),
    });

    private sealed class Total
    {
        public long[] Sums { get; } = new long[RolledSums.Sums];
        /// <summary>Of the money without a rate, and what belongs to it.</summary>
        public long[]? UnratedSums { get; set; }
        /// <summary>A day on which there is a rate.</summary>
        public DateOnly? Rated { get; set; }
        public DateOnly? Unrated { get; set; }
        public decimal[]? Converted { get; set; }
        public bool HasAny { get; set; }

        public void Clear()
        {
            Array.Clear(Sums);
            HasAny = false;
        }
    }
}
