using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>
/// How many customers there are and how they come and go (R37 to R40). Active on day d: a purchase in (d - ActivityDays, d], or an open
/// contract on d. Total at the end = total at the start + new + reactivated - lost, in every bucket and group.
/// </summary>
internal static class CustomerMetrics
{
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new()
        {
            Key = "buyers", English = "Buyers", Chinese = "购买客户数", Requirement = "R45", Unit = "customers",
            Formula = "Distinct known customers who bought in the period.",
            Kind = MetricKind.Count, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [OrderFacts.Buyers],
            Compute = c => c[OrderFacts.Buyers],
        },
        new()
        {
            Deprecation = "Use `buyers`, which says that they bought in the period.",
            Key = "activeCustomers", English = "Active customers", Chinese = "活跃客户数", Requirement = "R45", Unit = "customers",
            Formula = "Distinct known customers who bought in the period.",
            Kind = MetricKind.Count, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [OrderFacts.Buyers],
            Compute = c => c[OrderFacts.Buyers],
        },
        new()
        {
            Deprecation = "Use `customersAtEnd`, which says when they were active.",
            Key = "totalCustomers", English = "Total customers", Chinese = "客户总数", Requirement = "R39", Unit = "customers",
            Formula = "Customers active on the last day of the period.",
            Kind = MetricKind.Count, Additivity = Additivity.SemiAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [CustomerFacts.ActiveAtEnd],
            Compute = c => c[CustomerFacts.ActiveAtEnd],
        },
        new()
        {
            Key = "customersAtStart", English = "Customers at the start", Chinese = "期初客户数", Requirement = "R39", Unit = "customers",
            Formula = "Customers active on the day before the period. Over time the first value counts.",
            Kind = MetricKind.Count, Additivity = Additivity.SemiAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [CustomerFacts.ActiveAtStart],
            Compute = c => c[CustomerFacts.ActiveAtStart],
        },
        new()
        {
            Key = "customersAtEnd", English = "Customers at the end", Chinese = "期末客户数", Requirement = "R39", Unit = "customers",
            Formula = "Customers active on the last day of the period, the same as total customers: customers at the start + new + reactivated - lost.",
            Kind = MetricKind.Count, Additivity = Additivity.SemiAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [CustomerFacts.ActiveAtEnd],
            Compute = c => c[CustomerFacts.ActiveAtEnd],
        },
        new()
        {
            Key = "netCustomerGrowth", English = "Net customer growth", Chinese = "客户净增长", Requirement = "R40", Unit = "customers",
            Formula = "Customers at the end - customers at the start, which is new + reactivated - lost.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Range = MetricRange.Any,
            Reads = [CustomerFacts.ActiveAtStart, CustomerFacts.ActiveAtEnd],
            Compute = c => c[CustomerFacts.ActiveAtEnd] - c[CustomerFacts.ActiveAtStart],
        },
        new()
        {
            Key = "newCustomers", English = "New customers", Chinese = "新增客户", Requirement = "R39", Unit = "customers",
            Formula = "Customers whose first purchase or first contract falls in the period.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [CustomerFacts.NewCustomers],
            Compute = c => c[CustomerFacts.NewCustomers],
        },
        new()
        {
            Key = "lostCustomers", English = "Lost customers", Chinese = "流失客户", Requirement = "R39", Unit = "customers",
            Formula = "Times in the period that a customer ceased to be active: no purchase within the activity window and no open contract.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Down,
            Reads = [CustomerFacts.LostCustomers],
            Compute = c => c[CustomerFacts.LostCustomers],
        },
        new()
        {
            Key = "reactivatedCustomers", English = "Reactivated customers", Chinese = "回流客户", Requirement = "R39", Unit = "customers",
            Formula = "Times in the period that a lost customer became active again.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [CustomerFacts.ReactivatedCustomers],
            Compute = c => c[CustomerFacts.ReactivatedCustomers],
        },
        new()
        {
            Key = "customerGrowthRate", English = "Customer growth rate", Chinese = "客户增长率", Requirement = "R40", Unit = "ratio",
            Formula = "(Total customers at the end - at the start) / at the start; net growth.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Range = new(-1, null),
            Reads = [CustomerFacts.ActiveAtStart, CustomerFacts.ActiveAtEnd],
            Compute = c => Outcome.Ratio(c[CustomerFacts.ActiveAtEnd] - c[CustomerFacts.ActiveAtStart], c[CustomerFacts.ActiveAtStart]),
        },
        new()
        {
            Key = "retentionRate", English = "Customer retention rate", Chinese = "客户保留率", Requirement = "R37", Unit = "ratio",
            Formula = "Of the customers active at the start, kept by id, the share active at the end. New and reactivated ones are not counted as retained.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [CustomerFacts.ActiveAtStart, CustomerFacts.Retained],
            Compute = c => Outcome.Ratio(c[CustomerFacts.Retained], c[CustomerFacts.ActiveAtStart]),
        },
        new()
        {
            Key = "churnRate", English = "Churn rate", Chinese = "客户流失率", Requirement = "R38", Unit = "ratio",
            Formula = "Of the customers active at the start, the share no longer active at the end: 1 - retention rate.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [CustomerFacts.ActiveAtStart, CustomerFacts.Retained],
            Compute = c => Outcome.Ratio(c[CustomerFacts.ActiveAtStart] - c[CustomerFacts.Retained], c[CustomerFacts.ActiveAtStart]),
        },
    ];
}
