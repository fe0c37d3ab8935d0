using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>What it costs to win customers (R35). Spend belongs to the company, not to customers: callers bound by a row rule do not see it.</summary>
internal static class MarketingMetrics
{
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new()
        {
            Key = "marketingSpend", English = "Marketing spend", Chinese = "营销费用", Requirement = "R20",
            Formula = "Spend of all campaigns in the period.",
            Kind = MetricKind.Money, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Neither,
            Reads = [SpendFacts.Spend],
            Compute = c => c[SpendFacts.Spend],
        },
        new()
        {
            Key = "cac", English = "Customer acquisition cost", Chinese = "客户获取成本", Requirement = "R35",
            Formula = "Marketing spend / new customers of the same period. With `lag` spend counts so many days later; with `paidOnly` only customers count "
                + "whose acquisition channel a campaign ever spent money on. By acquisition channel: the channel's spend.",
            Kind = MetricKind.Money, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [SpendFacts.Spend, CustomerFacts.NewCustomers],
            Compute = c => Outcome.Ratio(c[SpendFacts.Spend], c[CustomerFacts.NewCustomers]),
            Parameters =
            [
                new("lag", 0, "The days by which spend precedes the customers that it brings, 0 to 366.", 0, 366),
                new("paidOnly", false, "Whether customers are left out who came through a channel that no campaign ever spent money on."),
            ],
            Vary = (metric, given) => Cac(
                metric, given.Of<int>("lag") is > 0 and var lag ? SpendFacts.Later(lag) : SpendFacts.Spend,
                given.Of<bool>("paidOnly") ? PaidCustomerFacts.NewCustomers : CustomerFacts.NewCustomers),
        },
    ];

    private static MetricDefinition Cac(MetricDefinition metric, Measure spend, Measure customers) =>
        metric with { Reads = [spend, customers], Compute = c => Outcome.Ratio(c[spend], c[customers]) };
}
