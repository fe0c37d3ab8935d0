using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>What contracts bring and how long they last. Amounts are per month, as contracts have them; a contract without an amount is not one of 0.</summary>
internal static class ContractMetrics
{
    private const int UsualDays = 90;

    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new()
        {
            Key = "recurringRevenue", English = "Recurring revenue per month", Chinese = "月度经常性收入", Requirement = "R38",
            Formula = "Monthly amounts of the contracts open at the end of the last day of the period that has come, each by the rate of its first day. Those "
                + "without an amount are left out; when none has one there is no value.",
            Kind = MetricKind.Money, Additivity = Additivity.SemiAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [ContractFacts.MonthlyAmount, ContractFacts.OpenContracts, ContractFacts.PricedContracts],
            Compute = c => c[ContractFacts.OpenContracts].Value > 0 && c[ContractFacts.PricedContracts].Value == 0
                ? Outcome.None(NoValueReason.NoData)
                : c[ContractFacts.MonthlyAmount],
        },
        new()
        {
            Key = "netRevenueRetention", English = "Net revenue retention", Chinese = "净收入留存率", Requirement = "R38", Unit = "ratio",
            Formula = "Of the customers with contracts at the start: monthly amounts at the end, new contracts of theirs included / monthly amounts at the "
                + "start, in each currency and by the rate of the day before the period.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Range = MetricRange.FromZero,
            Reads = [RenewalFacts.StartAmount, RenewalFacts.EndAmount],
            Compute = c => Outcome.Ratio(c[RenewalFacts.EndAmount], c[RenewalFacts.StartAmount]),
        },
        new()
        {
            Key = "grossRevenueRetention", English = "Gross revenue retention", Chinese = "总收入留存率", Requirement = "R38", Unit = "ratio",
            Formula = "As net revenue retention, but of each customer at most the amount at the start: what was lost is not made up by what others added.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [RenewalFacts.StartAmount, RenewalFacts.KeptAmount],
            Compute = c => Outcome.Ratio(c[RenewalFacts.KeptAmount], c[RenewalFacts.StartAmount]),
        },
        new()
        {
            Key = "contractChurnRate", English = "Contract churn rate", Chinese = "合同流失率", Requirement = "R38", Unit = "ratio",
            Formula = "Of the contracts open at the start, the share that ended in the period, up to today.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [RenewalFacts.StartContracts, RenewalFacts.EndedContracts],
            Compute = c => Outcome.Ratio(c[RenewalFacts.EndedContracts], c[RenewalFacts.StartContracts]),
        },
        new()
        {
            Key = "contractLength", English = "Contract length", Chinese = "合同时长（中位数）", Requirement = "R38", Unit = "days",
            Formula = "Median of the days from the first day to the end of contracts, of those that ended in the period, up to today. Open ones are left out.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [EndedContractFacts.Length],
            Compute = c => c.Quantile(EndedContractFacts.Length, 0.5m),
        },
        Expiring(new()
        {
            Key = "expiringContracts", English = "Expiring contracts", Chinese = "即将到期合同数", Requirement = "R38", Unit = "contracts",
            Formula = "Contracts open at the end of the last day of the period that has come, which end at most `within` days later.",
            Kind = MetricKind.Count, Additivity = Additivity.SemiAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Down,
            Reads = [],
            Compute = _ => default,
            Parameters = [new("within", UsualDays, "The days within which contracts end, 1 to 3,660.", 1, 3_660)],
            Vary = (metric, given) => Expiring(metric, given.Of<int>("within")),
        }, UsualDays),
    ];

    private static MetricDefinition Expiring(MetricDefinition metric, int within)
    {
        var expiring = ExpiringFacts.Within(within);
        return metric with { Reads = [expiring], Compute = c => c[expiring] };
    }
}
