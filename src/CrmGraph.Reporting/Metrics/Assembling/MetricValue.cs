using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>The value of a metric in one row.</summary>
[InterfaceType]
public abstract class MetricValue
{
    private readonly Outcome _current;
    private readonly Outcome? _compared;
    private readonly MetricPlace? _place;

    private protected MetricValue(MetricDefinition metric, Outcome current, Outcome? compared, MetricPlace? place)
    {
        (Metric, _current, _place) = (metric, current.Round(Digits), place);
        (Previous, PreviousReason) = (compared?.Round(Digits).Value, compared?.Reason);
        _compared = compared;
        if (compared is not { Value: { } previous } || current.Value is not { } value)
            return;
        Change = Outcome.Rounded(value - previous, Digits);
        ChangeRatio = previous == 0 ? null : Outcome.Rounded((value - previous) / Math.Abs(previous), Digits);
    }

    // What division and conversion leave beyond this is noise of the arithmetic: eleven elevenths would not be one.
    internal const int Digits = 12;

    /// <summary>The definition of the metric.</summary>
    public MetricDefinition Metric { get; }
    /// <summary>The value, to 12 decimals; round it to the decimals of the metric for display. Null if there is a `reason`.</summary>
    public decimal? Value => _current.Value;
    /// <summary>Why there is no value; null if there is one.</summary>
    public NoValueReason? Reason => _current.Reason;
    /// <summary>Of a quotient, what is divided, at the row's own level; a score is a hundred times numerator / denominator. Null for other metrics.</summary>
    public decimal? Numerator => Outcome.Rounded(_current.Numerator, Digits);
    /// <summary>Of a quotient, what it is divided by.</summary>
    public decimal? Denominator => Outcome.Rounded(_current.Denominator, Digits);
    /// <summary>Of a quotient, its parts in the two periods and by what it is multiplied; null for other metrics, and where one has none.</summary>
    internal Quotients? Quotients => _current is { Numerator: { } n, Denominator: { } d } && _compared is { Numerator: { } pn, Denominator: { } pd }
        ? new(n, d, pn, pd, _current.Scale)
        : null;

    /// <summary>The same where one of the periods may have nothing: then its parts are 0.</summary>
    internal Quotients PartsOrNone =>
        new(_current.Numerator ?? 0, _current.Denominator ?? 0, _compared?.Numerator ?? 0, _compared?.Denominator ?? 0, _current.Scale);

    /// <summary>How many observations a quotient is of, where it is divided by their number: answers, orders, customers. Null if divided by money.</summary>
    public decimal? SampleSize => _current.SampleSize;
    /// <summary>
    /// The part of the total that the row is a part of: of a group, of all groups (in the same bucket); of a bucket, of the whole period. Parts add up to 1.
    /// Null where they would not (quotients, distinct counts, overlapping groups; stocks over time), and when the total is zero, negative or hidden.
    /// </summary>
    public decimal? Share => _place?.Siblings.ShareOf(_current.Value);
    /// <summary>
    /// The place among the rows that make up the same total, greatest value first: groups (of the same bucket) or buckets. Equal values share a place. The
    /// others that `first` left over have none and take none.
    /// </summary>
    public int? Rank => _place is { IsRanked: true } ? _place.Siblings.RankOf(_current.Value) : null;
    /// <summary>The value of the period compared with.</summary>
    public decimal? Previous { get; }
    /// <summary>Why there is no previous value; null if there is one, and without `compareTo`.</summary>
    public NoValueReason? PreviousReason { get; }
    /// <summary>The value less the previous value.</summary>
    public decimal? Change { get; }
    /// <summary>
    /// The change divided by the absolute previous value, so that its sign is the direction of the change. Null if the previous value is zero.
    /// </summary>
    public decimal? ChangeRatio { get; }

    /// <summary>The same metric from the start of the period, or of the year in which the bucket begins, to the end of the bucket.</summary>
    [GraphQLIgnore] internal decimal? Cumulative(ToDate toDate) => _place?.Series?.Cumulative(_place.At, toDate);

    /// <summary>Over the last buckets, this one included.</summary>
    [GraphQLIgnore]
    internal decimal? Moving(int count, CalendarUnit? unit = null) =>
        unit is { } each ? _place?.Series?.Moving(_place.At, count, each) : _place?.Series?.Moving(_place.At, count);

    private protected decimal? Effective => Outcome.Rounded(_current.EffectiveSampleSize, Digits);

    private protected decimal? Margin => Outcome.Rounded(_current.MarginOfError, Digits);

    /// <summary>Whether the change is good news. Null without a change, and for metrics without a favorable direction.</summary>
    public bool? Favourable
        => Change is null or 0 || Metric.Favourable == FavourableDirection.Neither ? null : Change > 0 == (Metric.Favourable == FavourableDirection.Up);

    internal static MetricValue Of(MetricDefinition metric, Outcome current, Outcome? compared, string currency, MetricPlace? place) => metric.Kind switch
    {
        MetricKind.Money => new MoneyMetric(metric, current, compared, currency, place),
        MetricKind.Count => new CountMetric(metric, current, compared, place),
        MetricKind.Ratio => new RatioMetric(metric, current, compared, place),
        MetricKind.Score => new ScoreMetric(metric, current, compared, place),
        _ => new RateMetric(metric, current, compared, place),
    };
}

/// <summary>An amount of money.</summary>
public sealed class MoneyMetric : MetricValue
{
    internal MoneyMetric(MetricDefinition metric, Outcome current, Outcome? compared, string currency, MetricPlace? place)
        : base(metric, current, compared, place) => Currency = currency;

    /// <summary>The ISO 4217 code of the currency, the same in the whole table.</summary>
    public string Currency { get; }
}

/// <summary>A count.</summary>
public sealed class CountMetric : MetricValue
{
    internal CountMetric(MetricDefinition metric, Outcome current, Outcome? compared, MetricPlace? place) : base(metric, current, compared, place)
    {
    }
}

/// <summary>A share of a whole; 1 is the whole.</summary>
public sealed class RatioMetric : MetricValue
{
    internal RatioMetric(MetricDefinition metric, Outcome current, Outcome? compared, MetricPlace? place) : base(metric, current, compared, place)
    {
    }
}

/// <summary>A score on the metric's own scale.</summary>
public sealed class ScoreMetric : MetricValue
{
    internal ScoreMetric(MetricDefinition metric, Outcome current, Outcome? compared, MetricPlace? place) : base(metric, current, compared, place)
    {
    }

    /// <summary>
    /// By how much the score of all can lie beside that of those who answered, either way, with a chance of 95 in 100: 1.96 standard errors, as of a random
    /// sample, good from some thirty answers on.
    /// </summary>
    public decimal? MarginOfError => Margin;

    /// <summary>
    /// How many responses of equal weight would tell as much: (sum of weights)^2 / sum of squared weights. The same as `sampleSize` where responses count
    /// once each.
    /// </summary>
    public decimal? EffectiveSampleSize => Effective;
}

/// <summary>An average number per unit.</summary>
public sealed class RateMetric : MetricValue
{
    internal RateMetric(MetricDefinition metric, Outcome current, Outcome? compared, MetricPlace? place) : base(metric, current, compared, place)
    {
    }
}

/// <summary>A quotient in two periods: scale x numerator / denominator.</summary>
internal readonly record struct Quotients(decimal Numerator, decimal Denominator, decimal PreviousNumerator, decimal PreviousDenominator, decimal Scale);
