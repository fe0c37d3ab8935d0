using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>A sale by itself.</summary>
internal sealed record SaleRow : FactRow
{
    public long Amount { get; set; }
    /// <summary>Days since an earlier order of the customer.</summary>
    public long Days { get; set; }
}

/// <summary>The values of orders. Sources of values hold only facts that have one, so that those who stand behind them are counted alone.</summary>
internal sealed class SaleFacts : FlowFacts<SaleRow>
{
    /// <summary>What single orders come to, after discount.</summary>
    public static Measure Values { get; } = Measure.OfValues<SaleRow>(nameof(Values), r => r.Amount, OrderFacts.Recorded, MeasureUnit.Money);

    public static SaleFacts Source { get; } = new();

    private SaleFacts() : base([Values])
    {
    }

    public override FactSubject? Subject => FactSubject.Order;

    public override IReadOnlyList<string> Tables { get; } = ["orders"];

    public override bool HasHours => true;

    public override bool Supports(MetricDimension dimension) =>
        dimension.IsOfOrders() || base.Supports(dimension);

    public override bool HasRollups => true;

    public override ColumnarSource? ColumnsOf(FactContext context, FactStatement statement, FactKey key)
    {
        // No rollup has the values of orders.
        var needed = new HashSet<string>([.. FactQuery.Columns(key.Expressions), nameof(SaleRow.Amount)]);
        return ColumnarOrders.Of(context, statement.Days, key, needed, ofSales: true) is { } orders
            ? OrderFacts.Columnar(context, orders, key, OrderFacts.Sales(context.Database))
            : null;
    }

    protected override IQueryable<SaleRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var sales = OrderFacts.Sales(context.Database).Where(o => o.Day >= days.From && o.Day < days.Until);
        return OrderRows.Of(context, sales, columns, o => new SaleRow { Amount = o.GrossAmount });
    }
}

/// <summary>How long after an earlier one orders of known customers came: orders that follow another one, whatever their channel.</summary>
internal abstract class GapFacts(Measure measure) : FlowFacts<SaleRow>([measure])
{
    public override FactSubject? Subject => FactSubject.Order;

    public override IReadOnlyList<string> Tables { get; } = ["orders"];

    public override bool ReadsAllBefore => true;

    public override bool HasHours => true;

    public override bool Supports(MetricDimension dimension) =>
        dimension.IsOfOrders() || base.Supports(dimension);

    /// <summary>Those that count of the orders that follow another one.</summary>
    protected abstract IQueryable<Order> Chosen(IQueryable<Order> sales, IQueryable<Order> all, IQueryable<CustomerFigures> figures);

    protected sealed override IQueryable<SaleRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var all = OrderFacts.Sales(context.Database);
        var (first, last) = (Guests.First, Guests.Last);
        var known = all.Where(o => o.Day >= days.From && o.Day < days.Until && (o.CustomerId < first || o.CustomerId > last));
        return OrderRows.Of(context, Chosen(known, all, context.Database.CustomerFigures.AsNoTracking()), columns, o => new SaleRow
        {
            // Of two orders at the same moment the one with the greater id is the later one.
            Days = o.Day.DayNumber - all
                .Where(p => p.CustomerId == o.CustomerId && p.OrderedAt <= o.OrderedAt && (p.OrderedAt < o.OrderedAt || p.Id < o.Id))
                .OrderByDescending(p => p.OrderedAt).ThenByDescending(p => p.Id).Select(p => p.Day).First().DayNumber,
        });
    }
}

/// <summary>Orders that follow another one.</summary>
internal sealed class RepeatFacts : GapFacts
{
    public static Measure Gaps { get; } = Measure.OfValues<SaleRow>(nameof(Gaps), r => r.Days, OrderFacts.Recorded, MeasureUnit.Whole);

    public static RepeatFacts Source { get; } = new();

    private RepeatFacts() : base(Gaps)
    {
    }

    // Whoever bought days ago has bought before: orders are looked for around his first day alone, as clocks that are put back can jump between days.
    protected override IQueryable<Order> Chosen(IQueryable<Order> sales, IQueryable<Order> all, IQueryable<CustomerFigures> figures) => sales
        .Join(
            figures.Where(f => f.FirstPurchaseDay != null), o => o.CustomerId, f => f.CustomerId,
            (o, f) => new { Order = o, First = f.FirstPurchaseDay!.Value })
        .Where(x => x.Order.Day.DayNumber > x.First.DayNumber + 1 || all.Any(p => p.CustomerId == x.Order.CustomerId
            && p.OrderedAt <= x.Order.OrderedAt && (p.OrderedAt < x.Order.OrderedAt || p.Id < x.Order.Id)))
        .Select(x => x.Order);
}

/// <summary>Second orders.</summary>
internal sealed class SecondOrderFacts : GapFacts
{
    public static Measure Gaps { get; } = Measure.OfValues<SaleRow>("SecondGaps", r => r.Days, OrderFacts.Recorded, MeasureUnit.Whole);

    public static SecondOrderFacts Source { get; } = new();

    private SecondOrderFacts() : base(Gaps)
    {
    }

    // Of heavy customers no more than two earlier orders are read.
    protected override IQueryable<Order> Chosen(IQueryable<Order> sales, IQueryable<Order> all, IQueryable<CustomerFigures> figures) => sales.Where(o =>
        all.Where(p => p.CustomerId == o.CustomerId && p.OrderedAt <= o.OrderedAt && (p.OrderedAt < o.OrderedAt || p.Id < o.Id))
            .OrderBy(p => p.OrderedAt).ThenBy(p => p.Id).Take(2).Count() == 1);
}
