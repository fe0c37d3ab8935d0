using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Analyses.Distributions;

/// <summary>Of what the values are.</summary>
public enum DistributionSubject
{
    /// <summary>Sales less returned lines of each sale.</summary>
    OrderValue,
    /// <summary>Sales of each customer with one.</summary>
    OrdersPerCustomer,
    /// <summary>Sales less returns of each customer with a sale.</summary>
    RevenuePerCustomer,
    /// <summary>From each purchase day of a customer to his next.</summary>
    DaysBetweenOrders,
    /// <summary>From the last purchase of each customer to the end of the period.</summary>
    DaysSinceLastOrder,
}

/// <summary>How values are spread; n is the values.</summary>
[GraphQLName("Distribution")]
public sealed class DistributionAnalysis : Analysis
{
    /// <summary>Of what the values are.</summary>
    public required DistributionSubject Of { get; init; }
    /// <summary>The days whose sales count.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>ISO 4217 code where values are money.</summary>
    public required string? Currency { get; init; }
    /// <summary>The sum of the values over their number.</summary>
    public required double Mean { get; init; }
    /// <summary>Of a sample: divided by n - 1. Null of one value.</summary>
    public required double? StandardDeviation { get; init; }
    /// <summary>Null where small groups are hidden: the least value is one customer's.</summary>
    public required double? Minimum { get; init; }
    /// <summary>Null where the least value is.</summary>
    public required double? Maximum { get; init; }
    /// <summary>At the shares asked for, interpolated as R does (type 7).</summary>
    [ListSize(AssumedSize = 7)]
    public required IReadOnlyList<DistributionQuantile> Quantiles { get; init; }
    /// <summary>Intervals of one length between round numbers, without gaps.</summary>
    [ListSize(AssumedSize = 20)]
    public required IReadOnlyList<HistogramBin> Histogram { get; init; }
}

/// <summary>A value with a share of the others below it.</summary>
/// <param name="At">The share of values that are smaller.</param>
/// <param name="Value">In days, sales or money.</param>
public sealed record DistributionQuantile(double At, double Value);

/// <summary>An interval of values.</summary>
/// <param name="From">The least value in it.</param>
/// <param name="Until">The least value that is no longer in it.</param>
/// <param name="Count">Values; null where too few customers stand behind them.</param>
/// <param name="Share">Of all values.</param>
/// <param name="Reason">Why there is no count.</param>
public sealed record HistogramBin(double From, double Until, int? Count, double? Share, NoValueReason? Reason);
