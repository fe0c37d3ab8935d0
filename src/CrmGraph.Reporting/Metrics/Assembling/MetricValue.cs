using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>The value of a metric in one row.</summary>
[InterfaceType]
public abstract class MetricValue(MetricDefinition metric, Outcome current, Outcome? compared)
{
    // What division and conversion leave beyond this is noise of the arithmetic: eleven elevenths would not be one.
    internal const int Digits = 12;

    /// <summary>The definition of the metric.</summary>
    public MetricDefinition Metric { get; } = metric;
    /// <summary>The value, to 12 decimals; round it to the decimals of the metric for display. Null if there is a `reason`.</summary>
    public decimal? Value { get; } = current.Round(Digits).Value;
    /// <summary>Why there is no value; null if there is one.</summary>
    public NoValueReason? Reason { get; } = current.Reason;
    /// <summary>The value of the period compared with.</summary>
    public decimal? Previous { get; } = compared?.Round(Digits).Value;
    /// <summary>Why there is no previous value; null if there is one, and without `compareTo`.</summary>
    public NoValueReason? PreviousReason { get; } = compared?.Reason;
    /// <summary>The value less the previous value.</summary>
    public decimal? Change { get; } = Difference(current, compared)?.Round(Digits).Value;
    /// <summary>
    /// The change divided by the absolute previous value, so that its sign is the direction of the change. Null if the previous value is zero.
    /// </summary>
    public decimal? ChangeRatio { get; } = compared is { Value: { } previous and not 0 } && Difference(current, compared) is { Value: { } change }
        ? Outcome.Of(change / Math.Abs(previous)).Round(Digits).Value
        : null;

    /// <summary>Whether the change is good news. Null without a change, and for metrics without a favorable direction.</summary>
    public bool? Favourable
        => Change is null or 0 || Metric.Favourable == FavourableDirection.Neither ? null : Change > 0 == (Metric.Favourable == FavourableDirection.Up);

    internal static MetricValue Of(MetricDefinition metric, Outcome current, Outcome? compared, string currency) => metric.Kind switch
    {
        MetricKind.Money => new MoneyMetric(metric, current, compared, currency),
        MetricKind.Count => new CountMetric(metric, current, compared),
        MetricKind.Ratio => new RatioMetric(metric, current, compared),
        MetricKind.Score => new ScoreMetric(metric, current, compared),
        _ => new RateMetric(metric, current, compared),
    };

    private static Outcome? Difference(Outcome current, Outcome? compared) =>
        compared is { Value: not null } previous && current.Value is not null ? current - previous : null;
}

/// <summary>An amount of money.</summary>
public sealed class MoneyMetric(MetricDefinition metric, Outcome current, Outcome? compared, string currency) : MetricValue(metric, current, compared)
{
    /// <summary>The ISO 4217 code of the currency, the same in the whole table.</summary>
    public string Currency { get; } = currency;
}

/// <summary>A count.</summary>
public sealed class CountMetric(MetricDefinition metric, Outcome current, Outcome? compared) : MetricValue(metric, current, compared);

/// <summary>A share of a whole; 1 is the whole.</summary>
public sealed class RatioMetric(MetricDefinition metric, Outcome current, Outcome? compared) : MetricValue(metric, current, compared);

/// <summary>A score on the metric's own scale.</summary>
public sealed class ScoreMetric(MetricDefinition metric, Outcome current, Outcome? compared) : MetricValue(metric, current, compared);

/// <summary>An average number per unit.</summary>
public sealed class RateMetric(MetricDefinition metric, Outcome current, Outcome? compared) : MetricValue(metric, current, compared);
