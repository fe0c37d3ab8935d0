using CrmGraph.Data.Model;
using CrmGraph.Reporting.Analyses.Numerics;

namespace CrmGraph.Reporting.Analyses.LifetimeValue;

/// <summary>What models expect of a customer. No database here.</summary>
internal sealed record LifetimePredictor(BgNbd Buying, GammaGamma? Spending, LifetimeUnit Unit)
{
    public const decimal UsualDiscountRate = 0.1m;
    private const int Parts = 12, DaysOfYear = 365, WeeksOfYear = 52;

    public static int YearOf(LifetimeUnit unit) => unit == LifetimeUnit.Week ? WeeksOfYear : DaysOfYear;

    /// <param name="horizon">How far ahead, in the unit.</param>
    public LifetimePrediction Of(CustomerHistory history, int horizon, decimal discountRate)
    {
        var discount = Math.Pow(1 + (double)discountRate, (double)horizon / YearOf(Unit) / Parts);
        var (orders, discounted) = (0d, 0d);
        for (var part = 1; part <= Parts; part++)
        {
            var upTo = Buying.ExpectedPurchases(history.Buying, horizon * part / (double)Parts);
            discounted += (upTo - orders) / Math.Pow(discount, part);
            orders = upTo;
        }

        var mean = Spending?.ExpectedMean(history.Spending) is { } m && double.IsFinite(m) ? m : default(double?);
        return new(
            history.Customer, history.Buying.Repeats, history.Buying.Recency, history.Buying.Age, Buying.ProbabilityAlive(history.Buying), orders,
            Money(mean), Money(mean * discounted));
    }

    private static decimal? Money(double? value) => value is { } v and < 1e15 ? Math.Round((decimal)v, FixedPoint.MoneyDigits) : null;
}
