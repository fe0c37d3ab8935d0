using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Analyses.Rfm;

/// <summary>Customers by recency, frequency and money; n is those with a sale in the period.</summary>
[GraphQLName("Rfm")]
public sealed class RfmAnalysis : Analysis
{
    /// <summary>The days whose sales count.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>The day that recency is counted from.</summary>
    public required DateOnly Day { get; init; }
    /// <summary>ISO 4217 code of all money.</summary>
    public required string Currency { get; init; }
    /// <summary>All eleven, also those that have nobody.</summary>
    [ListSize(AssumedSize = 11)]
    public required IReadOnlyList<RfmGroupFigures> Groups { get; init; }
    internal IReadOnlyList<RfmCustomer> Scored { get; init; } = [];
}

/// <summary>A group and its means.</summary>
/// <param name="Group">Which of the eleven.</param>
/// <param name="Customers">Null where they are too few to be told of.</param>
/// <param name="CustomerShare">Of all customers, prospects included.</param>
/// <param name="Revenue">Sales less returns.</param>
/// <param name="MeanRecency">Days since the last sale.</param>
/// <param name="MeanFrequency">Sales.</param>
/// <param name="MeanMonetary">Sales less returns of one customer.</param>
/// <param name="Reason">Why there are no means.</param>
[GraphQLName("RfmGroupSummary")]
public sealed record RfmGroupFigures(
    RfmGroup Group, int? Customers, decimal? CustomerShare, decimal? Revenue, decimal? MeanRecency, decimal? MeanFrequency, decimal? MeanMonetary,
    NoValueReason? Reason);

/// <summary>A customer's place.</summary>
/// <param name="Recency">Days since the last sale.</param>
/// <param name="Frequency">Sales.</param>
/// <param name="Monetary">Sales less returns.</param>
/// <param name="R">Score of recency, 5 for the most recent fifth.</param>
/// <param name="F">Score of frequency, 5 for the most frequent fifth.</param>
/// <param name="M">Score of money, 5 for the fifth with the most.</param>
/// <param name="Group">The group that follows from the scores.</param>
public sealed record RfmCustomer(
    [property: GraphQLIgnore] Guid CustomerId, int Recency, int Frequency, decimal Monetary, int R, int F, int M, RfmGroup Group) : IOfCustomer
{
    /// <summary>The three scores side by side: 555 is best.</summary>
    public string Score => $"{R}{F}{M}";
}
