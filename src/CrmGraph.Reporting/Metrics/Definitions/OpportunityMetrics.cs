using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>How the sales work goes (R50, R51).</summary>
internal static class OpportunityMetrics
{
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new()
        {
            Key = "winRate", English = "Win rate", Chinese = "成交率", Requirement = "R50", Unit = "ratio",
            Formula = "Opportunities won / (won + lost), by the day on which they closed. Open ones are left out.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [ClosedFacts.Won, ClosedFacts.Lost],
            Compute = c => Outcome.Ratio(c[ClosedFacts.Won], c[ClosedFacts.Won] + c[ClosedFacts.Lost]),
        },
        new()
        {
            Key = "opportunitiesWon", English = "Opportunities won", Chinese = "成交商机数", Requirement = "R50", Unit = "opportunities",
            Formula = "Opportunities closed as won in the period.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [ClosedFacts.Won],
            Compute = c => c[ClosedFacts.Won],
        },
        new()
        {
            Key = "opportunitiesLost", English = "Opportunities lost", Chinese = "丢单商机数", Requirement = "R50", Unit = "opportunities",
            Formula = "Opportunities closed as lost in the period.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Down,
            Reads = [ClosedFacts.Lost],
            Compute = c => c[ClosedFacts.Lost],
        },
        new()
        {
            Key = "openPipeline", English = "Open pipeline", Chinese = "在途商机金额", Requirement = "R51",
            Formula = "Estimated amount of the opportunities open at the end of the period's last day. Those without an estimate are left out; "
                + "when none has one there is no value.",
            Kind = MetricKind.Money, Additivity = Additivity.SemiAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [PipelineFacts.OpenAmount, PipelineFacts.OpenDeals, PipelineFacts.EstimatedDeals],
            Compute = c => c[PipelineFacts.OpenDeals].Value > 0 && c[PipelineFacts.EstimatedDeals].Value == 0
                ? Outcome.None(NoValueReason.NoData)
                : c[PipelineFacts.OpenAmount],
        },
        new()
        {
            Key = "openOpportunities", English = "Open opportunities", Chinese = "在途商机数", Requirement = "R51", Unit = "opportunities",
            Formula = "Opportunities open at the end of the period's last day.",
            Kind = MetricKind.Count, Additivity = Additivity.SemiAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [PipelineFacts.OpenDeals],
            Compute = c => c[PipelineFacts.OpenDeals],
        },
    ];
}
