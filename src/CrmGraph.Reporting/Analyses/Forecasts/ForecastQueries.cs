using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Analyses.Series;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;
using MathNet.Numerics.Distributions;

namespace CrmGraph.Reporting.Analyses.Forecasts;

[QueryType]
public static class ForecastQueries
{
    private const int Least = 8, MostAhead = 100;

    /// <summary>
    /// A metric's next intervals, by the method that would have been least wrong before: Holt-Winters with a season, Holt without, or the same as a
    /// season ago.
    /// </summary>
    /// <param name="metric">A key of metricCatalog, one of the company's own metrics included.</param>
    /// <param name="period">What the forecast learns from; its intervals that are over.</param>
    /// <param name="grain">The length of the intervals, DAY or longer.</param>
    /// <param name="horizon">Intervals ahead, 1 to 100.</param>
    /// <param name="confidence">Of the intervals, 0.5 to 0.999.</param>
    [UseMetricSeries]
    public static async Task<ForecastAnalysis?> GetForecastAsync(
        ResolverContext context, string metric, PeriodInput period, [DefaultValue("MONTH")] TimeGrain grain = TimeGrain.Month, int horizon = 6,
        [DefaultValue("0.95")] double confidence = 0.95)
    {
        AnalysisScope.Check(horizon is >= 1 and <= MostAhead, $"`horizon` is 1 to {MostAhead}, not {horizon}.");
        AnalysisScope.Check(confidence is >= 0.5 and <= 0.999, "`confidence` is 0.5 to 0.999.");
        AnalysisScope.Check(grain != TimeGrain.Hour, "`grain` of a forecast is DAY or longer.");
        var series = await MetricSeries.ReadAsync(context, [metric], period, grain);
        var values = Filled(series, metric);
        AnalysisScope.Require(values.Length, Least, "intervals that are over and have a value");
        var season = Season(grain);
        var naive = SeasonalNaive.Of(season < values.Length - 2 ? season : 1);
        var range = series.Metric(metric).Range;
        ForecastMethod[] methods =
            [.. (season > 1 ? [naive, HoltWinters.Of(1), HoltWinters.Of(season)] : new[] { naive, HoltWinters.Of(1) }).Select(m => m.Within(range.Nearest))];
        var scores = Backtest.Of(values, Math.Min(horizon, values.Length / 4), methods);
        var best = scores.Where(s => s.MeanAbsoluteError is not null).MinBy(s => s.MeanAbsoluteError) ?? scores[0];
        var moment = await RequestSettings.MomentAsync(context);
        return new()
        {
            N = values.Length,
            AsOf = series.Table.AsOf,
            Warnings = [.. series.Warnings(series.Complete([metric]).Count), .. Warnings(values.Length, season, scores)],
            Metric = series.Metric(metric),
            Period = series.Table.Period,
            Grain = grain,
            Method = best.Method.Name,
            SeasonLength = best.Method.Name == ForecastMethodName.Holt || season >= values.Length - 2 ? 1 : season,
            BacktestError = best.MeanAbsoluteError,
            NaiveError = scores[0].MeanAbsoluteError,
            Backtest = [.. scores.Select(s => new ForecastBacktest(s.Method.Name, s.MeanAbsoluteError, s.Forecasts))],
            Points = [.. Points(best.Method.Forecast(values, horizon), Ahead(series, grain, horizon, moment), confidence, range)],
        };
    }

    /// <summary>From the first value on; an interval without one between others is taken to lie on the line between them.</summary>
    private static double[] Filled(MetricSeries series, string metric)
    {
        var known = series.Rows.Select((r, i) => (Index: i, Value: MetricSeries.Value(r, metric))).Where(v => v.Value is not null).ToList();
        if (known.Count == 0)
            return [];
        var filled = new List<double> { (double)known[0].Value! };
        foreach (var (before, next) in known.Zip(known.Skip(1)))
            for (var i = before.Index + 1; i <= next.Index; i++)
                filled.Add((double)(before.Value! + ((next.Value! - before.Value) * (i - before.Index) / (next.Index - before.Index)))!);
        return [.. filled];
    }

    private static IEnumerable<ForecastPoint> Points(IReadOnlyList<Ahead> ahead, IReadOnlyList<TimeBucket> buckets, double confidence, MetricRange range)
    {
        var width = Normal.InvCDF(0, 1, (1 + confidence) / 2);
        return ahead.Zip(buckets, (a, b) => new ForecastPoint(
            b, a.Value, range.Nearest(a.Value - (width * a.Deviation)), range.Nearest(a.Value + (width * a.Deviation))));
    }

    private static IReadOnlyList<TimeBucket> Ahead(MetricSeries series, TimeGrain grain, int horizon, ReportingMoment moment)
    {
        var (from, unit) = (series.Rows[^1].Bucket!.Until, TimeBuckets.Unit(grain));
        return TimeBuckets.Of(grain, new(from, ReportingMoment.AddUnits(from, unit, horizon)), moment, horizon + 1).List;
    }

    private static IEnumerable<AnalysisWarning> Warnings(int values, int season, IReadOnlyList<BacktestScore> scores) =>
    [
        .. AnalysisWarning.When(season > 1 && values < (2 * season) + 3, AnalysisWarningCode.SmallSample,
            $"{values} intervals are fewer than two seasons of {season}: a season cannot be told from chance."),
        .. AnalysisWarning.When(scores.All(s => s.MeanAbsoluteError is null), AnalysisWarningCode.SmallSample, "Too few intervals for a backtest."),
        .. AnalysisWarning.When(scores.Skip(1).All(s => s.MeanAbsoluteError is null || s.MeanAbsoluteError >= scores[0].MeanAbsoluteError),
            AnalysisWarningCode.PoorFit, "Nothing was better than the same as before."),
    ];

    private static int Season(TimeGrain grain) => grain switch
    {
        TimeGrain.Day => 7,
        TimeGrain.Week => 52,
        TimeGrain.Month => 12,
        TimeGrain.Quarter or TimeGrain.FiscalQuarter => 4,
        _ => 1,
    };
}
