using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Analyses.Forecasts;

/// <summary>A metric's intervals ahead; n is the intervals it stands on.</summary>
[GraphQLName("Forecast")]
public sealed class ForecastAnalysis : Analysis
{
    /// <summary>The metric that is forecast.</summary>
    public required MetricDefinition Metric { get; init; }
    /// <summary>The days that the forecast learns from.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>The length of the intervals.</summary>
    public required TimeGrain Grain { get; init; }
    /// <summary>The one with the least error in the backtest.</summary>
    public required ForecastMethodName Method { get; init; }
    /// <summary>Intervals of a season: 7 days, 52 weeks, 12 months, 4 quarters; 1 for none.</summary>
    public required int SeasonLength { get; init; }
    /// <summary>Mean absolute error of the method in the backtest, in the metric's unit; null where the series was too short for one.</summary>
    public required double? BacktestError { get; init; }
    /// <summary>The same of the seasonal naive forecast.</summary>
    public required double? NaiveError { get; init; }
    /// <summary>Every method that was tried.</summary>
    [ListSize(AssumedSize = 3)]
    public required IReadOnlyList<ForecastBacktest> Backtest { get; init; }
    /// <summary>The intervals ahead, in order of time.</summary>
    [ListSize(AssumedSize = 100)]
    public required IReadOnlyList<ForecastPoint> Points { get; init; }
}

/// <summary>How a method did in the backtest.</summary>
/// <param name="Method">Which one.</param>
/// <param name="MeanAbsoluteError">Null where the series is too short for the method.</param>
/// <param name="Forecasts">How many forecasts were held against what came.</param>
public sealed record ForecastBacktest(ForecastMethodName Method, double? MeanAbsoluteError, int Forecasts);

/// <summary>One interval ahead.</summary>
/// <param name="Bucket">The interval.</param>
/// <param name="Value">What is expected of it, nothing beyond the metric's `minimum` and `maximum`.</param>
/// <param name="Low">
/// Lower end of the interval in which the value lies with the confidence asked for, if the errors are normal; never below the metric's `minimum`.
/// </param>
/// <param name="High">Its upper end, never above the metric's `maximum`.</param>
public sealed record ForecastPoint(TimeBucket Bucket, double Value, double Low, double High);
