using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Analyses.Series;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace CrmGraph.Reporting.Analyses.Relations;

[QueryType]
public static class RelationQueries
{
    private const int MostMetrics = 10, LeastForCorrelation = 6, LeastForIntercept = 5, LeastForTerm = 3, ReliableForTerm = 10;
    private const double Confidence = 0.95;

    /// <summary>How metrics move together, interval by interval. That they do says nothing of which causes which.</summary>
    /// <param name="metrics">Keys of metricCatalog, 2 to 10.</param>
    /// <param name="period">The days of the intervals.</param>
    /// <param name="grain">The length of the intervals.</param>
    [UseMetricSeries]
    public static async Task<CorrelationAnalysis?> GetCorrelationAsync(
        ResolverContext context, IReadOnlyList<string> metrics, PeriodInput period, [DefaultValue("MONTH")] TimeGrain grain = TimeGrain.Month)
    {
        var keys = Distinct(metrics, 2);
        var series = await MetricSeries.ReadAsync(context, keys, period, grain);
        var rows = series.Complete(keys);
        AnalysisScope.Require(rows.Count, LeastForCorrelation, "intervals in which all metrics have a value");
        var columns = keys.Select((_, i) => rows.Select(r => r[i]).ToArray()).ToList();
        if (Flat(keys, columns) is { Count: > 0 } flat)
            throw NoVariation($"{string.Join(", ", flat)} did not vary");
        return new()
        {
            N = rows.Count,
            AsOf = series.Table.AsOf,
            Warnings = [.. series.Warnings(rows.Count), .. Small(rows.Count, 1)],
            Period = series.Table.Period,
            Grain = grain,
            Pairs =
            [
                .. from a in Enumerable.Range(0, keys.Count) from b in Enumerable.Range(a + 1, keys.Count - a - 1) select Pair(series, keys, columns, a, b),
            ],
        };
    }

    /// <summary>A metric explained by others, interval by interval: revenue by marketing spend, say.</summary>
    /// <param name="y">The key of the metric that is explained.</param>
    /// <param name="x">Keys of the metrics that explain it, 1 to 9.</param>
    /// <param name="period">The days of the intervals.</param>
    /// <param name="grain">The length of the intervals.</param>
    [UseMetricSeries]
    public static async Task<RegressionAnalysis?> GetRegressionAsync(
        ResolverContext context, string y, IReadOnlyList<string> x, PeriodInput period, [DefaultValue("MONTH")] TimeGrain grain = TimeGrain.Month)
    {
        var keys = Distinct([y, .. x], 2);
        var series = await MetricSeries.ReadAsync(context, keys, period, grain);
        var rows = series.Complete(keys);
        AnalysisScope.Require(rows.Count, LeastForIntercept + (LeastForTerm * x.Count), "intervals in which all metrics have a value");
        var columns = keys.Select((_, i) => rows.Select(r => r[i]).ToArray()).ToList();
        var fit = LinearRegression.Of(columns[0], columns[1..], Confidence)
            ?? throw NoVariation(Flat(keys, columns) is { Count: > 0 } flat ? $"{string.Join(", ", flat)} did not vary" : "one metric follows from the others");
        var metrics = keys.ConvertAll(series.Metric);
        return new(fit)
        {
            N = rows.Count,
            AsOf = series.Table.AsOf,
            Warnings = [.. series.Warnings(rows.Count), .. Small(rows.Count, x.Count), .. Following(fit)],
            Period = series.Table.Period,
            Grain = grain,
            Y = metrics[0],
            Coefficients = [.. fit.Coefficients.Select((c, i) => new RegressionCoefficient(
                i == 0 ? null : metrics[i], c.Estimate, c.StandardError, double.IsFinite(c.T) ? c.T : null, c.PValue, c.Low, c.High))],
        };
    }

    private static List<string> Distinct(IReadOnlyList<string> metrics, int least)
    {
        var keys = metrics.Distinct(StringComparer.Ordinal).ToList();
        AnalysisScope.Check(keys.Count == metrics.Count, "A metric is named twice: none tells anything about itself.");
        AnalysisScope.Check(
            keys.Count >= least && keys.Count <= MostMetrics, $"{least} to {MostMetrics} metrics are held against each other, not {keys.Count}.");
        return keys;
    }

    private static CorrelationPair Pair(MetricSeries series, List<string> keys, List<double[]> columns, int a, int b)
    {
        var n = columns[a].Length;
        var pearson = Math.Clamp(Correlation.Pearson(columns[a], columns[b]), -1, 1);
        var (z, half) = (Math.Atanh(pearson), Normal.InvCDF(0, 1, (1 + Confidence) / 2) / Math.Sqrt(n - 3));
        var t = pearson * Math.Sqrt((n - 2) / (1 - (pearson * pearson)));
        return new(
            series.Metric(keys[a]), series.Metric(keys[b]), pearson, Correlation.Spearman(columns[a], columns[b]),
            Math.Tanh(z - half), Math.Tanh(z + half), double.IsFinite(t) ? LinearRegression.TwoSided(t, n - 2) : 0);
    }

    private static List<string> Flat(List<string> keys, List<double[]> columns) => [.. keys.Where((_, i) => !LinearRegression.Varies(columns[i]))];

    private static IReadOnlyList<AnalysisWarning> Small(int n, int terms) => AnalysisWarning.When(
        n < ReliableForTerm * (terms + 1), AnalysisWarningCode.SmallSample, $"{n} intervals for {terms} metrics: fewer than ten for each term.");

    private static IReadOnlyList<AnalysisWarning> Following(LinearRegression fit) => AnalysisWarning.When(
        fit.DurbinWatson < 1, AnalysisWarningCode.PoorFit, "What is not explained follows itself in time, so that the standard errors are too small.");

    private static GraphQLException NoVariation(string what) =>
        new(AnalysisErrorCodes.NoVariation, $"Nothing follows from these intervals: {what}.");
}
