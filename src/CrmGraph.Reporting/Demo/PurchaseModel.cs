namespace CrmGraph.Reporting.Demo;

/// <summary>
/// When a customer buys again and when he is lost: BG/NBD. He buys at a rate of his own, drawn from Gamma(r, alpha) per week, and after every
/// purchase he is lost with a chance of his own, drawn from Beta(a, b).
/// </summary>
/// <param name="SpendShape">p of the Gamma-Gamma model of the value of an order.</param>
internal sealed record PurchaseModel(double R, double Alpha, double A, double B, double SpendShape, double SpendMeanShape, double SpendScale)
{
    /// <summary>
    /// People: the parameters fitted to the CDNOW customers. r, alpha, a, b from Fader, Hardie and Lee (2005), "Counting Your Customers the Easy Way",
    /// Marketing Science 24(2); p, q, gamma from Fader, Hardie and Lee (2005), "RFM and CLV", Journal of Marketing Research 42(4).
    /// </summary>
    public static PurchaseModel Person { get; } = new(0.243, 4.414, 0.793, 2.426, 6.25, 3.74, 15.44);

    /// <summary>Companies: a choice of ours. They order about every six weeks, stay long, and order about eight times as much.</summary>
    public static PurchaseModel Company { get; } = new(1.6, 9.0, 0.35, 6.0, 6.25, 3.74, 120);

    // Sales by month against the year's mean: quiet after New Year, a peak before Christmas and on the shopping days of November.
    private static readonly double[] Months = [0.82, 0.74, 0.92, 0.95, 1.0, 1.06, 0.93, 0.9, 1.0, 1.06, 1.35, 1.27];
    private static readonly double[] Weekdays = [1.12, 0.94, 0.92, 0.95, 1.0, 1.12, 1.18];
    private const double Highest = 1.35 * 1.18;

    /// <summary>The local times of all purchases, the first one included, until the customer is lost or the time is over.</summary>
    public IEnumerable<DateTime> Purchases(Draw draw, DateTime first, DateTime end)
    {
        var rate = draw.Gamma(R) / Alpha / 7;
        var lost = draw.Beta(A, B);
        var at = first;
        while (at < end)
        {
            yield return at;
            if (draw.Chance(lost))
                yield break;
            // Seasons by thinning: candidates at the highest rate, kept with the season's share of it.
            do
                at = at.AddDays(Math.Min(draw.Exponential(rate * Highest), 40_000));
            while (at < end && !IsIn(draw, at));
        }
    }

    /// <summary>The customer's mean order value, in the unit of the price list's base currency.</summary>
    public double MeanValue(Draw draw) => SpendShape * SpendScale / draw.Gamma(SpendMeanShape);

    /// <summary>The value of one of his orders.</summary>
    public double Value(Draw draw, double mean) => mean * draw.Gamma(SpendShape) / SpendShape;

    /// <summary>Whether somebody who would come on any day comes on this one.</summary>
    public static bool IsIn(Draw draw, DateTime day) => draw.Chance(Season(day) / Highest);

    private static double Season(DateTime at) => Months[at.Month - 1] * Weekdays[(int)at.DayOfWeek];
}
