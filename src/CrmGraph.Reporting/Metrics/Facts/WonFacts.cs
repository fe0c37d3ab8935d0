using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record WonRow : FactRow
{
    public long Days { get; set; }
    public long Quick { get; set; }
}

/// <summary>How long opportunities took that were won, on the day on which they were. A source of its own, so that their customers are counted alone.</summary>
internal sealed class WonFacts : FlowFacts<WonRow>
{
    /// <summary>Days from the opening to the win.</summary>
    public static Measure CycleDays { get; } = Measure.OfValues<WonRow>(nameof(CycleDays), r => r.Days, ClosedFacts.Recorded, MeasureUnit.Whole);

    public static WonFacts Source { get; } = new(CycleDays, 0);

    private readonly int _within;

    private WonFacts(Measure measure, int within) : base([measure]) => _within = within;

    /// <summary>Those that took so many days at most.</summary>
    public static Measure Within(int days)
    {
        var quick = Measure.Of<WonRow>(r => r.Quick, ClosedFacts.Recorded);
        quick.Made = new WonFacts(quick, days);
        return quick;
    }

    public override string ToString() => $"{nameof(WonFacts)} {_within}";

    public override FactSubject? Subject => FactSubject.Opportunity;

    public override IReadOnlyList<string> Tables => OpportunityRows.Tables;

    public override bool Supports(MetricDimension dimension) => OpportunityRows.Tell(dimension) || base.Supports(dimension);

    public override bool Suits(FactFilter filter) => OpportunityRows.Suit(filter);

    protected override IQueryable<WonRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var within = _within;
        return OpportunityRows.Of(
            context, o => o.Status == OpportunityStatus.Won && o.ClosedDay >= days.From && o.ClosedDay < days.Until, columns, o => new WonRow
            {
                Day = o.ClosedDay!.Value,
                Days = o.ClosedDay!.Value.DayNumber - o.Day.DayNumber,
                Quick = o.ClosedDay <= o.Day.AddDays(within) ? 1 : 0,
            });
    }
}
