using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Analyses.Series;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Analyses.Explanations;

[QueryType]
public static class ExplanationQueries
{
    private const int MostDimensions = 10, MostMembers = 100;

    private static readonly IReadOnlyList<MetricDimension> Usual =
    [
        MetricDimension.Region, MetricDimension.Channel, MetricDimension.AcquisitionChannel, MetricDimension.ProductCategory, MetricDimension.Owner,
        MetricDimension.CustomerKind,
    ];

    /// <summary>From which members of each dimension a metric's change against an earlier period comes.</summary>
    /// <param name="metric">The key of an amount, a count, or a quotient of such, one of the company's own metrics included.</param>
    /// <param name="period">The days that are explained.</param>
    /// <param name="by">
    /// Each of these dimensions explains the change by itself. If omitted, those that the metric has of region, channel, acquisition channel, product category, owner
    /// and kind of customer.
    /// </param>
    /// <param name="compareTo">What the period is compared with.</param>
    /// <param name="first">Members shown of each dimension, 1 to 100; the others are one contribution.</param>
    [UseMetricSeries, UseAttributes]
    public static async Task<ExplanationAnalysis?> GetExplainAsync(
        ResolverContext context, string metric, PeriodInput period, IReadOnlyList<MetricDimension>? by = null,
        [DefaultValue("PREVIOUS_PERIOD")] Comparison compareTo = Comparison.PreviousPeriod, int first = 20)
    {
        by ??= UsualOf(metric);
        AnalysisScope.Check(by.Count is > 0 and <= MostDimensions, $"`by` names 1 to {MostDimensions} dimensions, not {by.Count}.");
        AnalysisScope.Check(!by.Contains(MetricDimension.Segment), "`by` names no SEGMENT, whose members overlap.");
        AnalysisScope.Check(first is >= 1 and <= MostMembers, $"`first` is 1 to {MostMembers}, not {first}.");
        var asked = new MetricQuery
        {
            Period = period, CompareTo = compareTo, Where = context.Argument<InputObject>(UseMetricSeriesAttribute.Where),
        }.WithAttributes(context);
        asked = asked with { GroupBy = by };
        Grouping.Check(asked, context.HostServices.GetService<CrmLimits>() ?? new());
        var attributes = Grouping.AttributesOf(asked);
        var tables = new List<MetricTable>();
        foreach (var (dimension, attribute) in by.Zip(attributes))
            tables.Add(await MetricSeries.ComputeAsync(
                context,
                asked with
                {
                    GroupBy = [dimension],
                    Attributes = attribute is null ? [] : [attribute],
                    Attribute = null,
                    OrderAttribute = null,
                    TicketAttribute = null,
                    AttributeBands = [],
                },
                MetricSelection.Of(metric) with { Rows = false, BucketTotals = false }));
        var total = MetricSeries.Of(tables[0].Totals, metric);
        var definition = total.Metric;
        if (total is not { Value: { } value, Previous: { } previous } || tables[0].Comparison is not { } comparison)
            throw new GraphQLException(
                AnalysisErrorCodes.TooFew,
                $"{metric} does not have a value in both periods ({SnakeCase.Upper($"{total.Reason ?? total.PreviousReason}")}), so there is no change.");
        var isSum = definition.Kind == MetricKind.Count || (definition.Kind == MetricKind.Money && definition.Additivity != Additivity.NonAdditive);
        if (!isSum && total.Quotients is null)
            throw new GraphQLException(
                MetricErrorCodes.Unsupported,
                $"{metric} is neither a sum of its members nor a quotient of such sums; explain what it is made of: {definition.Formula}");
        var split = new Contributions(metric, isSum ? null : total.Quotients, value - previous);
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
            Dimensions = [.. by.Zip(tables, attributes).Select(d => new DimensionExplanation(d.First, d.Third?.Key, split.Of(d.Second.GroupTotals, first)))],
        };
    }

    private static IReadOnlyList<MetricDimension> UsualOf(string metric) => MetricCatalog.Find(metric) is { } known ? [.. Usual.Where(known.Supports)] : Usual;
}
