using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Analyses.Relations;

/// <summary>How metrics move together over time; n is the intervals in which all have a value.</summary>
[GraphQLName("Correlation")]
public sealed class CorrelationAnalysis : Analysis
{
    /// <summary>The days of the intervals.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>The length of the intervals.</summary>
    public required TimeGrain Grain { get; init; }
    /// <summary>Every two of the metrics once.</summary>
    [ListSize(AssumedSize = 45)]
    public required IReadOnlyList<CorrelationPair> Pairs { get; init; }
}

/// <summary>Two metrics.</summary>
/// <param name="A">The one.</param>
/// <param name="B">The other.</param>
/// <param name="Pearson">From -1 to 1: how well a straight line fits.</param>
/// <param name="Spearman">The same of ranks: whether one rises when the other does, in whatever shape.</param>
/// <param name="Low">The lower end of Pearson's 95 % interval, by Fisher's transformation.</param>
/// <param name="High">Its upper end.</param>
/// <param name="PValue">How often chance alone would give a Pearson so far from 0.</param>
public sealed record CorrelationPair(MetricDefinition A, MetricDefinition B, double Pearson, double Spearman, double Low, double High, double PValue);

/// <summary>A metric explained by others over time, by ordinary least squares; n is the intervals in which all have a value.</summary>
[GraphQLName("Regression")]
public sealed class RegressionAnalysis : Analysis
{
    internal RegressionAnalysis(LinearRegression fit) => Fit = fit;

    /// <summary>The days of the intervals.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>The length of the intervals.</summary>
    public required TimeGrain Grain { get; init; }
    /// <summary>The metric that is explained.</summary>
    public required MetricDefinition Y { get; init; }
    /// <summary>The intercept first, then the metrics as given.</summary>
    [ListSize(AssumedSize = 10)]
    public required IReadOnlyList<RegressionCoefficient> Coefficients { get; init; }
    /// <summary>Intervals less coefficients.</summary>
    public int DegreesOfFreedom => Fit.DegreesOfFreedom;
    /// <summary>The share of y's variance that is explained.</summary>
    public double RSquared => Fit.RSquared;
    /// <summary>The same, less what any further term would explain by chance.</summary>
    public double AdjustedRSquared => Fit.AdjustedRSquared;
    /// <summary>Standard error of what is not explained, in y's unit.</summary>
    public double ResidualError => Fit.ResidualError;
    /// <summary>Of the whole model; null where it fits without any rest, as is durbinWatson.</summary>
    public double? FStatistic => Finite(Fit.F);
    /// <summary>How often chance alone would explain so much.</summary>
    public double PValue => Fit.PValue;
    /// <summary>About 2 where residuals do not follow one another in time; below 1 they do, and the standard errors are too small.</summary>
    public double? DurbinWatson => Finite(Fit.DurbinWatson);

    internal LinearRegression Fit { get; }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>A term of a regression.</summary>
/// <param name="Metric">Null for the intercept.</param>
/// <param name="Estimate">By how much y rises with one more of the term.</param>
/// <param name="StandardError">How far the estimate is off, as a rule.</param>
/// <param name="TValue">Estimate over standard error; null where there is no error, as at a perfect fit.</param>
/// <param name="PValue">How often chance alone would give an estimate so far from 0.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
public sealed record RegressionCoefficient(
    MetricDefinition? Metric, double Estimate, double StandardError, double? TValue, double PValue, double Low, double High);
