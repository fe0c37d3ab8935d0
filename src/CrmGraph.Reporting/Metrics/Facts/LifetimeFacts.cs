using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

internal sealed record LifetimeRow : FactRow
{
    public bool IsSale { get; set; }
    public long Revenue { get; set; }
    public long Profit { get; set; }
    public long CostedLines { get; set; }
    public long Customers { get; set; }
}

/// <summary>
/// What known customers brought from the first day to the end of an interval: what stood at the start of the period, and what came in its buckets. Who has
/// bought counts from his first sale on, of those that count.
/// </summary>
internal abstract class LifetimeSource(
    IReadOnlyList<Measure> measures, params IEnumerable<(Measure Measure, Expression<Func<IEnumerable<LifetimeRow>, long>> Count)> counts)
    : FactSource<LifetimeRow>(measures, counts)
{
    public sealed override bool ReadsAllBefore => true;

    public sealed override bool Supports(TimeGrain grain) => grain is not (TimeGrain.Hour or TimeGrain.Day);

    public sealed override bool AddsUpOverTime(Measure measure) => false;

    public sealed override double Price(Measure measure, bool byTime) => byTime ? 24 : 6;

    /// <summary>The facts of some days.</summary>
    protected abstract IQueryable<LifetimeRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns);

    /// <summary>Sales, as far as the first one of each customer in each group is among them.</summary>
    protected virtual IQueryable<LifetimeRow> FirstSales(FactContext context, DayRange days, IReadOnlySet<string> columns) => Rows(context, days, columns);

    public sealed override IEnumerable<FactStatement> Statements(FactQuestion question)
    {
        var (context, past) = (question.Context, question.Past);
        if (past.Days == 0)
            yield break;
        List<Measure> sums = [.. Measures.Where(m => question.Measures.Contains(m) && IsSum(m))];
        var before = new DayRange(DateOnly.MinValue, question.Days.From);
        // A period as a whole is told by all of it at once.
        var during = question.ByBucket ? before with { From = before.Until, Until = past.Until } : before with { Until = past.Until };
        if (sums.Count > 0)
        {
            IReadOnlyList<(Measure, int)> adds = [.. sums.Select(m => (m, 1))];
            if (question.ByBucket)
                yield return On(context, before) with { Gives = FactRows.Opening, Sums = sums, Adds = adds };
            yield return On(context, during) with { ByBucket = question.ByBucket, Sums = sums, Adds = adds };
        }

        foreach (var counted in Measures.Where(m => question.Measures.Contains(m) && IsDistinct(m)))
        {
            if (question.ByBucket)
                yield return First(before) with { Gives = FactRows.Opening };
            yield return First(during) with { ByBucket = question.ByBucket };

            FactStatement First(DayRange days) => new(
                $"first {days.From:o} {days.Until:o}", new(DateOnly.MinValue, days.Until),
                columns => FirstSales(context, days with { From = DateOnly.MinValue }, columns))
            {
                FirstOf = counted,
                FirstFrom = days.From,
                Adds = [(counted, 1)],
                Folds = false,
            };
        }

        if (!question.CountsPeople)
            yield break;
        // How many customers stand behind a sum cannot be added up: one statement for each bucket, and only where groups are suppressed.
        foreach (var (bucket, until) in (question.Buckets ?? []).Index())
            if ((bucket == 0 ? question.Days.From : question.Buckets![bucket - 1]) < past.Until)
                yield return People(until < past.Until ? until : past.Until) with { AtBucket = bucket };
        yield return People(past.Until);

        FactStatement People(DateOnly until) => On(context, before with { Until = until }) with { Counts = [FactSource.People], Sets = [FactSource.People] };
    }

    public sealed override IEnumerable<FactStatement> Behind(FactQuestion question) =>
        question.Past.Days > 0 ? [On(question.Context, new(DateOnly.MinValue, question.Past.Until))] : [];

    private FactStatement On(FactContext context, DayRange days) =>
        new($"{days.From:o} {days.Until:o}", new(DateOnly.MinValue, days.Until), columns => Rows(context, days, columns));
}

/// <summary>What known customers ever bought, up to the end of an interval.</summary>
internal sealed class LifetimeFacts : LifetimeSource
{
    /// <summary>What a sale has that its customer has not: by these the first sale in a group can be a later one.</summary>
    private static readonly HashSet<string> _ofSales =
        [nameof(FactRow.Channel), nameof(FactRow.Owner), nameof(FactRow.SalesTeam), nameof(FactRow.Currency), nameof(FactRow.Fact)];

