using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record ServiceTimeRow : FactRow
{
    public DateTime OpenedAt { get; set; }
    public DateTime EndedAt { get; set; }
}

/// <summary>How long customers waited, on the day on which the waiting ended; they are the agent's. What is still open has no such time yet.</summary>
internal abstract class ServiceTimeFacts(Measure measure) : FlowFacts<ServiceTimeRow>([measure])
{
    public override FactSubject? Subject => FactSubject.Ticket;

    public override IReadOnlyList<string> Tables { get; } = ["tickets"];

    // Changes of tickets are told by the day on which they were opened.
    public override bool ReadsAllBefore => true;

    public override bool Supports(MetricDimension dimension) => TicketFacts.IsOfTickets(dimension) || base.Supports(dimension);
}

/// <summary>Tickets on the day of their first response.</summary>
internal sealed class ResponseFacts : ServiceTimeFacts
{
    public static Measure Hours { get; } = Measure.OfHours<ServiceTimeRow>("ResponseHours", r => r.OpenedAt, r => r.EndedAt, TicketFacts.Recorded);

    public static ResponseFacts Source { get; } = new();

    private ResponseFacts() : base(Hours)
    {
    }

    protected override IQueryable<ServiceTimeRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var answered = context.Database.Tickets.AsNoTracking().Where(t => t.FirstResponseDay >= days.From && t.FirstResponseDay < days.Until);
        return TicketRows.Of(context, answered, columns, t => new ServiceTimeRow
        {
            Day = t.FirstResponseDay!.Value,
            OpenedAt = t.OpenedAt,
            EndedAt = t.FirstResponseAt!.Value,
        });
    }
}

/// <summary>Tickets on the day on which they were resolved for good.</summary>
internal sealed class ResolutionFacts : ServiceTimeFacts
{
    public static Measure Hours { get; } = Measure.OfHours<ServiceTimeRow>("ResolutionHours", r => r.OpenedAt, r => r.EndedAt, TicketFacts.Recorded);

    public static ResolutionFacts Source { get; } = new();

    private ResolutionFacts() : base(Hours)
    {
    }

    protected override IQueryable<ServiceTimeRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var resolved = context.Database.Tickets.AsNoTracking().Where(t => t.ResolvedDay >= days.From && t.ResolvedDay < days.Until);
        return TicketRows.Of(context, resolved, columns, t => new ServiceTimeRow
        {
            Day = t.ResolvedDay!.Value,
            OpenedAt = t.OpenedAt,
            EndedAt = t.ResolvedAt!.Value,
        });
    }
}
