using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>What customers say and ask (R41, R42, R52, R54). Answers outside their scale are not counted.</summary>
internal static class ServiceMetrics
{
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new()
        {
            Key = "nps", English = "Net promoter score", Chinese = "净推荐值", Requirement = "R41", Unit = "points from -100 to 100",
            Formula = "(Answers 9-10 - answers 0-6) / all answers x 100; every answer in the period counts.",
            Kind = MetricKind.Score, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [SurveyFacts.NpsAnswers, SurveyFacts.Promoters, SurveyFacts.Detractors],
            Compute = c => Outcome.Mean(
                c[SurveyFacts.Promoters] - c[SurveyFacts.Detractors], c[SurveyFacts.Promoters] + c[SurveyFacts.Detractors], c[SurveyFacts.NpsAnswers]) * 100,
        },
        new()
        {
            Key = "npsResponses", English = "NPS answers", Chinese = "净推荐值问卷数", Requirement = "R41", Unit = "answers",
            Formula = "Answers to the NPS question.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [SurveyFacts.NpsAnswers],
            Compute = c => c[SurveyFacts.NpsAnswers],
        },
        new()
        {
            Key = "csat", English = "Customer satisfaction", Chinese = "客户满意度", Requirement = "R42", Unit = "percent",
            Formula = "Positive answers / all answers x 100. Positive: 4 or 5 after mapping the scale linearly to 1-5 (6-7 of 7, 8-10 of 10). "
                + "Answers to surveys only: what a ticket is rated with (Ticket.csat) counts when it is written as a survey answer.",
            Kind = MetricKind.Score, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
            Reads = [SurveyFacts.CsatAnswers, SurveyFacts.CsatPositive],
            Compute = c => Outcome.Mean(c[SurveyFacts.CsatPositive], c[SurveyFacts.CsatPositive], c[SurveyFacts.CsatAnswers]) * 100,
        },
        new()
        {
            Key = "csatResponses", English = "CSAT answers", Chinese = "满意度问卷数", Requirement = "R42", Unit = "answers",
            Formula = "Answers to the satisfaction question.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [SurveyFacts.CsatAnswers],
            Compute = c => c[SurveyFacts.CsatAnswers],
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
