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

/// <summary>What known customers ever bought, up to the end of an interval.</summary>
internal sealed class LifetimeFacts : IntervalFacts<LifetimeRow>
{
    /// <summary>Sales less returns.</summary>
    public static Measure Revenue { get; } = Measure.Of<LifetimeRow>(r => r.Revenue, OrderFacts.Recorded, MeasureUnit.Money);
    /// <summary>Distinct customers with a sale.</summary>
    public static Measure Customers { get; } = Measure.Of<LifetimeRow>(r => r.Customers, OrderFacts.Recorded);

    public static LifetimeFacts Source { get; } = new();

    private LifetimeFacts() : base([Revenue, Customers], (Customers, rows => rows.Where(x => x.IsSale).Select(x => x.CustomerId).Distinct().Count()))
    {
    }

    public override FactSubject? Subject => FactSubject.Order;

    public override IReadOnlyList<string> Tables { get; } = ["orders"];

    public override double Price(Measure measure, bool byTime) => byTime ? 24 : 6;

    protected override IQueryable<LifetimeRow> Rows(FactContext context, DayRange interval, IReadOnlySet<string> columns)
    {
        var (until, first, last) = (interval.Until, Guests.First, Guests.Last);
        var orders = context.Database.Orders.AsNoTracking()
            .Where(o => o.CancelledAt == null && o.Day < until && (o.CustomerId < first || o.CustomerId > last));
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
internal sealed class LifetimeProfitFacts : IntervalFacts<LifetimeRow>
{
    public static Measure Profit { get; } = Measure.Of<LifetimeRow>(r => r.Profit, OrderFacts.Recorded, MeasureUnit.Money);
    public static Measure CostedLines { get; } = Measure.Of<LifetimeRow>(r => r.CostedLines, OrderFacts.Recorded);

    public static LifetimeProfitFacts Source { get; } = new();

    private LifetimeProfitFacts() : base([Profit, CostedLines])
    {
    }

    public override FactSubject? Subject => FactSubject.OrderLine;

    public override IReadOnlyList<string> Tables { get; } = ["order_lines"];

    public override double Price(Measure measure, bool byTime) => LifetimeFacts.Source.Price(measure, byTime);

    protected override IQueryable<LifetimeRow> Rows(FactContext context, DayRange interval, IReadOnlySet<string> columns)
    {
        var (until, first, last) = (interval.Until, Guests.First, Guests.Last);
        var lines = context.Database.OrderLines.AsNoTracking()
            .Where(l => l.CancelledAt == null && l.Day < until && (l.CustomerId < first || l.CustomerId > last) && l.CostAmount != null);
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
