using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record TicketRow : FactRow
{
    public long Tickets { get; set; }
    public long Enquiries { get; set; }
    public long Complaints { get; set; }
    public long Settled { get; set; }
    public long Reopened { get; set; }
}

/// <summary>Tickets, on the day on which they were opened; they are their agent's.</summary>
internal sealed class TicketFacts : FlowFacts<TicketRow>
{
    public static FactKind Recorded { get; } = new(db => db.Tickets.AsNoTracking().Select(t => new FactRow { CustomerId = t.CustomerId, Day = t.Day }));
    private static readonly FactKind Asked = new(db => OfKind(db, TicketKind.Enquiry), row => row is TicketRow { Enquiries: > 0 });
    private static readonly FactKind Complained = new(db => OfKind(db, TicketKind.Complaint), row => row is TicketRow { Complaints: > 0 });

    public static Measure Tickets { get; } = Measure.Of<TicketRow>(r => r.Tickets, Recorded);
    public static Measure Enquiries { get; } = Measure.Of<TicketRow>(r => r.Enquiries, Asked);
    public static Measure Complaints { get; } = Measure.Of<TicketRow>(r => r.Complaints, Complained);

    /// <summary>Those that were resolved once at least.</summary>
    public static Measure Settled { get; } = Measure.Of<TicketRow>(r => r.Settled, Recorded);
    public static Measure Reopened { get; } = Measure.Of<TicketRow>(r => r.Reopened, Recorded);

    public static TicketFacts Source { get; } = new();

    private TicketFacts() : base([Tickets, Enquiries, Complaints, Settled, Reopened])
    {
    }

    public override FactSubject? Subject => FactSubject.Ticket;

    public override IReadOnlyList<string> Tables { get; } = ["tickets"];

    public override bool IsOfDays => true;

    public override bool HasHours => true;

    public override bool Supports(MetricDimension dimension) => IsOfTickets(dimension) || base.Supports(dimension);

    public static bool IsOfTickets(MetricDimension dimension) =>
        dimension is MetricDimension.TicketPriority or MetricDimension.TicketKind or MetricDimension.TicketTopic or MetricDimension.Agent
            or MetricDimension.TicketAttribute;

    protected override IQueryable<TicketRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var tickets = context.Database.Tickets.AsNoTracking().Where(t => t.Day >= days.From && t.Day < days.Until);
        return TicketRows.Of(context, tickets, columns, t => new TicketRow
        {
            Day = t.Day,
            Hour = t.Hour,
            Tickets = 1,
            Enquiries = t.Kind == TicketKind.Enquiry ? 1 : 0,
            Complaints = t.Kind == TicketKind.Complaint ? 1 : 0,
            Settled = t.ResolvedAt != null || t.ReopenCount > 0 ? 1 : 0,
            Reopened = t.ReopenCount > 0 ? 1 : 0,
        });
    }

    private static IQueryable<FactRow> OfKind(CrmDbContext db, TicketKind kind) =>
        db.Tickets.AsNoTracking().Where(t => t.Kind == kind).Select(t => new FactRow { CustomerId = t.CustomerId, Day = t.Day });
}
