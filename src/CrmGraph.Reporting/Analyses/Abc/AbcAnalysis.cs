using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Analyses.Abc;

/// <summary>What is put into classes.</summary>
public enum AbcSubject
{
    /// <summary>Customers, by what they bought.</summary>
    Customers,
    /// <summary>Products, by what they sold.</summary>
    Products,
}

/// <summary>Customers or products by their share of the sales; n is how many had sales or returns in the period.</summary>
[GraphQLName("Abc")]
public sealed class AbcAnalysis : Analysis
{
    /// <summary>What is put into classes.</summary>
    public required AbcSubject Of { get; init; }
    /// <summary>The days whose sales count.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>ISO 4217 code of all money.</summary>
    public required string Currency { get; init; }
    /// <summary>All three, also those that have nobody.</summary>
    [ListSize(AssumedSize = 3)]
    public required IReadOnlyList<AbcClassFigures> Classes { get; init; }
    internal IReadOnlyList<AbcItem> Ranked { get; init; } = [];
}

/// <summary>A class and its share.</summary>
/// <param name="Class">Which of the three.</param>
/// <param name="Count">Customers or products; null where they are too few to be told of.</param>
/// <param name="Revenue">Sales less returns.</param>
/// <param name="CountShare">Of all customers or products.</param>
/// <param name="RevenueShare">Of the revenue of all.</param>
/// <param name="Reason">Why there are no numbers, or no share of revenue.</param>
[GraphQLName("AbcClassSummary")]
public sealed record AbcClassFigures(
    AbcClass Class, int? Count, decimal? Revenue, decimal? CountShare, decimal? RevenueShare, NoValueReason? Reason);

/// <summary>A customer or product and its class.</summary>
/// <param name="Rank">From 1, by revenue.</param>
/// <param name="Revenue">Sales less returns.</param>
/// <param name="Cumulative">Share of the sum of all that sold more than they took back, up to and with this one.</param>
/// <param name="Class">The class that it belongs to.</param>
public sealed record AbcItem([property: GraphQLIgnore] Guid Id, int Rank, decimal Revenue, decimal Cumulative, AbcClass Class)
{
    internal AbcSubject Of { get; init; }
}
