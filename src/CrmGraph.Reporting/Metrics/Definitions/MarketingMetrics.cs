using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>What it costs to win customers (R35) and what campaigns bring (R56). Spend belongs to the company, not to customers: callers bound by a row rule do not see it.</summary>
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
        Credited((metric, sales) => metric with { Reads = [sales.Revenue], Compute = c => c[sales.Revenue] }, new()
        {
            Key = "campaignRevenue", English = "Campaign revenue", Chinese = "营销活动销售额", Requirement = "R56",
            Formula = "Revenue of the orders that are credited to campaigns. A customer meets a campaign with each sale that names one. `attribution`: "
                + "the first, the last, or in equal parts all of those met in the `window` days up to the order, its own campaign included. Orders of "
                + "customers who met none are organic and belong to no campaign. Of unknown customers only the order itself tells.",
            Kind = MetricKind.Money, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Range = MetricRange.Any,
            Reads = [],
            Compute = _ => default,
        }),
        Credited((metric, sales) => metric with { Reads = [sales.Customers], Compute = c => c[sales.Customers] }, new()
        {
            Key = "campaignCustomers", English = "Campaign customers", Chinese = "营销活动客户数", Requirement = "R56", Unit = "customers",
            Formula = "Distinct known customers with an order in the period that is credited to a campaign, as for campaign revenue.",
            Kind = MetricKind.Count, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [],
            Compute = _ => default,
        }),
        Credited(
            (metric, sales) => metric with
            {
                Reads = [sales.Revenue, SpendFacts.Spend],
                Compute = c => Outcome.Ratio(c[sales.Revenue] - c[SpendFacts.Spend], c[SpendFacts.Spend]),
            },
            new()
            {
                Key = "returnOnSpend", English = "Return on marketing spend", Chinese = "营销投入产出比", Requirement = "R56", Unit = "ratio",
                Formula = "(Campaign revenue - marketing spend) / marketing spend of the same period. Organic orders have neither, and count on no side.",
                Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
                Range = MetricRange.Any,
                Reads = [],
                Compute = _ => default,
            }),
    ];

    /// <summary>A metric of the orders that an attribution credits to campaigns.</summary>
    private static MetricDefinition Credited(Func<MetricDefinition, CampaignSaleFacts, MetricDefinition> of, MetricDefinition metric) =>
        of(metric, CampaignSaleFacts.Usual) with
        {
            Parameters =
            [
                new("attribution", Attribution.Last, "Which of the campaigns that a customer met get the credit for an order."),
                new("window", CampaignSaleFacts.UsualDays, "The days before an order in which a campaign counts as met, 0 to 366.", 0, 366),
            ],
            Vary = (varied, given) => of(varied, CampaignSaleFacts.By(given.Of<Attribution>("attribution"), given.Of<int>("window"))),
        };

    private static MetricDefinition Cac(MetricDefinition metric, Measure spend, Measure customers) =>
        metric with { Reads = [spend, customers], Compute = c => Outcome.Ratio(c[spend], c[customers]) };
}
