using Xunit;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Tests.Metrics;

public class RankedValuesTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void The_value_at_a_place_is_that_of_the_sorted_numbers(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var (count, different) = (random.Next(1, 3000), random.Next(1, 4000));
            long[] numbers = [.. Enumerable.Range(0, count).Select(n => i % 3 == 0 ? n : i % 3 == 1 ? -n : (long)random.Next(different))];
            var place = random.Next(count);
            Assert.Equal(numbers.Order().ElementAt(place), OrderStatistic.Select<long>([.. numbers], place));
        }
    }

    /// <summary>Values one by one, all at once, in two units, and in parts.</summary>
    [Theory, InlineData(4), InlineData(5)]
    public void A_quantile_is_the_same_however_the_values_come(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 100; i++)
        {
            long[] some = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (long)random.Next(-20, 60))];
            long[] others = [.. Enumerable.Range(0, random.Next(0, 40)).Select(_ => (long)random.Next(-20, 60))];
            var (single, same, mixed, parted) = (new RankedValues(), new RankedValues(), new RankedValues(), new RankedValues());
            foreach (var value in some)
                single.Add(value, 1);
            foreach (var value in others)
                single.Add(value / 3m, 1);
            mixed.Add(new RankedBlock(some, default, v => v));
            mixed.Add(new RankedBlock(others, ("XXX", null), v => v / 3m));
            same.Add(new RankedBlock([.. some.Select(v => 3 * v)], ("XXX", null), v => v / 3m));
            same.Add(new RankedBlock(others, ("XXX", null), v => v / 3m));
            parted.Add(mixed);
            foreach (var part in new[] { 0m, 0.1m, 0.5m, 0.9m, 1m })
            {
                var expected = single.Quantile(part);
                Assert.Equal([expected, expected, expected], [same.Quantile(part), mixed.Quantile(part), parted.Quantile(part)]);
            }

            Assert.Equal(single.PartUpTo(7), mixed.PartUpTo(7));
        }
    }
}
