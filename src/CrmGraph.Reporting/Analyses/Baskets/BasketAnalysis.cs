using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Analyses.Baskets;

/// <summary>Products bought together; n is the sales that name a product.</summary>
[GraphQLName("Basket")]
public sealed class BasketAnalysis : Analysis
{
    /// <summary>The days whose sales count.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>How many rules there are.</summary>
    public int RuleCount => Found.Count;

    internal IReadOnlyList<ProductRule> Found { get; init; } = [];
}

/// <summary>Sales with the one product that also have the other.</summary>
/// <param name="Orders">Sales with both.</param>
/// <param name="Support">Of all sales.</param>
/// <param name="Confidence">Of the sales with the antecedent.</param>
/// <param name="Lift">Confidence over the share of all sales that have the consequent: above 1 they are bought together more than by chance.</param>
[GraphQLName("BasketRule")]
public sealed record ProductRule(
    [property: GraphQLIgnore] Guid AntecedentId, [property: GraphQLIgnore] Guid ConsequentId, int Orders, double Support, double Confidence, double Lift);
