using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

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

    public override IReadOnlyList<string> Tables { get; } = ["opportunities"];

    public override bool Supports(MetricDimension dimension) => ClosedFacts.IsOfOpportunities(dimension) || base.Supports(dimension);

    protected override IQueryable<WonRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var within = _within;
        var won = context.Database.Opportunities.AsNoTracking()
            .Where(o => o.Status == OpportunityStatus.Won && o.ClosedDay >= days.From && o.ClosedDay < days.Until);
        return context.Rows(won, columns, o => o.CustomerId, o => new FactAttributes { Channel = o.Channel, OwnerId = o.OwnerId }, o => new WonRow
        {
            Fact = o.Id,
            CustomerId = o.CustomerId,
            Day = o.ClosedDay!.Value,
            Channel = o.Channel,
            Owner = o.OwnerId,
            SalesTeam = o.Owner!.TeamId,
            Stage = o.Stage,
            LossReason = o.LossReason,
            Currency = o.Currency,
            Days = o.ClosedDay!.Value.DayNumber - o.Day.DayNumber,
            Quick = o.ClosedDay <= o.Day.AddDays(within) ? 1 : 0,
        });
    }
}
