using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>A metric's value in one row, with the reason when there is none and the comparison when one was asked for.</summary>
[InterfaceType]
public abstract class MetricValue(MetricDefinition metric, Outcome current, Outcome? compared)
{
    // What division and conversion leave beyond this is noise of the arithmetic: eleven elevenths would not be one.
    internal const int Digits = 12;

    public MetricDefinition Metric { get; } = metric;
    /// <summary>What the formula gives, to 12 digits after the point; round it to the metric's decimals where it is shown. Null always has a reason.</summary>
    public decimal? Value { get; } = current.Round(Digits).Value;
    public NoValueReason? Reason { get; } = current.Reason;
    /// <summary>The value of the comparison period.</summary>
    public decimal? Previous { get; } = compared?.Round(Digits).Value;
    /// <summary>Why there is no previous value; null where there is one, and without compareTo.</summary>
    public NoValueReason? PreviousReason { get; } = compared?.Reason;
    /// <summary>Value - previous.</summary>
    public decimal? Change { get; } = Difference(current, compared)?.Round(Digits).Value;
    /// <summary>Change over the size of the previous value; null when that is zero (R44). A negative previous value counts by its size, so that the sign is the direction.</summary>
    public decimal? ChangeRatio { get; } = compared is { Value: { } previous and not 0 } && Difference(current, compared) is { Value: { } change }
        ? Outcome.Of(change / Math.Abs(previous)).Round(Digits).Value
        : null;

    /// <summary>Whether the change is good news; null without a change and for metrics of which more is neither good nor bad.</summary>
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
    /// <summary>ISO 4217; the same in the whole table.</summary>
    public string Currency { get; } = currency;
}

/// <summary>How many.</summary>
public sealed class CountMetric(MetricDefinition metric, Outcome current, Outcome? compared) : MetricValue(metric, current, compared);

/// <summary>A part of a whole; 1 is all of it.</summary>
public sealed class RatioMetric(MetricDefinition metric, Outcome current, Outcome? compared) : MetricValue(metric, current, compared);

/// <summary>A score on the metric's own scale.</summary>
public sealed class ScoreMetric(MetricDefinition metric, Outcome current, Outcome? compared) : MetricValue(metric, current, compared);

/// <summary>A mean number of something per something else.</summary>
public sealed class RateMetric(MetricDefinition metric, Outcome current, Outcome? compared) : MetricValue(metric, current, compared);
