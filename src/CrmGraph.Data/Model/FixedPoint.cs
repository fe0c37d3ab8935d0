namespace CrmGraph.Data.Model;

/// <summary>Counts of 1/10^digits as stored, and the decimals that people see.</summary>
public static class FixedPoint
{
    public const int MoneyDigits = 4;
    public const long MoneyUnit = 10_000;

    public static decimal ToDecimal(decimal stored, int digits = MoneyDigits) => stored / Unit(digits);

    /// <summary>Rounds half to even. Throws <see cref="OverflowException"/> when it does not fit.</summary>
    public static long FromDecimal(decimal value, int digits = MoneyDigits) => checked((long)Math.Round(value * Unit(digits), 0, MidpointRounding.ToEven));

    private static decimal Unit(int digits)
    {
        var unit = 1m;
        for (var i = 0; i < digits; i++)
            unit *= 10;
        return unit;
    }
}
