using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Analyses.Anomalies;

/// <summary>Intervals unlike their like; n is the intervals looked at.</summary>
[GraphQLName("Anomalies")]
public sealed class AnomalyAnalysis : Analysis
{
    /// <summary>The metric that was looked at.</summary>
    public required MetricDefinition Metric { get; init; }
    /// <summary>The days of the intervals.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>The length of the intervals.</summary>
    public required TimeGrain Grain { get; init; }
    /// <summary>In order of time.</summary>
    [ListSize(AssumedSize = 100)]
    public required IReadOnlyList<Anomaly> Anomalies { get; init; }
}

/// <summary>An interval whose value is unusual.</summary>
/// <param name="Bucket">The interval.</param>
/// <param name="Value">Of the metric in it.</param>
/// <param name="Expected">The median of its like: of days, the same weekday in the period.</param>
/// <param name="Low">The least value that would not be unusual.</param>
/// <param name="High">The greatest one.</param>
/// <param name="Score">Distance from the median over the spread, with its sign.</param>
/// <param name="Favourable">Whether it is good news; null where more is neither.</param>
public sealed record Anomaly(TimeBucket Bucket, double Value, double Expected, double Low, double High, double Score, bool? Favourable);
