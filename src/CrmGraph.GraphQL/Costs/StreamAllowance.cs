namespace CrmGraph.GraphQL.Costs;

/// <summary>From which a stream's later computations are paid, each at the price of the subscription. In the state of a stream whose caller has a bucket.</summary>
public sealed class StreamAllowance(CostBucket bucket, double price)
{
    /// <summary>Null where nobody pays.</summary>
    internal static StreamAllowance? Of(CostPolicy? policy, CostReport? report)
        => policy?.Bucket is { } bucket && report is not null ? new(bucket, report.Cost.Total) : null;

    /// <summary>Takes the price of one computation, or takes nothing and says after how many seconds it could be taken.</summary>
    public double Take() => bucket.Take(price, out _);

    /// <summary>Takes what could not be told before.</summary>
    public void Charge(double more) => bucket.Charge(more);
}
