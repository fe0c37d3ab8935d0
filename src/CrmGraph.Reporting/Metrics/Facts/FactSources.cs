using System.Collections.Frozen;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Every source of facts. Where several have a measure the first one that can tell a question answers it.</summary>
internal static class FactSources
{
    private static readonly FactSource[] All =
    [
        OrderFacts.Source, LineFacts.Source, PaymentFacts.Source, SaleFacts.Source, RepeatFacts.Source, SecondOrderFacts.Source,
        TicketFacts.Source, OpenTicketFacts.Source,
        ResponseFacts.Source, ResolutionFacts.Source, RatedFacts.Source, SurveyFacts.Source, AnsweringFacts.Source, ReportFacts.Source,
        ClosedFacts.Source, OpenedFacts.Source, WonFacts.Source, PipelineFacts.Source, ContractFacts.Source, RenewalFacts.Source,
        EndedContractFacts.Source,
        CustomerFacts.Source, PaidCustomerFacts.Source, SpendFacts.Source, CampaignSaleFacts.Usual, LifetimeFacts.Source, LifetimeProfitFacts.Source,
        PredictedFacts.Source,
    ];

    private static readonly FrozenDictionary<Measure, FactSource[]> ByMeasure =
        All.SelectMany(s => s.Measures).Distinct().ToFrozenDictionary(m => m, m => All.Where(s => s.Measures.Contains(m)).ToArray());

    /// <param name="byLine">Lines of orders are asked for, by products or a condition on them. What lines do not have is told by its own facts.</param>
    public static FactSource Of(Measure measure, bool byLine)
    {
        if (measure.Made is { } made)
            return made;
        var sources = ByMeasure[measure];
        return byLine ? Array.Find(sources, s => s.IsByLine) ?? sources[0] : sources[0];
    }
}
