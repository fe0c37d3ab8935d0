using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record ClosedRow : FactRow
{
    public long Won { get; set; }
    public long Lost { get; set; }
}

/// <summary>Opportunities, on the day on which they closed.</summary>
internal sealed class ClosedFacts : FlowFacts<ClosedRow>
{
    public static FactKind Recorded { get; } = new(db => db.Opportunities.AsNoTracking().Select(o => new FactRow { CustomerId = o.CustomerId, Day = o.Day }));

    public static Measure Won { get; } = Measure.Of<ClosedRow>(r => r.Won, Recorded);
    public static Measure Lost { get; } = Measure.Of<ClosedRow>(r => r.Lost, Recorded);

    public static ClosedFacts Source { get; } = new();

    private ClosedFacts() : base([Won, Lost])
    {
    }

    public override IReadOnlyList<string> Tables { get; } = ["opportunities"];

    public override bool Supports(MetricDimension dimension) => IsOfOpportunities(dimension) || base.Supports(dimension);

    public static bool IsOfOpportunities(MetricDimension dimension) => dimension is MetricDimension.Stage or MetricDimension.Currency;

    protected override IQueryable<ClosedRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var closed = context.Database.Opportunities.AsNoTracking()
            .Where(o => o.Status != OpportunityStatus.Open && o.ClosedDay >= days.From && o.ClosedDay < days.Until);
        return context.Rows(closed, columns, o => o.CustomerId, o => new FactAttributes { Channel = o.Channel, OwnerId = o.OwnerId }, o => new ClosedRow
        {
            CustomerId = o.CustomerId,
            Day = o.ClosedDay!.Value,
            Channel = o.Channel,
            Owner = o.OwnerId,
            SalesTeam = o.Owner!.TeamId,
            Stage = o.Stage,
            Currency = o.Currency,
            Won = o.Status == OpportunityStatus.Won ? 1 : 0,
            Lost = o.Status == OpportunityStatus.Lost ? 1 : 0,
        });
    }
}
