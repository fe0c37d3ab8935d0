using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>What customers ask and complain about, and whether they answer (R41, R42, R52 to R54).</summary>
internal static class ServiceMetrics
{
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new()
        {
            Key = "npsResponseRate", English = "NPS response rate", Chinese = "净推荐值回复率", Requirement = "R41", Unit = "ratio",
            Formula = "Of the distinct known customers who bought in the period, the share that answered the NPS question in it. Whom a survey was sent to is "
                + "not recorded: every buyer counts as asked.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [AnsweringFacts.Answered, AnsweringFacts.Asked],
            Compute = c => Outcome.Ratio(c[AnsweringFacts.Answered], c[AnsweringFacts.Asked]),
        },
        new()
        {
            Key = "csatResponseRate", English = "CSAT response rate", Chinese = "满意度回复率", Requirement = "R42", Unit = "ratio",
            Formula = "Of the tickets resolved in the period, the share that their customers rated (Ticket.csat).",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [RatedFacts.Rated, RatedFacts.Resolved],
            Compute = c => Outcome.Ratio(c[RatedFacts.Rated], c[RatedFacts.Resolved]),
        },
        new()
        {
            Key = "tickets", English = "Tickets", Chinese = "工单数", Requirement = "R54", Unit = "tickets",
            Formula = "Enquiries and complaints opened in the period.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Neither,
            Reads = [TicketFacts.Tickets],
            Compute = c => c[TicketFacts.Tickets],
        },
        new()
        {
            Key = "openTickets", English = "Open tickets", Chinese = "未解决工单数", Requirement = "R53", Unit = "tickets",
            Formula = "Tickets that are not resolved at the end of the period's last day. One that was reopened counts as open ever since its opening.",
            Kind = MetricKind.Count, Additivity = Additivity.SemiAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Down,
            Reads = [OpenTicketFacts.OpenTickets],
            Compute = c => c[OpenTicketFacts.OpenTickets],
        },
        new()
        {
            Key = "reopenRate", English = "Reopen rate", Chinese = "工单重开率", Requirement = "R53", Unit = "ratio",
            Formula = "Of the tickets opened in the period that were resolved at least once, the share that was opened again.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [TicketFacts.Settled, TicketFacts.Reopened],
            Compute = c => Outcome.Ratio(c[TicketFacts.Reopened], c[TicketFacts.Settled]),
        },
        new()
        {
            Key = "firstResponseTime", English = "First response time", Chinese = "首次响应时间（中位数）", Requirement = "R53", Unit = "hours",
            Formula = "Median hours from the opening of a ticket to its first response in the period. "
                + "Hours of the clock, by the day of that moment. Those without it yet are left out.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [ResponseFacts.Hours],
            Compute = c => c.Quantile(ResponseFacts.Hours, 0.5m),
        },
        new()
        {
            Key = "firstResponseTimeP90", English = "First response time, 90th percentile", Chinese = "首次响应时间（90分位）", Requirement = "R53", Unit = "hours",
            Formula = "The hours from the opening of a ticket to its first response in the period, within which nine of ten lie. "
                + "Between two neighbouring values in proportion. Hours of the clock, by the day of that moment. Those without it yet are left out.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [ResponseFacts.Hours],
            Compute = c => c.Quantile(ResponseFacts.Hours, 0.9m),
        },
        new()
        {
            Key = "resolutionTime", English = "Resolution time", Chinese = "解决时间（中位数）", Requirement = "R53", Unit = "hours",
            Formula = "Median hours from the opening of a ticket to its resolution in the period. "
                + "Hours of the clock, by the day of that moment. Those without it yet are left out.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [ResolutionFacts.Hours],
            Compute = c => c.Quantile(ResolutionFacts.Hours, 0.5m),
        },
        new()
        {
            Key = "resolutionTimeP90", English = "Resolution time, 90th percentile", Chinese = "解决时间（90分位）", Requirement = "R53", Unit = "hours",
            Formula = "The hours from the opening of a ticket to its resolution in the period, within which nine of ten lie. "
                + "Between two neighbouring values in proportion. Hours of the clock, by the day of that moment. Those without it yet are left out.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [ResolutionFacts.Hours],
            Compute = c => c.Quantile(ResolutionFacts.Hours, 0.9m),
        },
        new()
        {
            Key = "resolvedInTime", English = "Resolved in time", Chinese = "按时解决率", Requirement = "R53", Unit = "ratio",
            Formula = "Of the tickets resolved in the period, the share resolved at most `hours` hours after their opening. Hours of the clock.",
            Kind = MetricKind.Ratio, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [ResolutionFacts.Hours],
            Compute = c => c.PartUpTo(ResolutionFacts.Hours, 24),
            Parameters = [new("hours", 24, "The hours within which a ticket is to be resolved, 1 to 8,784.", 1, 8_784)],
            Vary = (metric, given) => metric with { Compute = c => c.PartUpTo(ResolutionFacts.Hours, given.Of<int>("hours")) },
        },
        new()
        {
            Key = "enquiries", English = "Enquiries", Chinese = "咨询量", Requirement = "R54", Unit = "tickets",
            Formula = "Enquiries opened in the period.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Neither,
            Reads = [TicketFacts.Enquiries],
            Compute = c => c[TicketFacts.Enquiries],
        },
        new()
        {
            Key = "complaints", English = "Complaints", Chinese = "投诉量", Requirement = "R52", Unit = "tickets",
            Formula = "Complaints opened in the period.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Down,
            Reads = [TicketFacts.Complaints],
            Compute = c => c[TicketFacts.Complaints],
        },
        new()
        {
            Key = "complaintRate", English = "Complaint rate", Chinese = "投诉率", Requirement = "R52", Unit = "complaints per order", Decimals = 4,
            Formula = "Complaints opened / orders placed in the period.",
            Kind = MetricKind.Rate, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Down,
            Reads = [TicketFacts.Complaints, OrderFacts.Orders],
            Compute = c => Outcome.Ratio(c[TicketFacts.Complaints], c[OrderFacts.Orders]),
        },
    ];
}
