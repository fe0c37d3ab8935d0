using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record RatedRow : FactRow
{
    public long Resolved { get; set; }
    public long Rated { get; set; }
}

/// <summary>Tickets on the day on which they were resolved for good, and whether their customers rated them.</summary>
internal sealed class RatedFacts : FlowFacts<RatedRow>
{
    public static Measure Resolved { get; } = Measure.Of<RatedRow>(r => r.Resolved, TicketFacts.Recorded);
    public static Measure Rated { get; } = Measure.Of<RatedRow>(r => r.Rated, TicketFacts.Recorded);

    public static RatedFacts Source { get; } = new();

    private RatedFacts() : base([Resolved, Rated])
    {
    }

    public override FactSubject? Subject => FactSubject.Ticket;

    public override IReadOnlyList<string> Tables { get; } = ["tickets"];

    // Changes of tickets are told by the day on which they were opened.
    public override bool ReadsAllBefore => true;

    public override bool Supports(MetricDimension dimension) => TicketFacts.IsOfTickets(dimension) || base.Supports(dimension);

    protected override IQueryable<RatedRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var resolved = context.Database.Tickets.AsNoTracking().Where(t => t.ResolvedDay >= days.From && t.ResolvedDay < days.Until);
        return TicketRows.Of(context, resolved, columns, t => new RatedRow
        {
            Day = t.ResolvedDay!.Value,
            Resolved = 1,
            Rated = t.Csat != null ? 1 : 0,
        });
    }
}

internal sealed record AnsweringRow : FactRow
{
    public bool HasAnswered { get; set; }
    public long Asked { get; set; }
    public long Answered { get; set; }
}

/// <summary>Sales to known customers, and whether the customer answered the NPS question in the same interval.</summary>
internal sealed class AnsweringFacts : IntervalFacts<AnsweringRow>
{
    /// <summary>Distinct known customers with a sale.</summary>
    public static Measure Asked { get; } = Measure.Of<AnsweringRow>(r => r.Asked, OrderFacts.Recorded);
    /// <summary>Those of them who answered.</summary>
    public static Measure Answered { get; } = Measure.Of<AnsweringRow>(r => r.Answered, SurveyFacts.Nps);

    public static AnsweringFacts Source { get; } = new();

    private AnsweringFacts() : base(
        [Asked, Answered],
        (Asked, rows => rows.Select(x => x.CustomerId).Distinct().Count()),
        (Answered, rows => rows.Where(x => x.HasAnswered).Select(x => x.CustomerId).Distinct().Count()))
    {
    }

    public override IReadOnlyList<string> Tables { get; } = ["orders", "survey_answers"];

    public override bool Supports(MetricDimension dimension) =>
        dimension.IsOfOrders() || base.Supports(dimension);

    public override FactSubject? Subject => FactSubject.Customer;

    public override double Price(Measure measure, bool byTime) => byTime ? 24 : 6;

    protected override IQueryable<AnsweringRow> Rows(FactContext context, DayRange interval, IReadOnlySet<string> columns)
    {
        var (from, until, first, last) = (interval.From, interval.Until, Guests.First, Guests.Last);
        var answers = context.Database.SurveyResponses.AsNoTracking()
            .Where(a => a.Kind == SurveyKind.Nps && a.Score >= 0 && a.Score <= 10 && a.Day >= from && a.Day < until);
        var sales = OrderFacts.Sales(context.Database)
            .Where(o => o.Day >= from && o.Day < until && (o.CustomerId < first || o.CustomerId > last));
        return OrderRows.Of(context, sales, columns, o => new AnsweringRow { HasAnswered = answers.Any(a => a.CustomerId == o.CustomerId) });
    }
}
