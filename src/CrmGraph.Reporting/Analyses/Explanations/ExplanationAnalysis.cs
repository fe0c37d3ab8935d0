using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Analyses.Explanations;

/// <summary>Where a metric's change comes from; n is the members of all dimensions.</summary>
[GraphQLName("Explanation")]
public sealed class ExplanationAnalysis : Analysis
{
    /// <summary>The metric that changed.</summary>
    public required MetricDefinition Metric { get; init; }
    /// <summary>The days that are explained.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>The days that they are compared with.</summary>
    public required MetricPeriod Comparison { get; init; }
    /// <summary>ISO 4217 code where the metric is money.</summary>
    public required string? Currency { get; init; }
    /// <summary>Of the period.</summary>
    public required decimal Value { get; init; }
    /// <summary>Of the comparison.</summary>
    public required decimal Previous { get; init; }
    /// <summary>Value - previous: what the contributions of each dimension add up to.</summary>
    public required decimal Change { get; init; }
    /// <summary>Each dimension asked for explains the whole change by itself.</summary>
    [ListSize(AssumedSize = 10)]
    public required IReadOnlyList<DimensionExplanation> Dimensions { get; init; }
}

/// <summary>The change by the members of one dimension.</summary>
/// <param name="Dimension">Which one.</param>
/// <param name="Attribute">The name of the attribute, of dimensions of attributes.</param>
/// <param name="Contributions">The greatest first, whatever their sign; they add up to the change exactly.</param>
public sealed record DimensionExplanation(
    MetricDimension Dimension, string? Attribute, [property: ListSize(AssumedSize = 100)] IReadOnlyList<Contribution> Contributions);

/// <summary>What a contribution is of.</summary>
public enum ContributionKind
{
    /// <summary>A member of the dimension.</summary>
    Member,
    /// <summary>Members that are not shown, because there are more than asked for or too few customers behind them.</summary>
    Others,
    /// <summary>What is counted in several members and once in the whole, such as a customer who bought through two channels.</summary>
    Overlap,
}

/// <summary>A part of the change.</summary>
/// <param name="Kind">What it is of.</param>
/// <param name="Member">Null of others and of overlap.</param>
/// <param name="Value">Of the period; null of others and of overlap.</param>
/// <param name="Previous">Of the comparison; null of others and of overlap.</param>
/// <param name="Amount">Of the change.</param>
/// <param name="Share">Amount over change; null where nothing changed.</param>
/// <param name="NumeratorEffect">Of a quotient, the part of the contribution that comes from its numerator; null for other metrics.</param>
/// <param name="DenominatorEffect">Of a quotient, the part that comes from its denominator: the two add up to the contribution.</param>
public sealed record Contribution(
    ContributionKind Kind, DimensionValue? Member, decimal? Value, decimal? Previous, [property: GraphQLName("contribution")] decimal Amount, decimal? Share,
    decimal? NumeratorEffect = null, decimal? DenominatorEffect = null);
