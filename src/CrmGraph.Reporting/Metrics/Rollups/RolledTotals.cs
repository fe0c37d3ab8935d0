using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>By what money was converted, where it was.</summary>
/// <param name="Stamp">See <see cref="DataStamp.Rates"/>.</param>
/// <param name="Reporting">The currency to which.</param>
internal sealed record TotalRates(long Stamp, string Reporting);

/// <summary>
/// What a rollup comes to from its first day until before each of its days, for each cell: what any days come to is what is there at their end less what was
/// there at their start. Money of other currencies is converted by the rate of its day. Not changed once it is made.
/// </summary>
internal sealed class RolledTotals
{
    private readonly int _first;
    private readonly long[] _stamps;
    private readonly CellTotals?[] _cells;

    private RolledTotals(TotalRates? rates, int first, long[] stamps, CellTotals?[] cells) => (Rates, _first, _stamps, _cells) = (rates, first, stamps, cells);

    /// <summary>Null where nothing was converted.</summary>
    public TotalRates? Rates { get; }

    public long Bytes => (sizeof(long) * (long)_stamps.Length) + _cells.Sum(c => c?.Bytes ?? 0);

    /// <param name="days">In ascending order.</param>
    /// <param name="rate">What an amount of a currency is multiplied with on a day to be one of the reporting currency; null without a rate.</param>
    /// <exception cref="OverflowException">A sum needs more than 64 bits.</exception>
    public static RolledTotals Of(IReadOnlyList<RolledDay> days, IReadOnlyList<SalesDay> cells, TotalRates? rates, Func<string, DateOnly, decimal?> rate)
    {
        var first = days.Count == 0 ? 0 : days[0].Day.DayNumber;
        var stamps = new long[days.Count == 0 ? 0 : days[^1].Day.DayNumber + 1 - first];
        var made = new Maker?[cells.Count];
        foreach (var day in days)
        {
            stamps[day.Day.DayNumber - first] = day.Stamp;
            for (var i = 0; i < day.Cells.Length; i++)
            {
                var cell = day.Cells[i];
                var maker = made[cell] ??= new(rates is null || cells[cell].Currency == rates.Reporting ? null : cells[cell].Currency);
                maker.Add(day, i, rate);
            }
        }

        return new(rates, first, stamps, Array.ConvertAll(made, m => m?.Made()));
    }

    /// <summary>Whether it has each of these days as of that stamp, 0 for a day without orders.</summary>
    /// <param name="from">The number of the first.</param>
    public bool Holds(int from, ReadOnlySpan<long> stamps)
    {
        for (var i = 0; i < stamps.Length; i++)
        {
            var at = from + i - _first;
            if ((at >= 0 && at < _stamps.Length ? _stamps[at] : 0) != stamps[i])
                return false;
        }

        return true;
    }

    /// <summary>Null where the cell never occurs.</summary>
    public CellTotals? Of(int cell) => cell < _cells.Length ? _cells[cell] : null;

    private sealed class Maker(string? foreign)
    {
        private readonly List<int> _days = [];
        private readonly List<CellSums> _sums = [default];
        private bool _isRated = true;

        public void Add(RolledDay day, int row, Func<string, DateOnly, decimal?> rate)
        {
            var rated = foreign is null ? null : rate(foreign, day.Day);
            _isRated &= foreign is null || rated is not null;
            var times = rated is { } r ? FixedPoint.FromDecimal(r, CellSums.RateDigits) : 0;
            _days.Add(day.Day.DayNumber);
            _sums.Add(_sums[^1] + new CellSums(
                day.Gross[row], day.Returned[row], day.Discount[row], day.Orders[row],
                (Int128)day.Gross[row] * times, (Int128)day.Returned[row] * times, (Int128)day.Discount[row] * times));
        }

        public CellTotals Made() => new([.. _days], [.. _sums], _isRated);
    }
}

/// <summary>What a cell comes to.</summary>
/// <param name="Days">On which it occurs, in ascending order.</param>
/// <param name="Sums">Before each of them, and after the last.</param>
/// <param name="IsRated">Whether each of the days has a rate, where the money is converted.</param>
internal sealed record CellTotals(int[] Days, CellSums[] Sums, bool IsRated)
{
    public long Bytes => Days.Length * (sizeof(int) + 80L);

    /// <summary>From one day until before another; null when it occurs on none of them.</summary>
    /// <param name="last">The last of them on which it occurs.</param>
    public CellSums? Of(int from, int until, out int last)
    {
        var (start, end) = (Place(from), Place(until));
        last = end > start ? Days[end - 1] : 0;
        return end > start ? Sums[end] - Sums[start] : null;
    }

    private int Place(int day)
    {
        var at = Array.BinarySearch(Days, day);
        return at < 0 ? ~at : at;
    }
}

/// <summary>Sums of a cell as stored, and of its money in the reporting currency with <see cref="RateDigits"/> digits more.</summary>
internal readonly record struct CellSums(
    long Gross, long Returned, long Discount, long Orders, Int128 GrossConverted, Int128 ReturnedConverted, Int128 DiscountConverted)
{
    /// <summary>Of an exchange rate.</summary>
    public const int RateDigits = 8;

    public static CellSums operator +(CellSums a, CellSums b) => checked(new(
        a.Gross + b.Gross, a.Returned + b.Returned, a.Discount + b.Discount, a.Orders + b.Orders, a.GrossConverted + b.GrossConverted,
        a.ReturnedConverted + b.ReturnedConverted, a.DiscountConverted + b.DiscountConverted));

    public static CellSums operator -(CellSums a, CellSums b) => checked(new(
        a.Gross - b.Gross, a.Returned - b.Returned, a.Discount - b.Discount, a.Orders - b.Orders, a.GrossConverted - b.GrossConverted,
        a.ReturnedConverted - b.ReturnedConverted, a.DiscountConverted - b.DiscountConverted));
}
