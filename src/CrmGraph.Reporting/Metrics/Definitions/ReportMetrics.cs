using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>How reports are used (R62). What callers read belongs to the company: those bound by a row rule do not see it.</summary>
internal static class ReportMetrics
{
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new()
        {
            Key = "reportRuns", English = "Report runs", Chinese = "报告运行次数", Requirement = "R62", Unit = "runs",
            Formula = "Runs of reports, but for those by whoever saved that version of the report.",
            Kind = MetricKind.Count, Additivity = Additivity.Additive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [ReportFacts.Runs],
            Compute = c => c[ReportFacts.Runs],
        },
        new()
        {
            Key = "reportReaders", English = "Report readers", Chinese = "报告读者数", Requirement = "R62", Unit = "readers",
            Formula = "Distinct callers who ran a report that they had not saved themselves.",
            Kind = MetricKind.Count, Additivity = Additivity.NonAdditive, EmptyRule = EmptyRule.Zero, Favourable = FavourableDirection.Up,
            Reads = [ReportFacts.Readers],
            Compute = c => c[ReportFacts.Readers],
        },
    ];
}
