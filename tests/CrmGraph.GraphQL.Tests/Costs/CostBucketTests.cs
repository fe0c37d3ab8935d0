using CrmGraph.GraphQL.Costs;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Costs;

public sealed class CostBucketTests
{
    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }
        public override long TimestampFrequency => 1_000;
        public override long GetTimestamp() => (long)(Seconds * TimestampFrequency);
    }

    private readonly Clock _clock = new();

    [Fact]
    public void A_bucket_gives_what_it_has_and_fills_with_time()
    {
        var bucket = new CostBucket(100, 10, _clock);
        Assert.Equal(0, bucket.Take(70, out var left));
        Assert.Equal(30, left.Available);
        Assert.Equal(2, bucket.Take(50, out left));
        Assert.Equal(30, left.Available);
        _clock.Seconds = 2;
        Assert.Equal(0, bucket.Take(50, out left));
        Assert.Equal(0, left.Available);
        _clock.Seconds = 100;
        Assert.Equal(100, bucket.Status.Available);
    }

    [Fact]
    public void What_is_larger_than_the_bucket_waits_for_a_full_one_and_leaves_a_debt()
    {
        var bucket = new CostBucket(100, 10, _clock);
        Assert.Equal(0, bucket.Take(1, out _));
        Assert.Equal(0.1, bucket.Take(250, out _), 6);
        _clock.Seconds = 0.1;
        Assert.Equal(0, bucket.Take(250, out var left));
        Assert.Equal(-150, left.Available);
        Assert.Equal(15.1, bucket.Take(1, out _), 6);
    }

    [Fact]
    public void Many_callers_at_once_get_no_more_than_there_is()
    {
        var bucket = new CostBucket(1_000, 1, _clock);
        var taken = 0;
        Parallel.For(0, 5_000, _ =>
        {
            if (bucket.Take(1, out var _) == 0)
                Interlocked.Increment(ref taken);
        });
        Assert.Equal(1_000, taken);
    }

    [Fact]
    public void Callers_have_buckets_of_their_own_and_those_who_owe_most_are_remembered()
    {
        var buckets = new CostBuckets(_clock, 10);
        buckets.Of("spender", 100, 1).Take(90, out _);
        for (var i = 0; i < 1_000; i++)
            Assert.Equal(100, buckets.Of($"caller {i}", 100, 1).Status.Available);
        Assert.InRange(buckets.Count, 1, 11);
        Assert.Equal(10, buckets.Of("spender", 100, 1).Status.Available);
    }
}
