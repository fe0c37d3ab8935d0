using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Analyses.Series;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Analyses.Anomalies;

[QueryType]
public static class AnomalyQueries
{
    private const int LeastLike = 4;

    /// <summary>
    /// The intervals of a metric that are unlike the others: days are held against the same weekday, other grains against all intervals, by the median and the
    /// median distance from it.
    /// </summary>
    /// <param name="metric">A key of metricCatalog, one of the company's own metrics included.</param>
    /// <param name="period">The days that are looked at.</param>
    /// <param name="grain">The length of the intervals, DAY or longer.</param>
    /// <param name="threshold">From how many spreads on a value is unusual; 3.5 after Iglewicz and Hoaglin.</param>
    /// <param name="floor">The least spread, as a share of the median.</param>
    [UseMetricSeries]
    public static async Task<AnomalyAnalysis?> GetAnomaliesAsync(
        ResolverContext context, string metric, PeriodInput period, [DefaultValue("DAY")] TimeGrain grain = TimeGrain.Day,
        [DefaultValue("3.5")] double threshold = 3.5, [DefaultValue("0.05")] double floor = 0.05)
    {
        AnalysisScope.Check(threshold > 0, "`threshold` is more than 0.");
        AnalysisScope.Check(floor >= 0, "`floor` is 0 or more.");
        AnalysisScope.Check(grain != TimeGrain.Hour, "`grain` of anomalies is DAY or longer.");
        var series = await MetricSeries.ReadAsync(context, [metric], period, grain);
        var values = series.Rows.Where(r => MetricSeries.Value(r, metric) is not null)
            .Select(r => (Bucket: r.Bucket!, Value: (double)MetricSeries.Value(r, metric)!)).ToList();
        var like = values.ToLookup(v => grain == TimeGrain.Day ? v.Bucket.Start.DayOfWeek : default, v => v);
        AnalysisScope.Require(like.Count == 0 ? 0 : like.Max(l => l.Count()) - 1, LeastLike, "other intervals to hold one against");
        var definition = series.Metric(metric);
        return new()
        {
            N = values.Count,
            AsOf = series.Table.AsOf,
            Warnings = [.. series.Warnings(values.Count)],
            Metric = definition,
            Period = series.Table.Period,
            Grain = grain,
            Anomalies = [.. like.Where(l => l.Count() > LeastLike).SelectMany(l => Unusual(l)).OrderBy(a => a.Bucket.Index)],
        };

        IEnumerable<Anomaly> Unusual(IEnumerable<(TimeBucket Bucket, double Value)> alike) =>
            from one in alike
            let score = RobustScore.Of(one.Value, [.. alike.Where(o => o.Bucket.Index != one.Bucket.Index).Select(o => o.Value)], floor)
            where Math.Abs(score.Score) > threshold
            select new Anomaly(
                one.Bucket, one.Value, score.Expected, definition.Range.Nearest(score.Expected - (threshold * score.Spread)),
                definition.Range.Nearest(score.Expected + (threshold * score.Spread)), score.Score,
                definition.Favourable == FavourableDirection.Neither ? null : score.Score > 0 == (definition.Favourable == FavourableDirection.Up));
    }
}
