using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>What was sold (R43 to R46). Orders that were cancelled count nowhere; returns count on their own day.</summary>
internal static class SalesMetrics
{
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new()
        {
            Key = "revenue", English = "Revenue", Chinese = "销售额", Requirement = "R43",
            Formula = "Sale lines net of discount, less returns on the day of the return.",
            Kind = MetricKind.Money, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [OrderFacts.Gross, OrderFacts.Returned],
            Compute = c => c[OrderFacts.Gross] - c[OrderFacts.Returned],
        },
        new()
        {
            Key = "grossRevenue", English = "Gross revenue", Chinese = "销售总额", Requirement = "R43",
            Formula = "Sale lines net of discount, returns not deducted.",
            Kind = MetricKind.Money, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [OrderFacts.Gross],
            Compute = c => c[OrderFacts.Gross],
        },
        new()
        {
            Key = "returns", English = "Returns", Chinese = "退货额", Requirement = "R43",
            Formula = "Value of the goods brought back, as a positive amount, on the day of the return.",
            Kind = MetricKind.Money, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Down,
            Reads = [OrderFacts.Returned],
            Compute = c => c[OrderFacts.Returned],
        },
        new()
        {
            Key = "discounts", English = "Discounts", Chinese = "折扣额", Requirement = "R43",
            Formula = "Discount granted on what was sold.",
            Kind = MetricKind.Money, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Neither,
            Reads = [OrderFacts.Discount],
            Compute = c => c[OrderFacts.Discount],
        },
        new()
        {
            Key = "orders", English = "Orders", Chinese = "订单数", Requirement = "R45", Unit = "orders",
            Formula = "Orders with at least one sale line; split and same-day orders count one each. By product: orders with a line of it.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [OrderFacts.Orders],
            Compute = c => c[OrderFacts.Orders],
        },
        new()
        {
            Key = "unitsSold", English = "Units sold", Chinese = "销售件数", Requirement = "R74", Unit = "units", Decimals = 2,
            Formula = "Quantity of the sale lines.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [LineFacts.Units],
            Compute = c => c[LineFacts.Units],
        },
        new()
        {
            Key = "averageOrderValue", English = "Average order value", Chinese = "客单价", Requirement = "R46",
            Formula = "Gross revenue / orders.",
            Kind = MetricKind.Money, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [OrderFacts.Gross, OrderFacts.Orders],
            Compute = c => Outcome.Ratio(c[OrderFacts.Gross], c[OrderFacts.Orders]),
        },
        new()
        {
            Key = "revenuePerCustomer", English = "Revenue per buyer", Chinese = "人均购买金额", Requirement = "R46",
            Formula = "Revenue of known customers / distinct buyers in the period.",
            Kind = MetricKind.Money, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [OrderFacts.KnownGross, OrderFacts.KnownReturned, OrderFacts.Buyers],
            Compute = c => Outcome.Ratio(c[OrderFacts.KnownGross] - c[OrderFacts.KnownReturned], c[OrderFacts.Buyers]),
        },
        new()
        {
            Key = "purchaseFrequency", English = "Purchase frequency", Chinese = "购买频率", Requirement = "R45", Unit = "orders per buyer",
            Formula = "Orders of known customers / distinct buyers in the period.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [OrderFacts.KnownOrders, OrderFacts.Buyers],
            Compute = c => Outcome.Ratio(c[OrderFacts.KnownOrders], c[OrderFacts.Buyers]),
        },
    ];
}
