using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record OpenTicketRow : FactRow
{
    public long OpenTickets { get; set; }
}

/// <summary>Tickets that are open at the end.</summary>
internal sealed class OpenTicketFacts : StockFacts<Ticket, OpenTicketRow>
{
    public static Measure OpenTickets { get; } = Measure.Of<OpenTicketRow>(r => r.OpenTickets, TicketFacts.Recorded, isStock: true);

    public static OpenTicketFacts Source { get; } = new();

    private OpenTicketFacts() : base([OpenTickets])
    {
    }

    public override FactSubject? Subject => FactSubject.Ticket;

    public override IReadOnlyList<string> Tables { get; } = ["tickets"];

    public override bool Supports(MetricDimension dimension) => TicketFacts.IsOfTickets(dimension) || base.Supports(dimension);

    protected override Expression<Func<Ticket, bool>> StandAtEndOf(DateOnly day) => t => t.Day <= day && (t.ResolvedDay == null || t.ResolvedDay > day);

    protected override Expression<Func<Ticket, bool>> Came(DayRange days) =>
        t => t.Day >= days.From && t.Day < days.Until && (t.ResolvedDay == null || t.ResolvedDay > t.Day);

    protected override Expression<Func<Ticket, bool>> Went(DayRange days) =>
        t => t.ResolvedDay >= days.From && t.ResolvedDay < days.Until && t.ResolvedDay > t.Day;

    protected override Expression<Func<Ticket, OpenTicketRow>> Coming { get; } = TicketRows.Whole(t => new OpenTicketRow
    {
        Day = t.Day,
        OpenTickets = 1,
    });

    protected override Expression<Func<Ticket, DateOnly>> Going { get; } = t => t.ResolvedDay!.Value;

    protected override Expression<Func<Ticket, Guid>> Customer { get; } = t => t.CustomerId;

    protected override Expression<Func<Ticket, FactAttributes>> Attributes => TicketRows.Attributes;
}
