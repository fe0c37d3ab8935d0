using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record TicketRow : FactRow
{
    public long Enquiries { get; set; }
    public long Complaints { get; set; }
}

/// <summary>Tickets, on the day on which they were opened; they are their agent's.</summary>
internal sealed class TicketFacts : FlowFacts<TicketRow>
{
    private static readonly FactKind Asked = new(db => Tickets(db, TicketKind.Enquiry), row => row is TicketRow { Enquiries: > 0 });
    private static readonly FactKind Complained = new(db => Tickets(db, TicketKind.Complaint), row => row is TicketRow { Complaints: > 0 });

    public static Measure Enquiries { get; } = Measure.Of<TicketRow>(r => r.Enquiries, Asked);
    public static Measure Complaints { get; } = Measure.Of<TicketRow>(r => r.Complaints, Complained);

    public static TicketFacts Source { get; } = new();

    private TicketFacts() : base([Enquiries, Complaints])
    {
    }

    public override IReadOnlyList<string> Tables { get; } = ["tickets"];

    public override bool HasHours => true;

    public override bool Supports(MetricDimension dimension) =>
        dimension is MetricDimension.TicketPriority or MetricDimension.TicketKind or MetricDimension.Agent || base.Supports(dimension);

    protected override IQueryable<TicketRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var tickets = context.Database.Tickets.AsNoTracking().Where(t => t.Day >= days.From && t.Day < days.Until);
        return context.Rows(tickets, columns, t => t.CustomerId, t => new FactAttributes { Channel = t.Channel, OwnerId = t.AgentId }, t => new TicketRow
        {
            CustomerId = t.CustomerId,
            Day = t.Day,
            Hour = t.Hour,
            Channel = t.Channel,
            Owner = t.AgentId,
            SalesTeam = t.Agent!.TeamId,
            Agent = t.AgentId,
            TicketKind = t.Kind,
            TicketPriority = t.Priority,
            Enquiries = t.Kind == TicketKind.Enquiry ? 1 : 0,
            Complaints = t.Kind == TicketKind.Complaint ? 1 : 0,
        });
    }

    private static IQueryable<FactRow> Tickets(CrmDbContext db, TicketKind kind) =>
        db.Tickets.AsNoTracking().Where(t => t.Kind == kind).Select(t => new FactRow { CustomerId = t.CustomerId, Day = t.Day });
}
