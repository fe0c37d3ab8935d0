using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Costs;

/// <summary>
/// What an operation costs before it runs. Field cost counts work: resolvers, arguments, filters. Type cost counts the objects that the response
/// may hold. Both are sums of weights (the IBM cost directives), multiplied by the lengths of the lists around them.
/// </summary>
public readonly record struct OperationCost(double FieldCost, double TypeCost)
{
    /// <summary>The one number that is taken from a caller's allowance.</summary>
    public double Total => FieldCost + TypeCost;

    public static OperationCost operator +(OperationCost a, OperationCost b) => new(a.FieldCost + b.FieldCost, a.TypeCost + b.TypeCost);

    public static OperationCost operator *(OperationCost cost, double times) => new(cost.FieldCost * times, cost.TypeCost * times);

    internal static OperationCost Greater(OperationCost a, OperationCost b) => new(Math.Max(a.FieldCost, b.FieldCost), Math.Max(a.TypeCost, b.TypeCost));
}

/// <summary>What becomes of the price, HotChocolate's request header <c>GraphQL-Cost</c>.</summary>
public enum CostMode
{
    /// <summary>It is only held against the limits.</summary>
    Enforce,
    /// <summary>It stands in the answer too.</summary>
    Report,
    /// <summary>It is the answer: nothing is executed and nothing taken from the allowance.</summary>
    Validate,
}

/// <summary>What a caller may spend. The host puts it into the <see cref="RequestState"/>; without one nothing is priced.</summary>
public sealed record CostPolicy
{
    /// <summary>Field cost of one operation at most.</summary>
    public required double FieldCost { get; init; }
    /// <summary>Type cost of one operation at most.</summary>
    public required double TypeCost { get; init; }
    /// <summary>From which every operation is paid; null for callers without an allowance.</summary>
    public CostBucket? Bucket { get; init; }
    public CostMode Mode { get; init; }
}

/// <summary>The price of an operation, and what it left in the caller's bucket.</summary>
/// <param name="Bucket">Null without a bucket.</param>
/// <param name="IsShown">Whether the answer shows it.</param>
public sealed record CostReport(OperationCost Cost, BucketStatus? Bucket, bool IsShown)
{
    /// <summary>Seconds after which the same operation would be let in; null when it was.</summary>
    public double? RetryAfterSeconds { get; init; }
}