    /// <summary>Sales less returns.</summary>
    public static Measure Revenue { get; } = Measure.Of<LifetimeRow>(r => r.Revenue, OrderFacts.Recorded, MeasureUnit.Money, isStock: true);
    /// <summary>Distinct customers with a sale.</summary>
    public static Measure Customers { get; } = Measure.Of<LifetimeRow>(r => r.Customers, OrderFacts.Recorded, isStock: true);

    public static LifetimeFacts Source { get; } = new();

    private LifetimeFacts() : base([Revenue, Customers], (Customers, rows => rows.Where(x => x.IsSale).Select(x => x.CustomerId).Distinct().Count()))
    {
    }

    public override FactSubject? Subject => FactSubject.Order;

    public override IReadOnlyList<string> Tables { get; } = ["orders"];

    protected override IQueryable<LifetimeRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns) =>
        Rows(context, context.Database.Orders.AsNoTracking().Where(o => o.CancelledAt == null), days, columns);

    protected override IQueryable<LifetimeRow> FirstSales(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        if (context.Filter.Fact is not null || columns.Overlaps(_ofSales))
            return Rows(context, OrderFacts.Sales(context.Database), days, columns);
        var (until, first, last) = (days.Until, Guests.First, Guests.Last);
        var figures = context.Database.CustomerFigures.AsNoTracking()
            .Where(f => f.FirstPurchaseDay < until && (f.CustomerId < first || f.CustomerId > last));
        return context.Rows(figures, columns, f => f.CustomerId, f => new FactAttributes(), f => new LifetimeRow
        {
            CustomerId = f.CustomerId,
            Day = f.FirstPurchaseDay!.Value,
        });
    }

    private static IQueryable<LifetimeRow> Rows(FactContext context, IQueryable<Order> counted, DayRange days, IReadOnlySet<string> columns)
    {
        var (from, until, first, last) = (days.From, days.Until, Guests.First, Guests.Last);
        var orders = counted.Where(o => o.Day < until && (o.CustomerId < first || o.CustomerId > last));
        if (from > DateOnly.MinValue)
            orders = orders.Where(o => o.Day >= from);
        return context.Rows(orders, columns, o => o.CustomerId, o => new FactAttributes { Channel = o.Channel, OwnerId = o.OwnerId }, o => new LifetimeRow
        {
            Fact = o.Id,
            CustomerId = o.CustomerId,
            Day = o.Day,
            TransactionDay = o.Day,
            Currency = o.Currency,
            Channel = o.Channel,
            Owner = o.OwnerId,
            SalesTeam = o.Owner!.TeamId,
            IsSale = o.Kind == OrderKind.Sale,
            Revenue = o.GrossAmount - o.ReturnedAmount,
        });
    }
}

/// <summary>What was earned by known customers up to the end of an interval: of lines whose cost is known.</summary>
internal sealed class LifetimeProfitFacts : LifetimeSource
{
    public static Measure Profit { get; } = Measure.Of<LifetimeRow>(r => r.Profit, OrderFacts.Recorded, MeasureUnit.Money, isStock: true);
    public static Measure CostedLines { get; } = Measure.Of<LifetimeRow>(r => r.CostedLines, OrderFacts.Recorded, isStock: true);

    public static LifetimeProfitFacts Source { get; } = new();

    private LifetimeProfitFacts() : base([Profit, CostedLines])
    {
    }

    public override FactSubject? Subject => FactSubject.OrderLine;

    public override IReadOnlyList<string> Tables { get; } = ["order_lines"];

    protected override IQueryable<LifetimeRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var (from, until, first, last) = (days.From, days.Until, Guests.First, Guests.Last);
        var lines = context.Database.OrderLines.AsNoTracking()
            .Where(l => l.CancelledAt == null && l.Day < until && (l.CustomerId < first || l.CustomerId > last) && l.CostAmount != null);
        if (from > DateOnly.MinValue)
            lines = lines.Where(l => l.Day >= from);
        return context.Rows(lines, columns, l => l.CustomerId, l => new FactAttributes { Channel = l.Channel, OwnerId = l.OwnerId }, l => new LifetimeRow
        {
            Fact = l.Id,
            CustomerId = l.CustomerId,
            Day = l.Day,
            TransactionDay = l.Day,
            Currency = l.Currency,
            Channel = l.Channel,
            Owner = l.OwnerId,
            SalesTeam = l.Order!.Owner!.TeamId,
            Profit = l.Kind == OrderKind.Sale ? l.Amount - l.CostAmount!.Value : l.CostAmount!.Value - l.Amount,
            CostedLines = 1,
        });
    }
}
