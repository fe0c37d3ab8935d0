namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What facts of one day come to: for each of some keys, by its number, the sums.</summary>
internal sealed record SumsOfDay(int[] Keys, long[][] Sums);

/// <summary>The days that were read, as they are in one state of the data.</summary>
/// <param name="Position">Of the state.</param>
/// <param name="At">When that was.</param>
internal sealed record SummedDays(string Position, long At, IReadOnlyDictionary<DateOnly, SumsOfDay> Days);

/// <summary>What the same question comes to on each day, for as many days as it was asked of.</summary>
/// <param name="key">The columns by which it tells facts apart, beside the day.</param>
internal sealed class DailySums(IReadOnlyList<string> key, IReadOnlyList<Measure> sums)
{
    /// <summary>Rows of a day and a key; with more it is quicker to ask the database for the whole.</summary>
    private const int MostRows = 20_000;

    /// <summary>What a row takes in memory, beside its sums, and what a key does.</summary>
    private const int RowBytes = 48, KeyBytes = 1_000;

    private readonly Func<FactRow, object?>[] _readers = [.. key.Select(FactColumns.Of)];
    private readonly Dictionary<object?[], int> _places = new(SameValues.Instance);
    private readonly List<FactRow> _keys = [];
    private readonly Lock _gate = new();
    private SummedDays? _summed;

    /// <summary>The latest that was read; null before the first time.</summary>
    public SummedDays? Summed => Volatile.Read(ref _summed);

    public bool IsTooMany { get; private set; }

    public int Bytes => Summed is { } known
        ? (known.Days.Values.Sum(d => d.Keys.Length) * (RowBytes + (sizeof(long) * sums.Count))) + (_keys.Count * KeyBytes)
        : 0;

    public void Keep(SummedDays summed)
    {
        IsTooMany = summed.Days.Values.Sum(d => d.Keys.Length) > MostRows;
        Volatile.Write(ref _summed, IsTooMany ? null : summed);
    }

    /// <summary>The rows of the statement by day, day by day: of those without any too.</summary>
    public IEnumerable<(DateOnly Day, SumsOfDay Sums)> Split(IReadOnlyList<FactRow> rows, IEnumerable<DateOnly> days)
    {
        var byDay = rows.ToLookup(r => r.Day);
        lock (_gate)
            return [.. days.Select(d => (d, new SumsOfDay(
                [.. byDay[d].Select(PlaceOf)], [.. byDay[d].Select(r => sums.Select(m => m.Stored(r)).ToArray())])))];
    }

    private int PlaceOf(FactRow row)
    {
        var values = Array.ConvertAll(_readers, read => read(row));
        if (!_places.TryGetValue(values, out var place))
        {
            _places[values] = place = _keys.Count;
            _keys.Add(row);
        }

        return place;
    }

    /// <summary>One row for each time and key.</summary>
    /// <param name="time">What the question tells days apart by.</param>
    /// <exception cref="OverflowException">A sum needs more than 64 bits.</exception>
    public IReadOnlyList<FactRow> Rows(IEnumerable<(DateOnly Day, SumsOfDay Sums)> days, Func<DateOnly, RolledTime> time)
    {
        var totals = new Dictionary<(RolledTime Time, int Key), long[]>();
        foreach (var (day, of) in days)
        {
            var at = time(day);
            for (var i = 0; i < of.Keys.Length; i++)
            {
                if (!totals.TryGetValue((at, of.Keys[i]), out var total))
                    totals[(at, of.Keys[i])] = total = new long[sums.Count];
                for (var m = 0; m < total.Length; m++)
                    total[m] = checked(total[m] + of.Sums[i][m]);
            }
        }

        FactRow[] keys;
        lock (_gate)
            keys = [.. _keys];
        return [.. totals.Select(t => RowOf(keys[t.Key.Key], t.Key.Time, t.Value))];
    }

    private FactRow RowOf(FactRow like, RolledTime time, long[] total)
    {
        var row = like with { Day = time.Day, Bucket = time.Bucket, Weekday = time.Weekday, MonthOfYear = time.Month };
        for (var m = 0; m < total.Length; m++)
            sums[m].Column.SetValue(row, total[m]);
        return row;
    }
}
