using System.Collections.Concurrent;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>The daily sums of one rollup on one day, in columns.</summary>
/// <param name="Stamp">That of the day, as <see cref="DayStamps"/> has it.</param>
/// <param name="Cells">What each row is of: numbers of <see cref="RolledDays.Cells"/>.</param>
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
    private readonly Dictionary<(SalesSlice, string, bool), int> _numbers = [];
    private readonly Lock _gate = new();
    private SalesDay[] _cells = new SalesDay[64];
    private long _bytes;

    public bool IsFull => Volatile.Read(ref _bytes) > mostBytes || _numbers.Count > MostCells;

    /// <summary>What rows have in common whatever their day, by its number. To be asked for after the days.</summary>
    public IReadOnlyList<SalesDay> Cells => Volatile.Read(ref _cells);

    public RolledDay? Find(DateOnly day, long stamp) => _days.TryGetValue(day, out var known) && known.Stamp == stamp ? known : null;

    public int CellOf(SalesSlice slice, string currency, bool isKnown)
    {
        lock (_gate)
        {
            if (_numbers.TryGetValue((slice, currency, isKnown), out var number))
                return number;
            number = _numbers.Count;
            if (number == _cells.Length)
            {
                var longer = _cells;
                Array.Resize(ref longer, 2 * number);
                Volatile.Write(ref _cells, longer);
            }

            _cells[number] = slice.Onto(new SalesDay { Currency = currency, IsKnown = isKnown });
            return _numbers[(slice, currency, isKnown)] = number;
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

    /// <summary>Those from one day until before another.</summary>
    public IEnumerable<(DateOnly Day, long Stamp)> In(DateOnly from, DateOnly until)
    {
        var at = Array.BinarySearch(_days, from);
        for (var i = at < 0 ? ~at : at; i < _days.Length && _days[i] < until; i++)
            yield return (_days[i], _stamps[i]);
    }
}
