using System.Buffers;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>
/// Of each day how many customers it has, and on which day each of them was there before. Of a period exactly those are counted again who were there before
/// within it: distinct customers of any days are counted without looking at any of them. Not changed once it is made.
/// </summary>
internal sealed class BuyerRepeats
{
    /// <summary>Searching for a customer on a day takes as long as passing by so many customers.</summary>
    private const int SearchCost = 16;

    private readonly IReadOnlyList<int> _cells;
    private readonly bool _withOthers;
    private readonly int _first;
    private readonly BuyersOfDay?[] _days;
    private readonly DayRepeats[] _repeats;

    private BuyerRepeats(IReadOnlyList<int> cells, bool withOthers, int first, BuyersOfDay?[] days, DayRepeats[] repeats)
    {
        (_cells, _withOthers, _first, _days, _repeats) = (cells, withOthers, first, days, repeats);
    }

    public long Bytes => _repeats.Sum(r => r.Bytes);

    /// <param name="cells">Whose customers are counted.</param>
    /// <param name="withOthers">Also those with returns alone.</param>
    /// <param name="first">The number of the first day.</param>
    /// <param name="days">From then on, each the next one; null where there are no orders.</param>
    public static BuyerRepeats Of(IReadOnlyList<int> cells, bool withOthers, int first, BuyersOfDay?[] days)
    {
        var sets = Array.ConvertAll(days, d => d is null ? [] : d.Of(cells, withOthers).ToArray());
        var last = sets.SelectMany(s => s).Select(s => s.Length == 0 ? 0 : s[^1]).DefaultIfEmpty().Max();
        // The day on which each customer was last, plus one.
        var seen = ArrayPool<int>.Shared.Rent(last + 1);
        Array.Clear(seen, 0, last + 1);
        var (repeats, before) = (new DayRepeats[days.Length], new int[days.Length]);
        for (var day = 0; day < days.Length; day++)
        {
            var people = 0;
            foreach (var set in sets[day])
                people += Pass(set, seen, before, day + 1);
            repeats[day] = DayRepeats.Of(people, before.AsSpan(0, day));
            Array.Clear(before, 0, day);
        }

        ArrayPool<int>.Shared.Return(seen);
        return new(cells, withOthers, first, days, repeats);
    }

    private static int Pass(int[] set, int[] seen, int[] before, int mark)
    {
        var people = 0;
        foreach (var customer in set)
        {
            ref var was = ref seen[customer];
            if (was == mark)
                continue;
            if (was > 0)
                before[was - 1]++;
            was = mark;
            people++;
        }

        return people;
    }

    /// <summary>Whether it has the customers of each of these days as of that stamp, 0 for a day without orders.</summary>
    public bool Holds(int from, ReadOnlySpan<long> stamps)
    {
        if (!Covers(from, stamps.Length))
            return false;
        for (var i = 0; i < stamps.Length; i++)
            if (StampOf(from + i) != stamps[i])
                return false;
        return true;
    }

    /// <summary>As of which stamp it has the customers of a day.</summary>
    public long StampOf(int day) => _days[day - _first]?.Stamp ?? 0;

    public bool Covers(int from, int days) => from >= _first && from + days <= _first + _days.Length;

    /// <summary>Distinct customers from one day until before another, both by their numbers.</summary>
    public long Count(int from, int until)
    {
        var people = 0L;
        for (var day = from; day < until; day++)
            people += _repeats[day - _first].NotSince(from - _first);
        return people;
    }

    /// <summary>With other customers on some of its days; null when it is quicker to make it anew.</summary>
    /// <param name="changed">By the number of the day; null where there are no orders.</param>
    public BuyerRepeats? With(IReadOnlyCollection<(int Day, BuyersOfDay? Now)> changed)
    {
        var (days, repeats, left) = (_days.ToArray(), _repeats.ToArray(), _days.Sum(d => d is null ? 0L : Numbers(d)));
        foreach (var (day, now) in changed)
        {
            var at = day - _first;
            var (gone, came) = Differences(Together(days[at]), Together(now));
            left -= (gone.Count + came.Count) * (long)days.Length * SearchCost * _cells.Count;
            if (left < 0)
                return null;
            var moves = new Moves(days.Length);
            foreach (var customer in gone)
                moves.Take(Before(days, at, customer), at, After(days, at, customer));
            foreach (var customer in came)
                moves.Put(Before(days, at, customer), at, After(days, at, customer));
            days[at] = now;
            moves.Onto(repeats, at, came.Count - gone.Count);
        }

        return new(_cells, _withOthers, _first, days, repeats);
    }

    private long Numbers(BuyersOfDay day) => day.Of(_cells, _withOthers).Sum(s => (long)s.Length);

    /// <summary>The customers of a day, each once, in ascending order.</summary>
    private int[] Together(BuyersOfDay? day)
    {
        var sets = day?.Of(_cells, _withOthers).ToList() ?? [];
        return sets is [var alone] ? alone : [.. sets.SelectMany(s => s).Distinct().Order()];
    }

    private static (List<int> Gone, List<int> Came) Differences(int[] were, int[] are)
    {
        var (gone, came) = (new List<int>(), new List<int>());
        for (int i = 0, j = 0; i < were.Length || j < are.Length;)
            if (j == are.Length || (i < were.Length && were[i] < are[j]))
                gone.Add(were[i++]);
            else if (i == were.Length || are[j] < were[i])
                came.Add(are[j++]);
            else
                (i, j) = (i + 1, j + 1);
        return (gone, came);
    }

    /// <summary>The last day before, on which the customer is; -1 when there is none.</summary>
    private int Before(BuyersOfDay?[] days, int at, int customer)
    {
        for (at--; at >= 0 && !Has(days[at], customer); at--)
        {
        }

        return at;
    }

    /// <summary>The next day on which the customer is; -1 when there is none.</summary>
    private int After(BuyersOfDay?[] days, int at, int customer)
    {
        for (at++; at < days.Length; at++)
            if (Has(days[at], customer))
                return at;
        return -1;
    }

    private bool Has(BuyersOfDay? day, int customer)
    {
        if (day is not null)
            foreach (var set in day.Of(_cells, _withOthers))
                if (Array.BinarySearch(set, customer) >= 0)
                    return true;
        return false;
    }

    /// <summary>What changes when customers come to a day, or are no longer there.</summary>
    private sealed class Moves(int days)
    {
        private readonly Dictionary<int, int[]> _moves = [];

        public void Put(int before, int at, int after) => Move(before, at, after, 1);

        public void Take(int before, int at, int after) => Move(before, at, after, -1);

        private void Move(int before, int at, int after, int sign)
        {
            Note(at, before, sign);
            if (after < 0)
                return;
            Note(after, before, -sign);
            Note(after, at, sign);
        }

        private void Note(int day, int before, int more)
        {
            if (before < 0)
                return;
            if (!_moves.TryGetValue(day, out var moves))
                _moves[day] = moves = new int[days];
            moves[before] += more;
        }

        public void Onto(DayRepeats[] repeats, int at, int people)
        {
            if (people != 0)
                _moves.TryAdd(at, new int[days]);
            foreach (var (day, before) in _moves)
            {
                repeats[day].AddTo(before);
                repeats[day] = DayRepeats.Of(repeats[day].People + (day == at ? people : 0), before.AsSpan(0, day));
            }
        }
    }
}
