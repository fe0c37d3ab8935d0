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
            Range = MetricRange.Any,
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
            Range = MetricRange.Any,
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
        new()
        {
            Key = "cost", English = "Cost of sales", Chinese = "销售成本", Requirement = "R43",
            Formula = "Cost of the sale lines, less that of return lines on the day of the return; of the lines whose cost is known. A cost that nobody told "
                + "is not 0: when it is known of none, there is no value.",
            Kind = MetricKind.Money, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Down,
            Range = MetricRange.Any,
            Reads = [LineFacts.Cost, .. Costing],
            Compute = c => Costed(c, c[LineFacts.Cost]),
        },
        new()
        {
            Key = "grossProfit", English = "Gross profit", Chinese = "毛利", Requirement = "R43",
            Formula = "Revenue - cost, of the lines whose cost is known; returns on their own day. When it is known of none, there is no value.",
            Kind = MetricKind.Money, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Range = MetricRange.Any,
            Reads = [LineFacts.Cost, LineFacts.CostedGross, LineFacts.CostedReturned, .. Costing],
            Compute = c => Costed(c, c[LineFacts.CostedGross] - c[LineFacts.CostedReturned] - c[LineFacts.Cost]),
        },
        new()
        {
            Key = "grossMargin", English = "Gross margin", Chinese = "毛利率", Requirement = "R43", Unit = "ratio",
            Formula = "Gross profit / revenue of the lines whose cost is known.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            // Goods that come back lower sales and their cost on another day than that of the sale: the cost of a period can be below zero.
            Range = MetricRange.Any,
            Reads = [.. OfMargin],
            Compute = Margin,
        },
        new()
        {
            Key = "costCoverage", English = "Share of revenue with a known cost", Chinese = "成本已知的销售占比", Requirement = "R43", Unit = "ratio",
            Formula = "Gross revenue of the sale lines whose cost is known / gross revenue: how far cost, profit and margin speak for all.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [LineFacts.CostedGross, OrderFacts.Gross],
            Compute = c => Outcome.Ratio(c[LineFacts.CostedGross], c[OrderFacts.Gross]),
        },
        new()
        {
            Key = "discountRate", English = "Discount rate", Chinese = "折扣率", Requirement = "R43", Unit = "ratio",
            Formula = "Discounts / gross revenue before discount (gross revenue + discounts), of the sale lines.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [OrderFacts.Discount, OrderFacts.Gross],
            Compute = c => Outcome.Ratio(c[OrderFacts.Discount], c[OrderFacts.Gross] + c[OrderFacts.Discount]),
        },
        new()
        {
            Key = "returnRate", English = "Return rate", Chinese = "退货率", Requirement = "R43", Unit = "ratio",
            Formula = "Value of the returns / gross revenue of the same period. Returns count on their own day, so that it can be above 1.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Range = MetricRange.FromZero,
            Reads = [OrderFacts.Returned, OrderFacts.Gross],
            Compute = c => Outcome.Ratio(c[OrderFacts.Returned], c[OrderFacts.Gross]),
        },
        new()
        {
            Key = "unitsPerOrder", English = "Units per order", Chinese = "每单件数", Requirement = "R74", Unit = "units per order",
            Formula = "Units sold / orders.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [LineFacts.Units, OrderFacts.Orders],
            Compute = c => Outcome.Ratio(c[LineFacts.Units], c[OrderFacts.Orders]),
        },
        new()
        {
            Key = "paidAmount", English = "Amount paid", Chinese = "实收金额", Requirement = "R43",
            Formula = "Payments of the orders less what was paid back, whenever it was, on the day of the order. Cancelled orders are left out.",
            Kind = MetricKind.Money, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Range = MetricRange.Any,
            Reads = [PaymentFacts.Paid],
            Compute = c => c[PaymentFacts.Paid],
        },
        new()
        {
            Key = "payments", English = "Payments", Chinese = "付款笔数", Requirement = "R43", Unit = "payments",
            Formula = "Payments of the orders, paid back ones included, on the day of the order. Cancelled orders are left out.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Neither,
            Reads = [PaymentFacts.Payments],
            Compute = c => c[PaymentFacts.Payments],
        },
        new()
        {
            Key = "ordersPerDay", English = "Orders per day", Chinese = "日均订单数", Requirement = "R45", Unit = "orders per day",
            Formula = "Orders / days of the interval that have come, today included; in an hour of a day: its orders.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [OrderFacts.Orders],
            Compute = c => Outcome.Ratio(c[OrderFacts.Orders], Outcome.Of(c.Days.Days)),
        },
        new()
        {
            Key = "medianOrderValue", English = "Median order value", Chinese = "订单金额中位数", Requirement = "R46",
            Formula = "Half of the orders come to less, half to more (sale lines net of discount); of an even number the mean of the two in the middle.",
            Kind = MetricKind.Money, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [SaleFacts.Values],
            Compute = c => c.Quantile(SaleFacts.Values, 0.5m),
        },
    ];

    /// <summary>What says whether there are costs where something was sold or came back.</summary>
    public static IEnumerable<Measure> Costing => [LineFacts.CostedLines, OrderFacts.Gross, OrderFacts.Returned];

    public static IEnumerable<Measure> OfMargin => [LineFacts.Cost, LineFacts.CostedGross, LineFacts.CostedReturned, .. Costing];

    /// <summary>Gross profit of the lines whose cost is known, of their revenue.</summary>
    public static Outcome Margin(MetricCell cell) => Costed(cell, Outcome.Ratio(
        cell[LineFacts.CostedGross] - cell[LineFacts.CostedReturned] - cell[LineFacts.Cost], cell[LineFacts.CostedGross] - cell[LineFacts.CostedReturned]));

    public static Outcome Costed(MetricCell cell, Outcome value) =>
        cell[LineFacts.CostedLines].Value == 0 && (cell.Raw(OrderFacts.Gross) != 0 || cell.Raw(OrderFacts.Returned) != 0)
            ? Outcome.None(NoValueReason.UnknownCost)
            : value;
}
