using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>How customers buy again (R45, R47). Orders of guests are nobody's second.</summary>
internal static class BuyingMetrics
{
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new()
        {
            Key = "repeatPurchaseRate", English = "Repeat purchase rate", Chinese = "复购率", Requirement = "R45", Unit = "ratio",
            Formula = "Of the known customers who bought in the period, the share with two or more orders in it.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [OrderFacts.Buyers, OrderFacts.OneTimeBuyers],
            Compute = c => Outcome.Ratio(c[OrderFacts.Buyers] - c[OrderFacts.OneTimeBuyers], c[OrderFacts.Buyers]),
        },
        new()
        {
            Key = "oneTimeBuyers", English = "One-time buyers", Chinese = "单次购买客户数", Requirement = "R45", Unit = "customers",
            Formula = "Distinct known customers with exactly one order in the period.",
            Kind = MetricKind.Count, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Neither,
            Reads = [OrderFacts.OneTimeBuyers],
            Compute = c => c[OrderFacts.OneTimeBuyers],
        },
        new()
        {
            Key = "daysBetweenOrders", English = "Days between orders", Chinese = "购买间隔天数", Requirement = "R47", Unit = "days",
            Formula = "Median of the days from a known customer's order to his next one, the later of the two in the period; 0 for orders of one day.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [RepeatFacts.Gaps],
            Compute = c => c.Quantile(RepeatFacts.Gaps, 0.5m),
        },
        new()
        {
            Key = "daysToSecondOrder", English = "Days to the second order", Chinese = "首次复购天数", Requirement = "R47", Unit = "days",
            Formula = "Median of the days from a known customer's first order to his second one, the second in the period.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [SecondOrderFacts.Gaps],
            Compute = c => c.Quantile(SecondOrderFacts.Gaps, 0.5m),
        },
    ];
}
