using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>What customers answered, once each or by weight.</summary>
internal sealed partial class MetricOracle
{
    private (decimal?, NoValueReason?)? Survey(string metric, Cell cell)
    {
        var weighted = metric.EndsWith("(weighted: true)", StringComparison.Ordinal);
        Func<SurveyResponse, decimal> weight = weighted ? a => (a.Weight ?? 10_000) / 10_000m : _ => 1;
        return metric.Split('(')[0] switch
        {
            "nps" => Score(SurveyKind.Nps, a => a.Score >= 9 ? 100 : a.Score <= 6 ? -100 : 0),
            "npsResponses" => Count(SurveyKind.Nps, _ => true),
            "promoters" => Count(SurveyKind.Nps, a => a.Score >= 9),
            "passives" => Count(SurveyKind.Nps, a => a.Score is 7 or 8),
            "detractors" => Count(SurveyKind.Nps, a => a.Score <= 6),
            "promoterShare" => Score(SurveyKind.Nps, a => a.Score >= 9 ? 100 : 0),
            "passiveShare" => Score(SurveyKind.Nps, a => a.Score is 7 or 8 ? 100 : 0),
            "detractorShare" => Score(SurveyKind.Nps, a => a.Score <= 6 ? 100 : 0),
            "npsMeanScore" => Score(SurveyKind.Nps, a => a.Score),
            "csat" => Score(SurveyKind.Csat, a => Positive(a) ? 100 : 0),
            "csatResponses" => Count(SurveyKind.Csat, _ => true),
            "csatMeanScore" => Score(SurveyKind.Csat, a => 1 + (4m * (a.Score - 1) / (a.ScaleMaximum - 1))),
            _ => null,
        };

        (decimal?, NoValueReason?) Count(SurveyKind kind, Func<SurveyResponse, bool> counts) => (Answers(cell, kind).Where(counts).Sum(weight), null);

        (decimal?, NoValueReason?) Score(SurveyKind kind, Func<SurveyResponse, decimal> points)
        {
            var answers = Answers(cell, kind);
            return answers.Count == 0 ? (null, NoValueReason.NoData)
                : answers.Sum(weight) == 0 ? (null, NoValueReason.ZeroDenominator)
                : (answers.Sum(a => weight(a) * points(a)) / answers.Sum(weight), null);
        }
    }

    private List<SurveyResponse> Answers(Cell cell, SurveyKind kind) => Once($"answers {kind}", cell, () =>
        crm.SurveyResponses.Where(a => a.Kind == kind && InHour(a.Day, a.Hour, cell) && Counts(a.Customer!)
            && (Channel is null || Channel(a.Channel)) && Matches(cell, a.Customer!, a.Channel, a.Customer!.OwnerId, a)));

    private static bool Positive(SurveyResponse a) => a.ScaleMaximum switch
    {
        5 => a.Score >= 4,
        7 => a.Score >= 6,
        10 => a.Score >= 8,
        _ => throw new ArgumentException("The sample has no such scale."),
    };
}
