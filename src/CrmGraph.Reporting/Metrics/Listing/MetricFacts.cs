using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Paging;

namespace CrmGraph.Reporting.Metrics.Listing;

/// <summary>A page of the rows behind a number, and the number.</summary>
[GraphQLName("FactsConnection")]
public sealed class MetricFacts
{
    /// <summary>The metric that the rows are behind.</summary>
    public required MetricDefinition Metric { get; init; }
    /// <summary>The days of the number.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>The ISO 4217 code of all money here; null where there is none.</summary>
    public required string? Currency { get; init; }
    /// <summary>
    /// The number, as `metrics` shows it: the values of all rows add up to it. Of a quotient, the part that was asked for. Null if there is a `reason`.
    /// </summary>
    public required decimal? Value { get; init; }
    /// <summary>Why there is no number; then there are no rows, either.</summary>
    public required NoValueReason? Reason { get; init; }
    /// <summary>Whether the values of the rows add up to the number; false for medians and the like, of which the rows are the values.</summary>
    public required bool AddsUp { get; init; }
    /// <summary>Where the page lies in the list.</summary>
    public required PageInfo PageInfo { get; init; }
    /// <summary>The rows of the page with their cursors.</summary>
    public required IReadOnlyList<MetricFactEdge> Edges { get; init; }
    /// <summary>The rows of the page without cursors, the latest first; customers who are counted once have no day.</summary>
    public IReadOnlyList<MetricFact> Nodes => [.. Edges.Select(e => e.Node)];
    /// <summary>The number of rows in the whole list. It is counted only if selected.</summary>
    [Cost(QueryCosts.Count)] public required int TotalCount { get; init; }
}

/// <summary>A row behind a number and its cursor.</summary>
/// <param name="Cursor">The position of the row in the list, for `after` and `before`.</param>
/// <param name="Node">The row at the end of the edge.</param>
[GraphQLName("FactsEdge")]
public sealed record MetricFactEdge(string Cursor, MetricFact Node);

/// <summary>A row behind a number.</summary>
/// <param name="Type">What it is: the field of that name has it.</param>
/// <param name="Day">The day on which it counts; null for customers who are counted once.</param>
/// <param name="Value">What it gives to the number, in its currency. Null if there is no exchange rate.</param>
[GraphQLName("Fact")]
public sealed record MetricFact(FactSubject Type, DateOnly? Day, decimal? Value)
{
    [GraphQLIgnore] public required Guid? Id { get; init; }
    /// <summary>Null for guests.</summary>
    [GraphQLIgnore] public required Guid? CustomerId { get; init; }

    internal Guid? IdOf(FactSubject subject) => Type == subject ? Id : null;
}
