using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record PipelineRow : FactRow
{
    public long OpenAmount { get; set; }
    public long OpenDeals { get; set; }
    public long EstimatedDeals { get; set; }
}

/// <summary>Opportunities that are open at the end: those at the start, with those that opened, without those that closed.</summary>
internal sealed class PipelineFacts : FactSource<PipelineRow>
{
    /// <summary>Estimated money in opportunities open at the end.</summary>
    public static Measure OpenAmount { get; } = Measure.Of<PipelineRow>(r => r.OpenAmount, ClosedFacts.Recorded, MeasureUnit.Money, isStock: true);
    /// <summary>Opportunities open at the end, those without an estimate included.</summary>
    public static Measure OpenDeals { get; } = Measure.Of<PipelineRow>(r => r.OpenDeals, ClosedFacts.Recorded, isStock: true);
    /// <summary>Opportunities open at the end that have an estimate.</summary>
    public static Measure EstimatedDeals { get; } = Measure.Of<PipelineRow>(r => r.EstimatedDeals, ClosedFacts.Recorded, isStock: true);

    public static PipelineFacts Source { get; } = new();

    private PipelineFacts() : base([OpenAmount, OpenDeals, EstimatedDeals])
    {
    }

    public override IReadOnlyList<string> Tables { get; } = ["opportunities"];

    public override bool ReadsAllBefore => true;

    public override bool Supports(MetricDimension dimension) => ClosedFacts.IsOfOpportunities(dimension) || base.Supports(dimension);

    public override IEnumerable<FactStatement> Statements(FactQuestion question)
    {
        var (context, days) = (question.Context, question.Days);
        List<Measure> sums = [.. Measures.Where(question.Measures.Contains)];
        if (sums.Count > 0)
        {
            yield return Deals("opening", days.From, columns => OpenAtEndOf(context, days.From.AddDays(-1), columns), 1) with { Gives = FactRows.Opening };
            yield return Deals("opened", days.Until, columns => Opened(context, days, columns), 1) with { ByBucket = question.ByBucket };
            yield return Deals("ceased", days.Until, columns => CeasedToBeOpen(context, days, columns), -1) with { ByBucket = question.ByBucket };
        }

        if (!question.CountsPeople)
            yield break;
        // How many customers stand behind a stock cannot be added up from flows: one statement per bucket, and only where groups are suppressed.
        var buckets = question.Buckets ?? [];
        for (var b = 0; b < buckets.Count; b++)
            yield return Customers(buckets[b]) with { AtBucket = b };
        yield return Customers(days.Until);

        FactStatement Deals(string what, DateOnly until, Func<IReadOnlySet<string>, IQueryable<FactRow>> rows, int sign) =>
            new($"{what} {until:o}", new(DateOnly.MinValue, until), rows) { Sums = sums, Adds = [.. sums.Select(m => (m, sign))] };

        FactStatement Customers(DateOnly until) =>
            new($"open {until:o}", new(DateOnly.MinValue, until), columns => OpenAtEndOf(context, until.AddDays(-1), columns))
            {
                Counts = [People],
                Sets = [People],
            };
    }

    private static IQueryable<PipelineRow> OpenAtEndOf(FactContext context, DateOnly day, IReadOnlySet<string> columns) => Rows(
        context, columns, o => o.Day <= day && (o.Status == OpportunityStatus.Open || o.ClosedDay > day), AsOpened);

    /// <summary>Opportunities that opened on the days and outlived the day on which they did.</summary>
    private static IQueryable<PipelineRow> Opened(FactContext context, DayRange days, IReadOnlySet<string> columns) => Rows(
        context, columns, o => o.Day >= days.From && o.Day < days.Until && (o.Status == OpportunityStatus.Open || o.ClosedDay > o.Day), AsOpened);

    /// <summary>Opportunities that ceased to be open on the days, of those that <see cref="Opened"/> once counted.</summary>
    private static IQueryable<PipelineRow> CeasedToBeOpen(FactContext context, DayRange days, IReadOnlySet<string> columns) => Rows(
        context, columns, o => o.Status != OpportunityStatus.Open && o.ClosedDay >= days.From && o.ClosedDay < days.Until && o.ClosedDay > o.Day,
        o => new PipelineRow
        {
            CustomerId = o.CustomerId,
            Day = o.ClosedDay!.Value,
            TransactionDay = o.Day,
            Currency = o.Currency,
            Channel = o.Channel,
            Owner = o.OwnerId,
            SalesTeam = o.Owner!.TeamId,
            Stage = o.Stage,
            OpenAmount = o.Amount ?? 0,
            OpenDeals = 1,
            EstimatedDeals = o.Amount != null ? 1 : 0,
        });

    private static readonly Expression<Func<Opportunity, PipelineRow>> AsOpened = o => new PipelineRow
    {
        CustomerId = o.CustomerId,
        Day = o.Day,
        TransactionDay = o.Day,
        Currency = o.Currency,
        Channel = o.Channel,
        Owner = o.OwnerId,
        SalesTeam = o.Owner!.TeamId,
        Stage = o.Stage,
        OpenAmount = o.Amount ?? 0,
        OpenDeals = 1,
        EstimatedDeals = o.Amount != null ? 1 : 0,
    };

    private static IQueryable<PipelineRow> Rows(
        FactContext context, IReadOnlySet<string> columns, Expression<Func<Opportunity, bool>> which, Expression<Func<Opportunity, PipelineRow>> own)
    {
        var opportunities = context.Database.Opportunities.AsNoTracking().Where(which);
        return context.Rows(opportunities, columns, o => o.CustomerId, o => new FactAttributes { Channel = o.Channel, OwnerId = o.OwnerId }, own);
    }
}
