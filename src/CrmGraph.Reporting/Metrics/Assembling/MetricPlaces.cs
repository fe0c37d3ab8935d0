using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>The places of the values of one list of rows, which are made in the order of groups and buckets, each metric after those that it is made of.</summary>
/// <param name="planOf">The part of the plan that a metric belongs to which is not made of others.</param>
/// <param name="isLeftOut">Such a metric cannot be told here, or nothing of it was ever recorded.</param>
/// <param name="outcomeOf">A value of the table.</param>
internal sealed class MetricPlaces(
    MetricPlan plan, Func<MetricDefinition, MetricPlan> planOf, Func<MetricDefinition, bool> isLeftOut,
    Func<MetricDefinition, MetricGroup?, BucketPair?, Outcome> outcomeOf)
{
    private readonly Dictionary<(string Metric, int Level, int Bucket), MetricSiblings> _siblings = [];
    private readonly Dictionary<(string Metric, string? Group), BucketSeries> _series = [];

    /// <param name="cell">Of which the value was computed; null when it is made of other metrics.</param>
    public MetricPlace Of(MetricDefinition metric, MetricGroup? group, BucketPair? buckets, Outcome outcome, MetricCell? cell)
    {
        var key = (metric.Asked, group?.Values.Count ?? 0, group is null ? -1 : buckets?.Index ?? 0);
        if (!_siblings.TryGetValue(key, out var siblings))
            _siblings[key] = siblings = new(outcomeOf(metric, null, group is null ? null : buckets), AddsUp(metric, group, buckets));
        var isRanked = group?.IsOthers != true;
        if (isRanked)
            siblings.Add(outcome);
        if (buckets?.Current is not { } bucket)
            return new(siblings, isRanked, null, 0);
        if (!_series.TryGetValue((metric.Asked, group?.Id), out var series))
            _series[(metric.Asked, group?.Id)] = series = SeriesOf(metric, group);
        return new(siblings, isRanked, series, series.Add(bucket, outcome, cell));
    }

    private BucketSeries SeriesOf(MetricDefinition metric, MetricGroup? group) => metric.Combine is { } combine
        ? new((at, toDate) => combine(part => _series[(part.Asked, group?.Id)].Cumulated(at, toDate)))
        : new(metric, !isLeftOut(metric) && All(metric, (source, measure) => source.AddsUpOverTime(measure)), plan.Settings.FiscalYearStartMonth);

    private bool AddsUp(MetricDefinition metric, MetricGroup? group, BucketPair? buckets) => (group, buckets) switch
    {
        (not null, _) => metric.Additivity != Additivity.NonAdditive && !plan.Overlaps && All(metric, (source, measure) => !source.IsDistinct(measure)),
        (null, not null) => metric.Additivity == Additivity.Additive && All(metric, (source, measure) => !source.IsDistinct(measure)),
        _ => metric.Additivity != Additivity.NonAdditive,
    };

    private bool All(MetricDefinition metric, Func<FactSource, Measure, bool> holds) =>
        metric.Leaves.All(l => l.Reads.All(m => holds(FactSources.Of(m, planOf(l).IsByLine), m)));
}
