using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record ClosedRow : FactRow
{
    public long Won { get; set; }
    public long Lost { get; set; }
    public long WonAmount { get; set; }
    public long LostAmount { get; set; }
    public long EstimatedWon { get; set; }
    public long EstimatedLost { get; set; }
}

/// <summary>Opportunities, on the day on which they closed.</summary>
internal sealed class ClosedFacts : FlowFacts<ClosedRow>
{
    public static FactKind Recorded { get; } = new(db => db.Opportunities.AsNoTracking().Select(o => new FactRow { CustomerId = o.CustomerId, Day = o.Day }));

    public static Measure Won { get; } = Measure.Of<ClosedRow>(r => r.Won, Recorded);
    public static Measure Lost { get; } = Measure.Of<ClosedRow>(r => r.Lost, Recorded);
    public static Measure WonAmount { get; } = Measure.Of<ClosedRow>(r => r.WonAmount, Recorded, MeasureUnit.Money);
    public static Measure LostAmount { get; } = Measure.Of<ClosedRow>(r => r.LostAmount, Recorded, MeasureUnit.Money);
    /// <summary>Won ones that have an amount.</summary>
    public static Measure EstimatedWon { get; } = Measure.Of<ClosedRow>(r => r.EstimatedWon, Recorded);
    public static Measure EstimatedLost { get; } = Measure.Of<ClosedRow>(r => r.EstimatedLost, Recorded);

    public static ClosedFacts Source { get; } = new();

    private ClosedFacts() : base([Won, Lost, WonAmount, LostAmount, EstimatedWon, EstimatedLost])
    {
    }

    public override FactSubject? Subject => FactSubject.Opportunity;

    public override IReadOnlyList<string> Tables => OpportunityRows.Tables;

    public override bool Supports(MetricDimension dimension) => OpportunityRows.Tell(dimension) || base.Supports(dimension);

    public override bool Suits(FactFilter filter) => OpportunityRows.Suit(filter);

    protected override IQueryable<ClosedRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns) => OpportunityRows.Of(
        context, o => o.Status != OpportunityStatus.Open && o.ClosedDay >= days.From && o.ClosedDay < days.Until, columns, o => new ClosedRow
        {
            Day = o.ClosedDay!.Value,
            TransactionDay = o.ClosedDay!.Value,
            Won = o.Status == OpportunityStatus.Won ? 1 : 0,
            Lost = o.Status == OpportunityStatus.Lost ? 1 : 0,
            WonAmount = o.Status == OpportunityStatus.Won ? o.Amount ?? 0 : 0,
            LostAmount = o.Status == OpportunityStatus.Lost ? o.Amount ?? 0 : 0,
            EstimatedWon = o.Status == OpportunityStatus.Won && o.Amount != null ? 1 : 0,
            EstimatedLost = o.Status == OpportunityStatus.Lost && o.Amount != null ? 1 : 0,
        });
}
