using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Analyses.Series;

/// <summary>Metrics of the same intervals, as <c>metrics</c> would show them: rows of numbers.</summary>
/// <param name="Rows">The intervals that are over, one row each.</param>
/// <param name="Unfinished">Intervals left out because they are not over, or only in part within the period.</param>
internal sealed record MetricSeries(MetricTable Table, IReadOnlyList<MetricRow> Rows, int Unfinished)
{
    /// <summary>The definition of a metric of the table, one of the company's own included.</summary>
    public MetricDefinition Metric(string key) => Of(Table.Totals, key).Metric;

    /// <summary>A metric's value in an interval.</summary>
    public static decimal? Value(MetricRow row, string key) => Of(row, key).Value;

    public static MetricValue Of(MetricRow row, string key) => row.Values[MetricCatalog.Named(key).Asked];

    public static async Task<MetricSeries> ReadAsync(ResolverContext context, IEnumerable<string> keys, PeriodInput period, TimeGrain grain)
    {
        var query = new MetricQuery { Period = period, Grain = grain, Where = context.Argument<InputObject>(UseMetricSeriesAttribute.Where) };
        var table = await ComputeAsync(context, query, MetricSelection.Of(keys) with { Rows = false, GroupTotals = false, Totals = false });
        var whole = table.BucketTotals.Where(r => r.Bucket is { Incomplete: false }).ToList();
        // Only small intervals are hidden: what is left of them, with those that have nobody, would mislead.
        if (whole.Count(r => r.Values.Values.Any(v => v.Reason == NoValueReason.SuppressedSmallGroup)) is > 0 and var hidden)
            throw new GraphQLException(
                AnalysisErrorCodes.SmallGroup,
                $"{hidden} of {whole.Count} intervals are hidden because too few customers stand behind them; ask for a longer `grain` or a wider `where`.");
        return new(table, whole, table.BucketTotals.Count - whole.Count);
    }

    /// <summary>A table for the caller at the moment of the request.</summary>
    public static async Task<MetricTable> ComputeAsync(ResolverContext context, MetricQuery query, MetricSelection selection) =>
        await context.Services.GetRequiredService<MetricEngine>().ComputeAsync(
            context.Services.GetRequiredService<CrmDbContext>(), query, selection, context.State.Require<Caller>(), context.CancellationToken,
            await RequestSettings.MomentAsync(context), await RequestSettings.CompanyAsync(context));

    /// <summary>The intervals in which every one of the metrics has a value, with the values.</summary>
    public IReadOnlyList<double[]> Complete(IReadOnlyList<string> keys) =>
    [
        .. Rows.Select(r => keys.Select(k => Value(r, k)).ToArray()).Where(v => v.All(x => x is not null))
            .Select(v => v.Select(x => (double)x!).ToArray()),
    ];

    /// <summary>What was left out.</summary>
    /// <param name="used">Intervals that remain.</param>
    public IEnumerable<AnalysisWarning> Warnings(int used) =>
    [
        .. AnalysisWarning.When(Unfinished > 0, AnalysisWarningCode.IncompletePeriod,
            $"{Unfinished} intervals are not over, or only in part within the period, and are left out."),
        .. AnalysisWarning.When(used < Rows.Count, AnalysisWarningCode.LeftOut,
            $"{Rows.Count - used} intervals in which a metric has no value are left out."),
    ];
}
