using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics;

/// <summary>Kinds of facts that a company records or does not record at all.</summary>
internal enum FactKind { Sales, Enquiries, Complaints, NpsAnswers, CsatAnswers, Opportunities, Purchases, Spend }

/// <summary>
/// Whether there are facts of a kind, of any time and whatever the filter says, among those that the caller may see. A metric of facts that were never
/// recorded has no value: 0 would say that there were none.
/// </summary>
internal static class FactKinds
{
    public static FactKind Of(Measure measure) => measure switch
    {
        <= Measure.Units => FactKind.Sales,
        Measure.Enquiries => FactKind.Enquiries,
        Measure.Complaints => FactKind.Complaints,
        Measure.NpsAnswers or Measure.Promoters or Measure.Detractors => FactKind.NpsAnswers,
        Measure.CsatAnswers or Measure.CsatPositive => FactKind.CsatAnswers,
        Measure.Won or Measure.Lost or Measure.OpenAmount or Measure.OpenDeals or Measure.EstimatedDeals => FactKind.Opportunities,
        Measure.Spend => FactKind.Spend,
        _ => FactKind.Purchases,
    };

    /// <summary>Whether a row shows that there are facts of the kind.</summary>
    public static bool Shows(MetricRead read, FactRow row, FactKind kind) => read.Recorded is { } recorded
        ? recorded == kind
        : kind switch
        {
            FactKind.Sales => read.Source is FactSource.Orders or FactSource.Lines,
            FactKind.Enquiries => row.Enquiries > 0,
            FactKind.Complaints => row.Complaints > 0,
            FactKind.NpsAnswers => row.NpsAnswers > 0,
            FactKind.CsatAnswers => row.CsatAnswers > 0,
            FactKind.Opportunities => read.Source is FactSource.ClosedOpportunities or FactSource.Pipeline,
            FactKind.Purchases => read.Source == FactSource.Lifecycle,
            _ => read.Source == FactSource.Spend,
        };

    /// <summary>The metrics of which nothing was ever recorded.</summary>
    public static HashSet<string> Missing(MetricPlan plan, IReadOnlyList<MetricRead> reads)
    {
        var missing = plan.Kinds.Where(kind => !reads.Any(read => read.Rows.Any(row => Shows(read, row, kind)))).ToHashSet();
        return [.. plan.Selection.Metrics.Where(m => m.Reads.Any(r => missing.Contains(Of(r)))).Select(m => m.Key)];
    }

    /// <summary>A fact of the kind, if there is one; by scope one for each owner of today who has any.</summary>
    public static IQueryable<FactRow> Any(CrmDbContext db, FactKind kind, Caller caller, bool byScope)
    {
        var facts = All(db, kind);
        if (caller.SeesAll)
            return facts.Select(f => new FactRow { Day = f.Day }).Take(1);
        var seen = facts.Join(db.Customers.AsNoTracking().Where(RowRules.Customer(caller)), f => f.CustomerId, c => c.Id, (f, c) => new FactRow { Day = f.Day, Scope = c.OwnerId });
        return byScope ? seen.Select(f => new FactRow { Scope = f.Scope }).Distinct() : seen.Select(f => new FactRow { Day = f.Day }).Take(1);
    }

    private static IQueryable<FactRow> All(CrmDbContext db, FactKind kind) => kind switch
    {
        FactKind.Sales => db.Orders.AsNoTracking().Select(o => new FactRow { CustomerId = o.CustomerId, Day = o.Day }),
        FactKind.Enquiries => Tickets(db, TicketKind.Enquiry),
        FactKind.Complaints => Tickets(db, TicketKind.Complaint),
        FactKind.NpsAnswers => Answers(db, SurveyKind.Nps),
        FactKind.CsatAnswers => Answers(db, SurveyKind.Csat),
        FactKind.Opportunities => db.Opportunities.AsNoTracking().Select(o => new FactRow { CustomerId = o.CustomerId, Day = o.Day }),
        FactKind.Purchases => db.Orders.AsNoTracking().Where(o => o.Kind == OrderKind.Sale).Select(o => new FactRow { CustomerId = o.CustomerId, Day = o.Day })
            .Concat(db.Contracts.AsNoTracking().Select(k => new FactRow { CustomerId = k.CustomerId, Day = k.StartDay })),
        _ => db.CampaignSpend.AsNoTracking().Select(s => new FactRow { Day = s.Day }),
    };

    private static IQueryable<FactRow> Tickets(CrmDbContext db, TicketKind kind) =>
        db.Tickets.AsNoTracking().Where(t => t.Kind == kind).Select(t => new FactRow { CustomerId = t.CustomerId, Day = t.Day });

    private static IQueryable<FactRow> Answers(CrmDbContext db, SurveyKind kind) =>
        db.SurveyAnswers.AsNoTracking().Where(a => a.Kind == kind).Select(a => new FactRow { CustomerId = a.CustomerId, Day = a.Day });
}
