using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Analyses.Series;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Analyses.Explanations;

[QueryType]
public static class ExplanationQueries
{
    private const int MostDimensions = 10, MostMembers = 100;

    /// <summary>From which members of each dimension a metric's change against an earlier period comes.</summary>
    /// <param name="metric">The key of an amount or a count; a ratio is no sum of its members.</param>
    /// <param name="period">The days that are explained.</param>
    /// <param name="by">Each of these dimensions explains the change by itself.</param>
    /// <param name="attribute">The name of the customers' attribute for `ATTRIBUTE`.</param>
    /// <param name="compareTo">What the period is compared with.</param>
    /// <param name="first">Members shown of each dimension, 1 to 100; the others are one contribution.</param>
    [UseMetricSeries]
    public static async Task<ExplanationAnalysis?> GetExplainAsync(
        ResolverContext context, string metric, PeriodInput period, IReadOnlyList<MetricDimension> by, string? attribute = null,
        [DefaultValue("PREVIOUS_PERIOD")] Comparison compareTo = Comparison.PreviousPeriod, int first = 20)
    {
        var definition = MetricCatalog.Require(metric);
        if (definition.Kind != MetricKind.Count && (definition.Kind != MetricKind.Money || definition.Additivity == Additivity.NonAdditive))
            throw new GraphQLException(
                MetricErrorCodes.Unsupported, $"{metric} is no sum of its members; explain what it is made of: {definition.Formula}");
        if (by.Count is 0 or > MostDimensions || by.Distinct().Count() != by.Count || by.Contains(MetricDimension.Segment) || first is < 1 or > MostMembers)
            throw new GraphQLException(
                ErrorCodes.InvalidArgument,
                $"`by` names 1 to {MostDimensions} different dimensions other than SEGMENT, whose members overlap; `first` is 1 to {MostMembers}.");
        var tables = new List<MetricTable>();
        foreach (var dimension in by)
            tables.Add(await MetricSeries.ComputeAsync(
                context,
                new()
                {
                    Period = period,
                    GroupBy = [dimension],
                    Attribute = dimension == MetricDimension.Attribute ? attribute : null,
                    CompareTo = compareTo,
                    Where = context.Argument<InputObject>(UseMetricSeriesAttribute.Where),
                },
                MetricSelection.Of(metric) with { Rows = false, BucketTotals = false }));
        var total = tables[0].Totals.Values[metric];
        if (total is not { Value: { } value, Previous: { } previous } || tables[0].Comparison is not { } comparison)
            throw new GraphQLException(
                AnalysisErrorCodes.TooFew, $"{metric} has no value in both periods ({total.Reason ?? total.PreviousReason}), so there is no change.");
        return new()
        {
            N = tables.Sum(t => t.GroupTotals.Count),
            AsOf = tables[0].AsOf,
            Warnings = AnalysisWarning.When(
                tables[0].Period.Incomplete, AnalysisWarningCode.IncompletePeriod, "The period is not over; it is compared with as many days."),
            Metric = definition,
            Period = tables[0].Period,
            Comparison = comparison,
            Currency = definition.Kind == MetricKind.Money ? tables[0].Currency : null,
            Value = value,
            Previous = previous,
            Change = value - previous,
            Dimensions = [.. by.Zip(tables, (d, t) => new DimensionExplanation(d, Contributions.Of(t.GroupTotals, metric, value - previous, first)))],
        };
    }
}

/// <summary>From the members of a dimension to what they add up to. No database here.</summary>
internal static class Contributions
{
    public static IReadOnlyList<Contribution> Of(IReadOnlyList<MetricRow> members, string metric, decimal change, int first)
    {
        var shown = members.Where(m => !IsHidden(m.Values[metric])).Select(m => Member(m, m.Values[metric], change))
            .OrderByDescending(c => Math.Abs(c.Amount)).ThenBy(c => c.Member!.Key, StringComparer.Ordinal).ToList();
        var (kept, left) = (shown.Take(first).ToList(), shown.Skip(first).Sum(c => c.Amount));
        var rest = change - kept.Sum(c => c.Amount);
        // What is hidden cannot be told from what overlaps.
        var isHidden = shown.Count < members.Count;
        var others = isHidden ? rest : left;
        if (isHidden || shown.Count > first)
            kept.Add(Rest(ContributionKind.Others, others, change));
        if (rest != others)
            kept.Add(Rest(ContributionKind.Overlap, rest - others, change));
        return kept;
    }

    private static bool IsHidden(MetricValue value) =>
        value.Reason == NoValueReason.SuppressedSmallGroup || value.PreviousReason == NoValueReason.SuppressedSmallGroup;

    /// <summary>A member that only one of the periods has was 0 in the other.</summary>
    private static Contribution Member(MetricRow row, MetricValue value, decimal change)
    {
        var amount = (value.Value ?? 0) - (value.Previous ?? 0);
        return new(ContributionKind.Member, row.Dimensions[0], value.Value ?? 0, value.Previous ?? 0, amount, Share(amount, change));
    }

    private static Contribution Rest(ContributionKind kind, decimal amount, decimal change) => new(kind, null, null, null, amount, Share(amount, change));

    private static decimal? Share(decimal amount, decimal change) => Outcome.Ratio(Outcome.Of(amount), Outcome.Of(change)).Round(12).Value;
}
