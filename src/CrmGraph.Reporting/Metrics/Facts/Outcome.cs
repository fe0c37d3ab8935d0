namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>A number, or the reason why there is none. Arithmetic keeps the first reason; nothing is rounded on the way.</summary>
public readonly record struct Outcome
{
    private Outcome(decimal? value, NoValueReason? reason)
    {
        Value = value;
        Reason = reason;
    }

    public decimal? Value { get; private init; }
    /// <summary>Set exactly when <see cref="Value"/> is null.</summary>
    public NoValueReason? Reason { get; }

    /// <summary>Of a quotient, what was divided; there also when it was divided by zero.</summary>
    public decimal? Numerator { get; private init; }
    public decimal? Denominator { get; private init; }
    /// <summary>How many observations a quotient is of, where it is divided by their number.</summary>
    public decimal? SampleSize { get; private init; }
    /// <summary>Of a mean, by how much it can be off either way with a chance of 95 in 100.</summary>
    public decimal? MarginOfError { get; private init; }
    /// <summary>Of a weighted mean, how many observations of equal weight would tell it as well; of other means, how many there are.</summary>
    public decimal? EffectiveSampleSize { get; private init; }
    /// <summary>Of a quotient, by what it was multiplied.</summary>
    internal decimal Scale { get; private init; }
    private bool IsCount { get; init; }

    public static Outcome Of(decimal value) => new(value, null);

    /// <summary>A number of things, not an amount of something.</summary>
    public static Outcome Count(decimal value) => Of(value) with { IsCount = true };

    public static Outcome None(NoValueReason reason) => new(null, reason);

    /// <summary>Sum over sum; <paramref name="whenZero"/> when the denominator is zero, never infinity.</summary>
    public static Outcome Ratio(Outcome numerator, Outcome denominator, NoValueReason whenZero = NoValueReason.ZeroDenominator)
    {
        if ((denominator.Reason ?? numerator.Reason) is { } reason)
            return None(reason);
        var (n, d) = (numerator.Value!.Value, denominator.Value!.Value);
        return (d == 0 ? None(whenZero) : Of(n / d)) with { Numerator = n, Denominator = d, SampleSize = denominator.IsCount ? d : null, Scale = 1 };
    }

    /// <summary>The mean of so many observations, with its margin of error: 1.96 standard errors of a normal distribution.</summary>
    public static Outcome Mean(Outcome sum, Outcome sumOfSquares, Outcome count) => WeightedMean(sum, sumOfSquares, count, count, count);

    /// <summary>The mean of so many observations, each counted as its weight says. The margin of error is that of their effective number (Kish).</summary>
    /// <param name="sum">Of weight x value.</param>
    /// <param name="sumOfSquares">Of weight x value x value.</param>
    public static Outcome WeightedMean(Outcome sum, Outcome sumOfSquares, Outcome weights, Outcome squaresOfWeights, Outcome count)
    {
        var mean = Ratio(sum, weights, count.Value > 0 ? NoValueReason.ZeroDenominator : NoValueReason.NoData) with { SampleSize = count.Value };
        if (mean.Value is not { } m || sumOfSquares.Value is not { } squares || squaresOfWeights.Value is not { } squared)
            return mean;
        var (total, standardErrors) = (weights.Value!.Value, 1.96);
        var (variance, effective) = ((squares / total) - (m * m), total * total / squared);
        return mean with { EffectiveSampleSize = effective, MarginOfError = (decimal)(standardErrors * Math.Sqrt((double)Math.Max(0, variance / effective))) };
    }

    public static Outcome operator +(Outcome a, Outcome b) => Combine(a, b, static (x, y) => x + y);

    public static Outcome operator -(Outcome a, Outcome b) => Combine(a, b, static (x, y) => x - y);

    public static Outcome operator *(Outcome a, decimal factor) =>
        a with { Value = a.Value * factor, Scale = a.Scale * factor, MarginOfError = a.MarginOfError * Math.Abs(factor) };

    public static Outcome operator *(Outcome a, Outcome b) => Combine(a, b, static (x, y) => x * y) with { IsCount = false };

    /// <summary>Divided by a number that is not zero.</summary>
    public Outcome Over(decimal divisor) => this with { Value = Value / divisor, Scale = Scale / divisor, MarginOfError = MarginOfError / Math.Abs(divisor) };

    /// <summary>Rounds half to even, once, at the end.</summary>
    public Outcome Round(int digits) => this with { Value = Rounded(Value, digits) };

    /// <inheritdoc cref="Round"/>
    public static decimal? Rounded(decimal? value, int digits) => value is { } v ? Trim(Math.Round(v, digits, MidpointRounding.ToEven)) : null;

    private static Outcome Combine(Outcome a, Outcome b, Func<decimal, decimal, decimal> combine) =>
        a.Reason is not null ? a : b.Reason is not null ? b : Of(combine(a.Value!.Value, b.Value!.Value)) with { IsCount = a.IsCount && b.IsCount };

    // 1.50000 and 1.5 are one number and should be one text.
    private static decimal Trim(decimal value) => value / 1.0000000000000000000000000000m;
}

/// <summary>Why a metric has no value.</summary>
public enum NoValueReason
{
    /// <summary>The denominator is zero.</summary>
    ZeroDenominator,
    /// <summary>There is no data: no survey response in the period, or no fact of this kind that the caller may see.</summary>
    NoData,
    /// <summary>The time bucket has not begun yet.</summary>
    IncompletePeriod,
    /// <summary>The group has too few customers, or would reveal the value of a group that does.</summary>
    SuppressedSmallGroup,
    /// <summary>The amounts are in several currencies, and there is no exchange rate to add them up.</summary>
    MixedCurrency,
    /// <summary>The metric cannot be grouped by one of the requested dimensions. `metricCatalog` lists the supported ones.</summary>
    UnsupportedGrouping,
    /// <summary>The metric does not support the requested grain.</summary>
    UnsupportedGrain,
    /// <summary>The metric does not support one of the requested filter conditions.</summary>
    UnsupportedFilter,
    /// <summary>The metric needs rows that the caller may not see.</summary>
    NotAllowed,
    /// <summary>The cost of nothing that was sold is known; `costCoverage` says of how much it is.</summary>
    UnknownCost,
    /// <summary>The value of the company's own formula is too large to be told.</summary>
    OutOfRange,
    /// <summary>The other period has no matching interval, such as 29 February, the 31st, or an hour skipped by daylight saving time.</summary>
    NoPartner,
}
