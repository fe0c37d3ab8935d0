using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>How the sales work goes (R50, R51).</summary>
internal static class OpportunityMetrics
{
    private const int UsualDays = 90;

    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new()
        {
            Key = "winRate", English = "Win rate", Chinese = "成交率", Requirement = "R50", Unit = "ratio",
            Formula = "Opportunities won / (won + lost), by the day on which they closed. Open ones are left out. With `by: AMOUNT` of their amounts.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [ClosedFacts.Won, ClosedFacts.Lost],
            Compute = c => Outcome.Ratio(c[ClosedFacts.Won], c[ClosedFacts.Won] + c[ClosedFacts.Lost]),
            Parameters = [new("by", DealMeasure.Count, "Whether opportunities count as one each or by their amounts; without any amount there is no value.")],
            Vary = (metric, _) => metric with
            {
                Reads = [ClosedFacts.WonAmount, ClosedFacts.LostAmount, ClosedFacts.EstimatedWon, ClosedFacts.EstimatedLost],
                Compute = c => c[ClosedFacts.EstimatedWon].Value + c[ClosedFacts.EstimatedLost].Value == 0
                    ? Outcome.None(NoValueReason.NoData)
                    : Outcome.Ratio(c[ClosedFacts.WonAmount], c[ClosedFacts.WonAmount] + c[ClosedFacts.LostAmount]),
            },
        },
        Conversion(new()
        {
            Key = "conversionRate", English = "Conversion rate", Chinese = "销售转化率", Requirement = "R48", Unit = "ratio",
            Formula = "Of the opportunities opened in the period and at least `within` days ago, the share won within `within` days of their opening. With "
                + "`view: EVENT` opportunities won in the period within `within` days of their opening / opportunities opened in the period.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [],
            Compute = _ => default,
            Parameters =
            [
                new("view", ConversionView.Cohort, "Whether opportunities count by the day of their opening, or wins by the day of the win."),
                new("within", UsualDays, "The days within which an opportunity is to be won, 1 to 3,660.", 1, 3_660),
            ],
            Vary = (metric, given) => Conversion(metric, given.Of<ConversionView>("view"), given.Of<int>("within")),
        }, ConversionView.Cohort, UsualDays),
        new()
        {
            Key = "opportunitiesOpened", English = "Opportunities opened", Chinese = "新增商机数", Requirement = "R48", Unit = "opportunities",
            Formula = "Opportunities opened in the period.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [OpenedFacts.Opened],
            Compute = c => c[OpenedFacts.Opened],
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
            Key = "wonAmount", English = "Amount won", Chinese = "成交金额", Requirement = "R50",
            Formula = "Amount of the opportunities closed as won in the period. Those without an amount are left out; when none has one there is no value.",
            Kind = MetricKind.Money, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [ClosedFacts.WonAmount, ClosedFacts.EstimatedWon, ClosedFacts.Won],
            Compute = c => Known(c[ClosedFacts.WonAmount], c[ClosedFacts.EstimatedWon], c[ClosedFacts.Won]),
        },
        new()
        {
            Key = "lostAmount", English = "Amount lost", Chinese = "丢单金额", Requirement = "R50",
            Formula = "Amount of the opportunities closed as lost in the period. Those without an amount are left out; when none has one there is no value.",
            Kind = MetricKind.Money, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Down,
            Reads = [ClosedFacts.LostAmount, ClosedFacts.EstimatedLost, ClosedFacts.Lost],
            Compute = c => Known(c[ClosedFacts.LostAmount], c[ClosedFacts.EstimatedLost], c[ClosedFacts.Lost]),
        },
        new()
        {
            Key = "averageDealSize", English = "Average deal size", Chinese = "平均成交金额", Requirement = "R50",
            Formula = "Amount won / opportunities won that have an amount.",
            Kind = MetricKind.Money, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [ClosedFacts.WonAmount, ClosedFacts.EstimatedWon],
            Compute = c => Outcome.Ratio(c[ClosedFacts.WonAmount], c[ClosedFacts.EstimatedWon]),
        },
        new()
        {
            Key = "salesCycleDays", English = "Sales cycle", Chinese = "销售周期（中位数）", Requirement = "R49", Unit = "days",
            Formula = "Median of the days from the opening of opportunities to the win, of those won in the period. Open and lost ones are left out.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [WonFacts.CycleDays],
            Compute = c => c.Quantile(WonFacts.CycleDays, 0.5m),
        },
        new()
        {
            Key = "salesCycleDaysP90", English = "Sales cycle, 90th percentile", Chinese = "销售周期（90分位）", Requirement = "R49", Unit = "days",
            Formula = "The days from the opening to the win within which nine of ten opportunities won in the period were won, between two neighbouring values "
                + "in proportion.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [WonFacts.CycleDays],
            Compute = c => c.Quantile(WonFacts.CycleDays, 0.9m),
        },
        new()
        {
            Key = "openPipeline", English = "Open pipeline", Chinese = "在途商机金额", Requirement = "R51",
            Formula = "Estimated amount of the opportunities open at the end of the period's last day. Those without an estimate are left out; "
                + "when none has one there is no value.",
            Kind = MetricKind.Money, Additivity = Additivity.SemiAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [PipelineFacts.OpenAmount, PipelineFacts.OpenDeals, PipelineFacts.EstimatedDeals],
            Compute = c => Known(c[PipelineFacts.OpenAmount], c[PipelineFacts.EstimatedDeals], c[PipelineFacts.OpenDeals]),
        },
        new()
        {
            Key = "weightedPipeline", English = "Weighted pipeline", Chinese = "加权商机金额", Requirement = "R51",
            Formula = "Estimated amount x probability of the opportunities open at the end of the period's last day, the probability as it is today. Those "
                + "without an estimate or a probability are left out; when none has both there is no value.",
            Kind = MetricKind.Money, Additivity = Additivity.SemiAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [PipelineFacts.WholePercents, PipelineFacts.RestOfPercents, PipelineFacts.OpenDeals, PipelineFacts.WeightedDeals],
            Compute = c => Known(
                c[PipelineFacts.WholePercents] + (c[PipelineFacts.RestOfPercents] * 0.01m), c[PipelineFacts.WeightedDeals], c[PipelineFacts.OpenDeals]),
        },
        new()
        {
            Key = "openPipelineAge", English = "Age of the open pipeline", Chinese = "在途商机账龄", Requirement = "R51", Unit = "days",
            Formula = "Median of the days since their opening, of the opportunities open at the end of the last day of the period that has come.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [PipelineFacts.OpenedDays],
            Compute = c => Outcome.Of(c.Days.Until.DayNumber - 1) - c.Quantile(PipelineFacts.OpenedDays, 0.5m),
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

    private static MetricDefinition Conversion(MetricDefinition metric, ConversionView view, int within)
    {
        var (opened, won) = view == ConversionView.Cohort ? OpenedFacts.Cohort(within) : (OpenedFacts.Opened, WonFacts.Within(within));
        // Won in the period may be more than were opened in it.
        var range = view == ConversionView.Cohort ? MetricRange.Share : MetricRange.FromZero;
        return metric with { Range = range, Reads = [opened, won], Compute = c => Outcome.Ratio(c[won], c[opened]) };
    }

    /// <summary>An amount that some of the opportunities have: a missing one is not 0, and where all are missing there is none.</summary>
    private static Outcome Known(Outcome amount, Outcome known, Outcome all) => all.Value > 0 && known.Value == 0 ? Outcome.None(NoValueReason.NoData) : amount;
}
