using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record ReportRow : FactRow
{
    public string? Reader { get; set; }
    public long ReportRuns { get; set; }
    public long ReportReaders { get; set; }
}

/// <summary>Runs of reports, but for those by whoever saved the version: they are the company's own and no customer's.</summary>
internal sealed class ReportFacts : FlowFacts<ReportRow>
{
    private static readonly FactKind Recorded = new(db => db.ReportRuns.AsNoTracking().Select(r => new FactRow { Day = r.Day }));

    public static Measure Runs { get; } = Measure.Of<ReportRow>(r => r.ReportRuns, Recorded);
    public static Measure Readers { get; } = Measure.Of<ReportRow>(r => r.ReportReaders, Recorded);

    public static ReportFacts Source { get; } = new();

    private ReportFacts() : base([Runs, Readers], (Readers, rows => rows.Select(x => x.Reader).Distinct().Count()))
    {
    }

    public override IReadOnlyList<string> Tables { get; } = ["report_runs"];

    public override bool IsOfCustomers => false;

    public override bool Supports(MetricDimension dimension) => dimension is MetricDimension.Weekday or MetricDimension.MonthOfYear;

    public override bool Suits(FactFilter filter) =>
        filter is { NeedsLines: false, UsesChannel: false, UsesOwner: false, Customer: null, KnownCustomersOnly: false };

    public override double Price(Measure measure, bool byTime) => 1;

    protected override IQueryable<ReportRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns) => FactQuery.Project(
        context.Database.ReportRuns.AsNoTracking().Where(r => !r.IsOwn && r.Day >= days.From && r.Day < days.Until), columns, r => new ReportRow
        {
            Day = r.Day,
            Reader = r.Reader,
            ReportRuns = 1,
        });
}
