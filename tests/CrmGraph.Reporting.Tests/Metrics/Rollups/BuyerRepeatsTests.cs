using CrmGraph.Reporting.Metrics.Rollups;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics.Rollups;

/// <summary>Distinct customers counted by when they were there before are those that sets of them have.</summary>
public sealed class BuyerRepeatsTests
{
    private const int First = 738_000, Days = 30, Cells = 3, Customers = 400;

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void Any_days_have_the_customers_of_their_sets_after_any_changes(int seed)
    {
        var random = new Random(seed);
        var days = Enumerable.Range(First, Days).Select(d => random.Next(5) == 0 ? null : Day(random, d)).ToArray();
        int[] cells = [.. Enumerable.Range(0, Cells).Where(_ => random.Next(2) == 0)];
        var withOthers = random.Next(2) == 0;
        var (repeats, kept) = (BuyerRepeats.Of(cells, withOthers, First, [.. days]), 0);
        for (var step = 0; step < 60; step++)
        {
            Check(repeats, days, cells, withOthers);
            var changed = Enumerable.Range(0, random.Next(1, 3)).Select(_ => First + random.Next(Days)).Distinct()
                .Select(d => (Day: d, Now: Changed(random, d, days[d - First]))).ToList();
            foreach (var (day, now) in changed)
                days[day - First] = now;
            var renewed = repeats.With(changed);
            kept += renewed is null ? 0 : 1;
            repeats = renewed ?? BuyerRepeats.Of(cells, withOthers, First, [.. days]);
        }

        Assert.True(cells.Length == 0 || kept > 5, $"{kept} changes");
    }

    [Fact]
    public void What_has_no_room_is_not_kept_and_counted_all_the_same()
    {
        var random = new Random(7);
        for (var bytes = 0; bytes < 100_000; bytes += 3_000)
        {
            var memory = new BuyersMemory(bytes);
            for (var step = 0; step < 30; step++)
            {
                var (rollup, from, count) = (memory.Of(random.Next(3)), First + random.Next(Days), random.Next(1, Days));
                var days = Enumerable.Range(from, count).Select(d => random.Next(4) == 0 ? null : Day(random, d)).ToArray();
                foreach (var day in days)
                    if (day is not null)
                        rollup.TryKeep(day);
                var repeats = rollup.RepeatsOf([0, 2], true, from, [.. days.Select(d => d?.Stamp ?? 0)], days);
                Assert.Equal(Distinct(days, [0, 2], true), repeats.Count(from, from + count));
                Assert.InRange(memory.Bytes, 0, bytes);
            }
        }
    }

    private static void Check(BuyerRepeats repeats, BuyersOfDay?[] days, int[] cells, bool withOthers)
    {
        for (var from = 0; from < Days; from++)
        {
            Assert.True(repeats.Holds(First + from, [.. days[from..].Select(d => d?.Stamp ?? 0)]));
            for (var until = from; until <= Days; until++)
                Assert.Equal(Distinct(days[from..until], cells, withOthers), repeats.Count(First + from, First + until));
        }
    }

    private static long Distinct(IEnumerable<BuyersOfDay?> days, int[] cells, bool withOthers) =>
        days.OfType<BuyersOfDay>().SelectMany(d => d.Cells.Select((cell, i) => (cell, d.Buyers[i], d.Others[i])))
            .Where(s => cells.Contains(s.cell)).SelectMany(s => withOthers ? s.Item2.Concat(s.Item3) : s.Item2).Distinct().LongCount();

    private static BuyersOfDay Day(Random random, int day)
    {
        int[] cells = [.. Enumerable.Range(0, Cells).Where(_ => random.Next(3) > 0)];
        var sets = cells.Select(_ => Some(random)).ToList();
        return new(day, random.NextInt64(1, long.MaxValue), cells, [.. sets.Select(s => s.Buyers)], [.. sets.Select(s => s.Others)]);
    }

    private static (int[] Buyers, int[] Others) Some(Random random)
    {
        var all = Enumerable.Range(1, Customers).Where(_ => random.Next(4) == 0).ToList();
        return ([.. all.Where(c => c % 5 > 0)], [.. all.Where(c => c % 5 == 0)]);
    }

    /// <summary>Other customers, a few more or less, or none at all.</summary>
    private static BuyersOfDay? Changed(Random random, int day, BuyersOfDay? before) => random.Next(6) switch
    {
        0 => null,
        1 => Day(random, day),
        _ when before is null => Day(random, day),
        _ => before with
        {
            Stamp = random.NextInt64(1, long.MaxValue),
            Buyers = [.. before.Buyers.Select(b => b.Where(_ => random.Next(100) > 0).Append(random.Next(1, Customers)).Distinct().Order().ToArray())],
        },
    };
}
