using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record OpenedRow : FactRow
{
    public long Opened { get; set; }
    public long Reached { get; set; }
}

/// <summary>Opportunities on the day on which they were opened.</summary>
internal sealed class OpenedFacts : FlowFacts<OpenedRow>
{
    public static Measure Opened { get; } = Measure.Of<OpenedRow>(r => r.Opened, ClosedFacts.Recorded);

    public static OpenedFacts Source { get; } = new([Opened], null);

    private readonly int? _within;

    private OpenedFacts(IReadOnlyList<Measure> measures, int? within) : base(measures) => _within = within;

    /// <summary>Opportunities opened so many days ago at least, and those of them that were won within the days.</summary>
    public static (Measure Opened, Measure Reached) Cohort(int within)
    {
        var opened = Measure.Of<OpenedRow>(r => r.Opened, ClosedFacts.Recorded);
        var reached = Measure.Of<OpenedRow>(r => r.Reached, ClosedFacts.Recorded);
        opened.Made = reached.Made = new OpenedFacts([opened, reached], within);
        return (opened, reached);
    }

    public override string ToString() => $"{nameof(OpenedFacts)} {_within}";

    public override FactSubject? Subject => FactSubject.Opportunity;

    public override IReadOnlyList<string> Tables => OpportunityRows.Tables;

    public override bool Supports(MetricDimension dimension) => OpportunityRows.Tell(dimension) || base.Supports(dimension);

    public override bool Suits(FactFilter filter) => OpportunityRows.Suit(filter);

    // Of younger ones it is not known yet.
    protected override DayRange DaysOf(FactQuestion question) =>
        _within is { } within && question.Now.AddDays(1 - within) is var until && until < question.Days.Until
            ? question.Days with { Until = until > question.Days.From ? until : question.Days.From }
            : question.Days;

    protected override IQueryable<OpenedRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var within = _within ?? 0;
        return OpportunityRows.Of(context, o => o.Day >= days.From && o.Day < days.Until, columns, o => new OpenedRow
        {
            Day = o.Day,
            Opened = 1,
            Reached = o.Status == OpportunityStatus.Won && o.ClosedDay <= o.Day.AddDays(within) ? 1 : 0,
        });
    }
}
