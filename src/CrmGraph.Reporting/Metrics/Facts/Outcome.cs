namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>A number, or the reason why there is none. Arithmetic keeps the first reason; nothing is rounded on the way.</summary>
public readonly record struct Outcome
{
    private Outcome(decimal? value, NoValueReason? reason)
    {
        Value = value;
        Reason = reason;
    }

    public decimal? Value { get; }
    /// <summary>Set exactly when <see cref="Value"/> is null.</summary>
    public NoValueReason? Reason { get; }

    public static Outcome Of(decimal value) => new(value, null);

    public static Outcome None(NoValueReason reason) => new(null, reason);

    /// <summary>Sum over sum; <paramref name="whenZero"/> when the denominator is zero, never infinity.</summary>
    public static Outcome Ratio(Outcome numerator, Outcome denominator, NoValueReason whenZero = NoValueReason.ZeroDenominator)
    {
        if (denominator.Reason is { } d)
            return None(d);
        if (denominator.Value == 0)
            return None(whenZero);
        return numerator.Reason is { } n ? None(n) : Of(numerator.Value!.Value / denominator.Value!.Value);
    }

    public static Outcome operator +(Outcome a, Outcome b) => Combine(a, b, static (x, y) => x + y);

    public static Outcome operator -(Outcome a, Outcome b) => Combine(a, b, static (x, y) => x - y);

    public static Outcome operator *(Outcome a, decimal factor) => a.Value is { } v ? Of(v * factor) : a;

    /// <summary>Rounds half to even, once, at the end.</summary>
    public Outcome Round(int digits) => Value is { } v ? Of(Trim(Math.Round(v, digits, MidpointRounding.ToEven))) : this;

    private static Outcome Combine(Outcome a, Outcome b, Func<decimal, decimal, decimal> combine) =>
        a.Reason is not null ? a : b.Reason is not null ? b : Of(combine(a.Value!.Value, b.Value!.Value));

    // 1.50000 and 1.5 are one number and should be one text.
    private static decimal Trim(decimal value) => value / 1.0000000000000000000000000000m;
}

/// <summary>Why a metric has no value.</summary>
public enum NoValueReason
{
    /// <summary>What it is divided by is zero.</summary>
    ZeroDenominator,
    /// <summary>Nothing was recorded from which it could be told: no answer in the period, or never any fact of the kind that the caller may see.</summary>
    NoData,
    /// <summary>The bucket has not begun yet.</summary>
    IncompletePeriod,
    /// <summary>Too few customers stand behind it, or it would give away a cell behind which too few stand.</summary>
    SuppressedSmallGroup,
    /// <summary>Amounts in several currencies, and no exchange rate to add them by.</summary>
    MixedCurrency,
    /// <summary>The metric cannot be grouped by one of the dimensions asked for; <c>metricCatalog</c> says which it can.</summary>
    UnsupportedGrouping,
    /// <summary>The metric is not known by the grain asked for.</summary>
    UnsupportedGrain,
    /// <summary>The metric cannot be filtered by one of the conditions asked for.</summary>
    UnsupportedFilter,
    /// <summary>It would need rows that the caller may not see.</summary>
    NotAllowed,
    /// <summary>Only the other one of the two periods has this interval: 29 February, the 31st, an hour that the clocks skip, a day that has not come yet.</summary>
    NoPartner,
}
