using System.Collections.Concurrent;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>The daily sums of one rollup on one day, in columns.</summary>
/// <param name="Stamp">That of the day, as <see cref="DayStamps"/> has it.</param>
/// <param name="Cells">What each row is of: see <see cref="RolledDays.Cells"/>.</param>
internal sealed record RolledDay(DateOnly Day, long Stamp, int[] Cells, long[] Gross, long[] Returned, long[] Discount, long[] Orders)
{
    public int Bytes => Cells.Length * (sizeof(int) + (4 * sizeof(long)));
}

/// <summary>What was read of one rollup: each day under the stamp that it had.</summary>
/// <param name="mostBytes">More is not kept.</param>
internal sealed class RolledDays(long mostBytes)
{
    /// <summary>Different cells, over all days.</summary>
    private const int MostCells = 100_000;

    private readonly ConcurrentDictionary<DateOnly, RolledDay> _days = [];
    private readonly Lock _gate = new();
    private readonly Lock _making = new();
    private long _bytes;
    private RolledTotals? _totals;

    /// <summary>Totals of the days take up to twice as much as the days.</summary>
    public bool IsFull => Volatile.Read(ref _bytes) > mostBytes / 3 || Cells.Count > MostCells;

    /// <summary>Those that were made last.</summary>
    public RolledTotals? Totals => Volatile.Read(ref _totals);

    /// <summary>What its rows have in common whatever their day.</summary>
    public SalesCells Cells { get; } = new();

    public RolledDay? Find(DateOnly day, long stamp) => _days.TryGetValue(day, out var known) && known.Stamp == stamp ? known : null;

    /// <summary>Totals of all days that are kept, which are made once for those who ask at the same time.</summary>
    /// <param name="holds">Whether they are the right ones.</param>
    /// <exception cref="OverflowException">A sum needs more than 64 bits.</exception>
    public RolledTotals TotalsOf(Func<RolledTotals, bool> holds, TotalRates? rates, Func<string, DateOnly, decimal?> rate)
    {
        lock (_making)
        {
            if (Totals is { } made && holds(made))
                return made;
            var days = _days.Values.OrderBy(d => d.Day).ToList();
            var totals = RolledTotals.Of(days, [.. Cells.List.Take(Cells.Count)], rates, rate);
            // Of a rollup with many rows that hold little they could take more than the days leave.
            Volatile.Write(ref _totals, Volatile.Read(ref _bytes) + totals.Bytes > mostBytes ? null : totals);
            return totals;
        }
    }

    public void Keep(RolledDay day)
    {
        lock (_gate)
        {
            _bytes += day.Bytes - (_days.TryGetValue(day.Day, out var before) ? before.Bytes : 0);
            _days[day.Day] = day;
        }
    }
}

/// <summary>The stamps of all days that have orders, in one state of the rollups.</summary>
internal sealed class DayStamps
{
    private readonly DateOnly[] _days;
    private readonly long[] _stamps;

    public DayStamps(IEnumerable<(DateOnly Day, long Stamp)> stamps)
    {
        var sorted = stamps.OrderBy(s => s.Day).ToList();
        (_days, _stamps) = ([.. sorted.Select(s => s.Day)], [.. sorted.Select(s => s.Stamp)]);
    }

    public int Bytes => _days.Length * (sizeof(int) + sizeof(long));

    /// <summary>The days of a range from the first to the last that has orders at all; null when there is none.</summary>
    public DayRange? Within(DayRange range)
    {
        if (_days.Length == 0)
            return null;
        var (from, until) = (range.From > _days[0] ? range.From : _days[0], range.Until <= _days[^1] ? range.Until : _days[^1].AddDays(1));
        return from < until ? new(from, until) : null;
    }

    /// <summary>That of each of some days; 0 where there are no orders.</summary>
    public long[] From(DateOnly day, int days)
    {
        var stamps = new long[days];
        foreach (var (of, stamp) in In(day, DateOnly.FromDayNumber(day.DayNumber + days)))
            stamps[of.DayNumber - day.DayNumber] = stamp;
        return stamps;
    }

    /// <summary>Those from one day until before another.</summary>
    public IEnumerable<(DateOnly Day, long Stamp)> In(DateOnly from, DateOnly until)
    {
        var at = Array.BinarySearch(_days, from);
        for (var i = at < 0 ? ~at : at; i < _days.Length && _days[i] < until; i++)
            yield return (_days[i], _stamps[i]);
    }
}
