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
    /// <summary>The denominator is zero.</summary>
    ZeroDenominator,
    /// <summary>There is no data: no survey answer in the period, or no fact of this kind that the caller may see.</summary>
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
    /// <summary>The other period has no matching interval, such as 29 February, the 31st, or an hour skipped by daylight saving time.</summary>
    NoPartner,
}
