using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>What customers say (R41, R42). Responses outside their scale are not counted.</summary>
internal static class SurveyMetrics
{
    private static readonly IReadOnlyList<MetricParameter> Weighted =
        [new("weighted", false, "Whether responses count by their weights (`SurveyResponse.weight`, 1 where there is none) instead of once each.")];

    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        Mean(
            Of("nps", "Net promoter score", "净推荐值", "points from -100 to 100", "(Responses 9-10 - responses 0-6) / all responses x 100; every response in the "
                + "period counts."),
            SurveyFacts.OfNps, [SurveyFacts.Promoters, SurveyFacts.Detractors],
            of => (of(SurveyFacts.Promoters) - of(SurveyFacts.Detractors), of(SurveyFacts.Promoters) + of(SurveyFacts.Detractors)), 100),
        Count(Of("npsResponses", "NPS responses", "净推荐值答卷数", "responses", "Responses to the NPS question."), SurveyFacts.OfNps.Responses),
        Count(Of("promoters", "Promoters", "推荐者数", "responses", "Responses 9-10 to the NPS question."), SurveyFacts.Promoters),
        Count(
            Of("passives", "Passives", "被动者数", "responses", "Responses 7-8 to the NPS question.") with { Favourable = FavourableDirection.Neither },
            SurveyFacts.Passives),
        Count(
            Of("detractors", "Detractors", "贬损者数", "responses", "Responses 0-6 to the NPS question.") with { Favourable = FavourableDirection.Down },
            SurveyFacts.Detractors),
        Share(
            Of("promoterShare", "Share of promoters", "推荐者占比", "percent", "Responses 9-10 / all responses to the NPS question x 100."),
            SurveyFacts.Promoters),
        Share(
            Of("passiveShare", "Share of passives", "被动者占比", "percent", "Responses 7-8 / all responses to the NPS question x 100.")
                with { Favourable = FavourableDirection.Neither },
            SurveyFacts.Passives),
        Share(
            Of("detractorShare", "Share of detractors", "贬损者占比", "percent", "Responses 0-6 / all responses to the NPS question x 100.")
                with { Favourable = FavourableDirection.Down },
            SurveyFacts.Detractors),
        Mean(
            Of("npsMeanScore", "Mean NPS response", "净推荐值平均分", "points from 0 to 10", "Sum of the scores / responses to the NPS question.")
                with { Decimals = 2 },
            SurveyFacts.OfNps, [SurveyFacts.NpsScore, SurveyFacts.NpsScoreSquared], of => (of(SurveyFacts.NpsScore), of(SurveyFacts.NpsScoreSquared)), 1),
        Mean(
            Of("csat", "Customer satisfaction", "客户满意度", "percent", "Positive responses / all responses x 100. Positive: 4 or 5 after mapping the scale "
                + "linearly to 1-5 (6-7 of 7, 8-10 of 10). Survey responses only: what a ticket is rated with (Ticket.csat) counts when it is written as a "
                + "survey response."),
            SurveyFacts.OfCsat, [SurveyFacts.CsatPositive], of => (of(SurveyFacts.CsatPositive), of(SurveyFacts.CsatPositive)), 100),
        Count(Of("csatResponses", "CSAT responses", "满意度答卷数", "responses", "Responses to the satisfaction question."), SurveyFacts.OfCsat.Responses),
        Mean(
            Of("csatMeanScore", "Mean satisfaction score", "满意度平均分", "points from 1 to 5", "Sum of the scores / responses to the satisfaction question, each "
                + "score after mapping its scale linearly to 1-5: 1 + 4 x (score - 1) / (highest score - 1).")
                with { Decimals = 2 },
            SurveyFacts.OfCsat, [SurveyFacts.CsatSteps, SurveyFacts.CsatStepsSquared], MappedScores, 1),
    ];

    /// <summary>Of x = 1 + 4s, where s is a part of <see cref="SurveyFacts.StepsOfScale"/>, and of x squared.</summary>
    private static (Outcome Sum, Outcome Squares) MappedScores(Func<Tally, Outcome> of)
    {
        const decimal Step = SurveyFacts.StepsOfScale / 4m;
        var (all, mapped) = (of(SurveyFacts.OfCsat.Responses), of(SurveyFacts.CsatSteps).Over(Step));
        var squares = of(SurveyFacts.CsatStepsSquared).Over(Step * Step);
        return (all + mapped, all + (mapped * 2) + squares);
    }

    private static MetricDefinition Share(MetricDefinition metric, Tally part) => Mean(metric, SurveyFacts.OfNps, [part], of => (of(part), of(part)), 100);

    private static MetricDefinition Count(MetricDefinition metric, Tally tally) => metric with
    {
        Formula = metric.Formula + " With `weighted` the sum of their weights.",
        Kind = MetricKind.Count,
        Additivity = Additivity.Additive,
        EmptyRule = EmptyRule.Zero,
        Reads = [tally.Plain],
        Compute = c => c[tally.Plain],
        Vary = (plain, given) => given.Of<bool>("weighted") ? plain with { Decimals = 2, Reads = [tally.Weighted], Compute = c => c[tally.Weighted] } : plain,
    };

    /// <param name="sums">Of what the mean is: its sum, and the sum of its squares.</param>
    private static MetricDefinition Mean(
        MetricDefinition metric, SurveyKindFacts kind, IReadOnlyList<Tally> reads, Func<Func<Tally, Outcome>, (Outcome Sum, Outcome Squares)> sums,
        decimal scale) =>
        metric with
        {
            Formula = metric.Formula + " With `weighted` each response counts as its weight says, and the margin of error is that of the effective number of "
                + "responses: (sum of weights)^2 / sum of squared weights (L. Kish, Survey Sampling, 1965).",
            Reads = [kind.Responses.Plain, .. reads.Select(t => t.Plain)],
            Compute = c =>
            {
                var (sum, squares) = sums(t => c[t.Plain]);
                return Outcome.Mean(sum, squares, c[kind.Responses.Plain]) * scale;
            },
            Vary = (plain, given) => !given.Of<bool>("weighted") ? plain : plain with
            {
                Reads = [kind.Responses.Plain, kind.Responses.Weighted, kind.WeightsSquared, .. reads.Select(t => t.Weighted)],
                Compute = c =>
                {
                    var (sum, squares) = sums(t => c[t.Weighted]);
                    return Outcome.WeightedMean(sum, squares, c[kind.Responses.Weighted], c[kind.WeightsSquared], c[kind.Responses.Plain]) * scale;
                },
            },
        };

    private static MetricDefinition Of(string key, string english, string chinese, string unit, string formula) => new()
    {
        Key = key, English = english, Chinese = chinese, Requirement = key.StartsWith("csat", StringComparison.Ordinal) ? "R42" : "R41", Unit = unit,
        Formula = formula, Kind = MetricKind.Score, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Null, Favourable = FavourableDirection.Up,
        Range = unit switch
        {
            "points from -100 to 100" => new(-100, 100),
            "points from 0 to 10" => new(0, 10),
            "points from 1 to 5" => new(1, 5),
            "percent" => new(0, 100),
            _ => MetricRange.FromZero,
        },
        Parameters = Weighted, Reads = [], Compute = _ => default,
    };
}
