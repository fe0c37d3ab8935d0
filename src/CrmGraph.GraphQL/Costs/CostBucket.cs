using System.Collections.Concurrent;

namespace CrmGraph.GraphQL.Costs;

/// <summary>How full a bucket is, in units of cost.</summary>
public readonly record struct BucketStatus(double Capacity, double Available, double RestorePerSecond)
{
    /// <summary>Until it is full again.</summary>
    public double RestoreSeconds => (Capacity - Available) / RestorePerSecond;
}

/// <summary>
/// The leaky bucket of one caller: every operation takes its cost out of it, and time fills it again. An operation that costs more than the
/// whole bucket waits for a full one and leaves a debt, so that nothing within the limits of one operation waits for ever.
/// </summary>
public sealed class CostBucket
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly double _capacity;
    private readonly double _restorePerSecond;
    private double _available;
    private long _stamp;

    public CostBucket(double capacity, double restorePerSecond, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(restorePerSecond);
        (_capacity, _restorePerSecond, _time, _available, _stamp) = (capacity, restorePerSecond, time, capacity, time.GetTimestamp());
    }

    public BucketStatus Status
    {
        get
        {
            lock (_lock)
                return Restored();
        }
    }

    /// <summary>Takes the cost, or takes nothing and says after how many seconds it could be taken.</summary>
    /// <returns>Zero when it was taken.</returns>
    public double Take(double cost, out BucketStatus left)
    {
        lock (_lock)
        {
            var status = Restored();
            var needed = Math.Min(cost, _capacity);
            if (status.Available < needed)
            {
                left = status;
                return (needed - status.Available) / _restorePerSecond;
            }

            _available -= cost;
            left = status with { Available = _available };
            return 0;
        }
    }

    /// <summary>Takes what cannot be told before it is done, and leaves a debt when there is not so much.</summary>
    public void Charge(double cost)
    {
        lock (_lock)
            _available = Restored().Available - cost;
    }

    private BucketStatus Restored()
    {
        var now = _time.GetTimestamp();
        _available = Math.Min(_capacity, _available + (_time.GetElapsedTime(_stamp, now).TotalSeconds * _restorePerSecond));
        _stamp = now;
        return new(_capacity, _available, _restorePerSecond);
    }
}

/// <summary>The buckets of all callers of one server. A bucket that is full again is as good as none and gives its place to another.</summary>
public sealed class CostBuckets(TimeProvider time, int maximumBuckets)
{
    private readonly ConcurrentDictionary<string, CostBucket> _buckets = new(StringComparer.Ordinal);

    public int Count => _buckets.Count;

    /// <param name="key">Tells callers apart; a caller whose capacity changes needs another key.</param>
    public CostBucket Of(string key, double capacity, double restorePerSecond)
    {
        if (_buckets.TryGetValue(key, out var known))
            return known;
        if (_buckets.Count >= maximumBuckets)
            Forget();
        return _buckets.GetOrAdd(key, static (_, made) => new CostBucket(made.capacity, made.restorePerSecond, made.time), (capacity, restorePerSecond, time));
    }

    // First those that owe nothing; should there be none of them, the fullest ones, which lose least by it.
    private void Forget()
    {
        var byNeed = _buckets.OrderByDescending(b => b.Value.Status is var s ? s.Available / s.Capacity : 0).Take((maximumBuckets / 4) + 1);
        foreach (var (key, _) in byNeed.ToList())
            _buckets.TryRemove(key, out _);
    }
}
