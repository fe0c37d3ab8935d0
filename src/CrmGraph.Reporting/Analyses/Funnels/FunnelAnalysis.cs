using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Analyses.Funnels;

/// <summary>How many come from step to step; n is the opportunities opened in the period, or the customers.</summary>
[GraphQLName("Funnel")]
public sealed class FunnelAnalysis : Analysis
{
    /// <summary>The days in which opportunities were opened; null for steps of customers.</summary>
    public required MetricPeriod? Period { get; init; }
    /// <summary>In the order in which they were given.</summary>
    [ListSize(AssumedSize = 20)]
    public required IReadOnlyList<FunnelStep> Steps { get; init; }
}

/// <summary>A step of a funnel.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Stage">Null for steps of customers.</param>
/// <param name="Reached">
/// Opportunities that were in the stage or in a later one of the steps; customers who fulfil this condition and those before it. Null where they are too few to
/// be told of.
/// </param>
/// <param name="Conversion">Of those who reached the step before, from all of them for the first one.</param>
/// <param name="Overall">Of all.</param>
/// <param name="Waiting">Opportunities at the step before that are still open.</param>
/// <param name="MedianDays">
/// From entering the step before (being opened, for the first one) to entering this one, of those that were not lost; open ones count as longer than until now
/// (Kaplan and Meier). Null where half have not come yet.
/// </param>
/// <param name="P90Days">The same of nine in ten.</param>
/// <param name="Reason">Why there are no numbers, or no conversion.</param>
public sealed record FunnelStep(
    int Number, string? Stage, int? Reached, double? Conversion, double? Overall, int? Waiting, double? MedianDays, double? P90Days, NoValueReason? Reason);
