using System.Buffers;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Answers a <see cref="LifeQuestion"/> from the sets of buyers of each day.</summary>
internal sealed class LifeCounts
{
    private readonly LifeQuestion _life;
    private readonly KeyRows<FactRow> _keys;
    private readonly Dictionary<int, SortedDictionary<DateOnly, List<int[]>>> _buyers = [];
    private readonly Dictionary<(int Key, DateOnly Day), long> _people = [];

    private LifeCounts(LifeQuestion life, IEnumerable<string> keys) => (_life, _keys) = (life, new(keys));

    /// <param name="keys">The columns of the key: what is the same of a customer all his life as we see it, today's values.</param>
    /// <param name="stamped">Rows with the stamp of a set and its day.</param>
    /// <param name="sets">The sets by their stamps.</param>
    /// <param name="singles">Rows with one buyer of a day each: by number, or by id when he has none yet.</param>
    /// <param name="less">What <see cref="LifeQuestion.Less"/> came to.</param>
    /// <returns>One row per key and, of events, day.</returns>
    public static IReadOnlyList<FactRow> Of(
        LifeQuestion life, IEnumerable<string> keys, IReadOnlyList<FactRow> stamped, IReadOnlyDictionary<long, RolledCustomers> sets,
        IReadOnlyList<FactRow> singles, IReadOnlyList<FactRow> less)
    {
        var counts = new LifeCounts(life, keys);
        var last = counts.Collect(stamped.Cast<SalesRow>(), sets, singles.Cast<SalesRow>());
        counts.Count(last);
        foreach (var row in less)
            counts.Add(counts._keys.Place(row), row.Day, -row.People);
        return [.. counts._people.Where(p => p.Value != 0).Select(p => counts._keys.Rows[p.Key.Key] with { Day = p.Key.Day, People = p.Value })];
    }

    /// <returns>The greatest number of a buyer.</returns>
    private int Collect(IEnumerable<SalesRow> stamped, IReadOnlyDictionary<long, RolledCustomers> sets, IEnumerable<SalesRow> singles)
    {
        var last = 0;
        foreach (var row in stamped)
            Take(row, sets[row.Stamp].Buyers);
        List<SalesRow> named = [.. singles];
        foreach (var row in named)
            if (row.Number is { } number)
                Take(row, [number]);
        // Who has no number is in no set: any that is free will do.
        var given = new Dictionary<Guid, int>();
        foreach (var row in named.Where(r => r.Number is null))
        {
            if (!given.TryGetValue(row.CustomerId, out var number))
                given[row.CustomerId] = number = last + 1;
            Take(row, [number]);
        }

        return last;

        void Take(SalesRow row, int[] buyers)
        {
            if (buyers.Length == 0)
                return;
            var key = _keys.Place(row);
            if (!_buyers.TryGetValue(key, out var days))
                _buyers[key] = days = [];
            if (!days.TryGetValue(row.SetDay, out var all))
                days[row.SetDay] = all = [];
            all.Add(buyers);
            last = Math.Max(last, buyers[^1]);
        }
    }

    private void Count(int last)
    {
        // A customer is in one group: what one leaves here is nothing to the others.
        var seen = ArrayPool<int>.Shared.Rent(last + 1);
        Array.Clear(seen, 0, last + 1);
        foreach (var (key, days) in _buyers)
            switch (_life.Kind)
            {
                case LifeKind.Bought:
                    Add(key, default, days.Sum(d => d.Value.Sum(buyers => Mark(buyers, seen))));
                    break;
                case LifeKind.Stayed:
                    CountStayed(key, days, seen);
                    break;
                case LifeKind.Came:
                    CountEvents(key, days, seen);
                    break;
                default:
                    CountEvents(key, days.Reverse(), seen);
                    break;
            }

        ArrayPool<int>.Shared.Return(seen);
    }

    /// <returns>How many had not been seen yet.</returns>
    private static long Mark(int[] numbers, int[] seen)
    {
        var count = 0L;
        foreach (var number in numbers)
            if (seen[number] == 0)
            {
                seen[number] = 1;
                count++;
            }

        return count;
    }

    /// <summary>A purchase makes its buyer active at the ends of a window of days; of a buyer only up to which end he is so already need be known.</summary>
    private void CountStayed(int key, SortedDictionary<DateOnly, List<int[]>> days, int[] seen)
    {
        var ends = _life.Ends;
        // What a customer adds to the pairs from one end to another is noted where it begins and where it stops.
        var (changes, first, next) = (new long[ends.Count], 0, 0);
        foreach (var (day, sets) in days)
        {
            while (first < ends.Count && ends[first] <= day)
                first++;
            while (next < ends.Count && ends[next] <= day.AddDays(_life.Window))
                next++;
            if (first == next)
                continue;
            foreach (var buyer in sets.SelectMany(s => s))
            {
                var known = seen[buyer];
                if (known >= next)
                    continue;
                changes[known >= first && known > 0 ? known - 1 : first]++;
                changes[next - 1]--;
                seen[buyer] = next;
            }
        }

        for (var (pair, people) = (0, 0L); pair < ends.Count - 1; pair++)
            Add(key, ends[pair], people += changes[pair]);
    }

    /// <param name="days">In the order in which those before an event come first.</param>
    private void CountEvents(int key, IEnumerable<KeyValuePair<DateOnly, List<int[]>>> days, int[] seen)
    {
        foreach (var (day, sets) in days)
        {
            var (number, counts, people) = (day.DayNumber + 1, _life.Days.Contains(day), 0L);
            foreach (var buyer in sets.SelectMany(s => s))
            {
                var before = seen[buyer];
                seen[buyer] = number;
                if (counts && before != number && (before == 0 || Math.Abs(number - before) > _life.Window))
                    people++;
            }

            Add(key, day, people);
        }
    }

    private void Add(int key, DateOnly day, long people) => _people[(key, day)] = _people.GetValueOrDefault((key, day)) + people;
}
