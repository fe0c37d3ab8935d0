using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Analyses.Behaviour;

/// <summary>Natural groups of customers by how they buy, by k-means on standardised logarithms of the features; n is customers with a sale.</summary>
[GraphQLName("Clusters")]
public sealed class ClusterAnalysis : Analysis
{
    /// <summary>The days whose sales count.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>ISO 4217 code of all money.</summary>
    public required string Currency { get; init; }
    /// <summary>How many groups.</summary>
    public required int K { get; init; }
    /// <summary>From -1 to 1: how much nearer customers are to their own group than to the next one. Below 0.25 there is hardly a structure.</summary>
    public required double Silhouette { get; init; }
    /// <summary>What it was for each k that was tried.</summary>
    [ListSize(AssumedSize = 10)]
    public required IReadOnlyList<ClusterTrial> Trials { get; init; }
    /// <summary>The one with the most revenue by customer first.</summary>
    [ListSize(AssumedSize = 10)]
    public required IReadOnlyList<Cluster> Clusters { get; init; }

    internal IReadOnlyList<ClusteredCustomer> Assigned { get; init; } = [];
}

/// <summary>A number of groups that was tried.</summary>
/// <param name="K">How many groups.</param>
/// <param name="Silhouette">How well customers fell into them, from -1 to 1.</param>
public sealed record ClusterTrial(int K, double Silhouette);

/// <summary>Customers who buy alike.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Customers">Null where they are too few to be told of.</param>
/// <param name="Share">Of all customers.</param>
/// <param name="Silhouette">Of its customers.</param>
/// <param name="Means">Of each feature.</param>
/// <param name="Reason">Why there are no numbers.</param>
public sealed record Cluster(
    int Number, int? Customers, double? Share, double? Silhouette, [property: ListSize(AssumedSize = 5)] IReadOnlyList<FeatureMean> Means,
    NoValueReason? Reason);

/// <summary>A feature of the customers of a group.</summary>
/// <param name="Feature">Which one.</param>
/// <param name="Mean">In days, sales or money.</param>
public sealed record FeatureMean(BehaviourFeature Feature, double Mean);

/// <summary>A customer and his group.</summary>
/// <param name="Cluster">The number of the group.</param>
public sealed record ClusteredCustomer([property: GraphQLIgnore] Guid CustomerId, int Cluster) : IOfCustomer;

/// <summary>What the features of customers' buying have in common, by principal components of their correlations; n is customers with a sale.</summary>
[GraphQLName("Factors")]
public sealed class FactorAnalysis : Analysis
{
    /// <summary>The days whose sales count.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>The one along which customers differ most first.</summary>
    [ListSize(AssumedSize = 5)]
    public required IReadOnlyList<Factor> Components { get; init; }
}

/// <summary>A principal component: a direction in which customers differ.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Eigenvalue">Above 1 it tells more than any one feature.</param>
/// <param name="ExplainedShare">Of all variance of the features.</param>
/// <param name="CumulativeShare">Of this component and those before it.</param>
/// <param name="Loadings">Of each feature; their squares add up to 1, and the greatest is positive.</param>
public sealed record Factor(
    int Number, double Eigenvalue, double ExplainedShare, double CumulativeShare,
    [property: ListSize(AssumedSize = 5)] IReadOnlyList<FeatureLoading> Loadings);

/// <summary>How much a component takes from a feature.</summary>
/// <param name="Feature">Which one.</param>
/// <param name="Loading">From -1 to 1.</param>
public sealed record FeatureLoading(BehaviourFeature Feature, double Loading);

/// <summary>Customers outside a segment who buy as its members do; n is members with a sale.</summary>
[GraphQLName("Lookalikes")]
public sealed class LookalikeAnalysis : Analysis
{
    /// <summary>The days whose sales count.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>Customers with a sale outside the segment.</summary>
    public required int Candidates { get; init; }

    internal IReadOnlyList<Lookalike> Found { get; init; } = [];
}

/// <summary>A customer outside the segment.</summary>
/// <param name="Distance">The mean distance to the five members who buy most alike, in deviations of the features.</param>
/// <param name="Similarity">One over one plus the distance: 1 for the same.</param>
public sealed record Lookalike([property: GraphQLIgnore] Guid CustomerId, double Distance, double Similarity) : IOfCustomer;
