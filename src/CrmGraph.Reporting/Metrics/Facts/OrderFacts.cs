using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What was sold, by order or by line.</summary>
internal sealed record SalesRow : FactRow
{
    public Guid OrderId { get; set; }
    /// <summary>A sale; of lines, one by which its order counts.</summary>
    public bool IsSale { get; set; }

    public long Gross { get; set; }
    public long Returned { get; set; }
    public long Discount { get; set; }
    public long KnownGross { get; set; }
    public long KnownReturned { get; set; }
    public long Orders { get; set; }
    public long KnownOrders { get; set; }
    public long Buyers { get; set; }
    public long OneTimeBuyers { get; set; }
    public long Units { get; set; }
    public long Cost { get; set; }
    public long CostedGross { get; set; }
    public long CostedReturned { get; set; }
    public long CostedLines { get; set; }
    public long KnownProfit { get; set; }
    public long Paid { get; set; }
    public long Payments { get; set; }

    /// <summary>The small number of the customer; null when he has none yet.</summary>
    public int? Number { get; set; }
    /// <summary>Of a day of a rollup: the row's stamp, its day again, known customers with a sale, and those with returns alone.</summary>
    public long Stamp { get; set; }
    public DateOnly SetDay { get; set; }
    public byte[]? BuyerSet { get; set; }
    public byte[]? OtherSet { get; set; }
}

/// <summary>Orders that were not cancelled; returns are orders of their own day.</summary>
internal sealed class OrderFacts : FlowFacts<SalesRow>
{
    public static FactKind Recorded { get; } = new(db => db.Orders.AsNoTracking().Select(o => new FactRow { CustomerId = o.CustomerId, Day = o.Day }));

    /// <summary>Money of sales, after discount.</summary>
    public static Measure Gross { get; } = Measure.Of<SalesRow>(r => r.Gross, Recorded, MeasureUnit.Money);
    public static Measure Returned { get; } = Measure.Of<SalesRow>(r => r.Returned, Recorded, MeasureUnit.Money);
    public static Measure Discount { get; } = Measure.Of<SalesRow>(r => r.Discount, Recorded, MeasureUnit.Money);
    /// <summary>As <see cref="Gross"/>, of known customers only.</summary>
    public static Measure KnownGross { get; } = Measure.Of<SalesRow>(r => r.KnownGross, Recorded, MeasureUnit.Money);
    public static Measure KnownReturned { get; } = Measure.Of<SalesRow>(r => r.KnownReturned, Recorded, MeasureUnit.Money);
    public static Measure Orders { get; } = Measure.Of<SalesRow>(r => r.Orders, Recorded);
    public static Measure KnownOrders { get; } = Measure.Of<SalesRow>(r => r.KnownOrders, Recorded);
    /// <summary>Distinct known customers with a sale.</summary>
    public static Measure Buyers { get; } = Measure.Of<SalesRow>(r => r.Buyers, Recorded);

    /// <summary>Distinct known customers with exactly one order.</summary>
    public static Measure OneTimeBuyers { get; } = Measure.Of<SalesRow>(r => r.OneTimeBuyers, Recorded);

    public static OrderFacts Source { get; } = new();

    private OrderFacts() : base(
        [Gross, Returned, Discount, KnownGross, KnownReturned, Orders, KnownOrders, Buyers, OneTimeBuyers],
        (Buyers, rows => rows.Where(x => x.IsSale && x.IsKnown).Select(x => x.CustomerId).Distinct().Count()))
    {
        OfEach[OneTimeBuyers] = rows => rows.Sum(x => x.KnownOrders) == 1;
        Once[Buyers] = new(nameof(FactRow.CustomerId), new HashSet<string>()) { Count = rows => rows.Count(x => x.IsSale && x.IsKnown) };
    }

    public override FactSubject? Subject => FactSubject.Order;

    public override IReadOnlyList<string> Tables { get; } = ["orders"];

    public override bool IsOfDays => true;

    /// <summary>What can have been a customer's first order.</summary>
    public static IQueryable<Order> Sales(CrmDbContext db) => db.Orders.AsNoTracking().Where(o => o.Kind == OrderKind.Sale && o.CancelledAt == null);

    public override bool HasHours => true;

    public override bool Supports(MetricDimension dimension) => base.Supports(dimension)
        || dimension.IsOfOrders() || dimension == MetricDimension.NewOrReturning;

    public override bool HasRollups => true;

    public override RolledSource? RolledOf(FactContext context, FactStatement statement, RolledKey key)
    {
        var columns = new HashSet<string>([.. key.Read, .. statement.Sums.Select(m => m.Column.Name)]);
        if (RolledOrders.OfMarked(context, statement.Days, columns) is not { } rolled)
            return null;
        var marked = rolled.Marked;
        return new(rolled, marked.Count == 0 ? null : statement with
        {
            Name = $"marked {string.Join(' ', marked.Select(d => d.DayNumber))}",
            Days = new(marked.Min(), marked.Max().AddDays(1)),
            Rows = asked => Rows(context, Counted(context).Where(o => marked.Contains(o.Day)), asked),
        });
    }

    // Sets are not told apart by currency.
    public override RolledOrders? RolledCustomersOf(FactContext context, DayRange days, RolledKey key) =>
        key.Columns.Contains(nameof(FactRow.Currency)) ? null
            : RolledOrders.Of(context, days, key.Read.ToHashSet()) is { Marked.Count: 0 } rolled ? rolled : null;

    public override CustomerSets? SetsOf(FactContext context, DayRange days, FactKey key)
    {
        var columns = FactQuery.Columns(key.Expressions);
        // Sets are not told apart by currency.
        if (columns.Contains(nameof(FactRow.Currency)) || RolledOrders.Of(context, days, columns) is not { } rolled)
            return null;
        return new(
            () => Keyed(rolled, CustomerSets.StampColumns),
            some => Keyed(rolled.On(some), CustomerSets.SetColumns),
            rolled.Marked.Count == 0 ? null : () => Singles(context, rolled.Marked, key, columns));

        IQueryable<SalesRow> Keyed(RolledOrders rows, IReadOnlyList<string> own) =>
            FactQuery.Keyed(rows.Customers(new HashSet<string>([.. columns, .. own])), key, own);
    }

    public override ColumnarSource? ColumnsOf(FactContext context, FactStatement statement, FactKey key)
    {
        // Distinct customers come from the sets of a rollup, those with one order alone from none.
        IEnumerable<string> own = statement.OfEach is null ? statement.Sums.Select(m => m.Column.Name) : [nameof(FactRow.CustomerId)];
        var needed = new HashSet<string>([.. FactQuery.Columns(key.Expressions), .. own]);
        return ColumnarOrders.Of(context, statement.Days, key, needed) is { } orders ? Columnar(context, orders, key, Counted(context)) : null;
    }

    /// <param name="counted">The orders that count, of any day and customer.</param>
    internal static ColumnarSource Columnar(FactContext context, ColumnarOrders orders, FactKey key, IQueryable<Order> counted)
    {
        IReadOnlySet<string> single = new HashSet<string>([.. FactQuery.Columns(key.Expressions), .. ColumnarSource.SingleColumns]);
        return new(orders, orders.Marked.Count == 0 ? null : () => FactQuery.Keyed(
            Rows(context, counted.Where(o => orders.Marked.Contains(o.Day)), single), key, ColumnarSource.SingleColumns));
    }

    protected override IReadOnlySet<string>? ToldBy(FactContext context, IReadOnlySet<string> columns) =>
        AreShares(context, columns) ? OrderShares.ToldBy(columns) : null;

    private static bool AreShares(FactContext context, IReadOnlySet<string> columns) => context.Customers is null && OrderShares.Help(columns);

    private static IQueryable<Order> Counted(FactContext context) => context.Database.Orders.AsNoTracking().Where(o => o.CancelledAt == null);

    protected override IQueryable<SalesRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var counted = Counted(context);
        if (RolledOrders.Of(context, days, columns) is not { } rolled)
            return Rows(context, counted.Where(o => o.Day >= days.From && o.Day < days.Until), columns);
        var marked = rolled.Marked;
        var sums = rolled.Sums(columns);
        return marked.Count == 0 ? sums : sums.Concat(Rows(context, counted.Where(o => marked.Contains(o.Day)), columns));
    }

    /// <summary>Each customer with each kind of order on these days.</summary>
    private static IQueryable<SalesRow> Singles(FactContext context, IReadOnlyList<DateOnly> days, FactKey key, IReadOnlySet<string> columns)
    {
        var orders = Counted(context).Where(o => days.Contains(o.Day) && !o.Customer!.IsGuest);
        IReadOnlySet<string> all = new HashSet<string>([.. columns, nameof(FactRow.CustomerId), nameof(SalesRow.Number), nameof(SalesRow.Orders)]);
        return FactQuery.Keyed(Rows(context, orders, all), key, CustomerSets.SingleColumns).Distinct();
    }

    private static IQueryable<SalesRow> Rows(FactContext context, IQueryable<Order> orders, IReadOnlySet<string> columns)
    {
        var (numbers, sales) = (context.Database.CustomerNumbers, Sales(context.Database));
        // Shares of all customers are worth it, not those of customers who are then left out.
        if (AreShares(context, columns))
            return OfShares(context, OrderShares.Of(context.Filtered(orders, OrderRows.Attributes), columns), columns);
        return OrderRows.Of(context, orders, columns, o => new SalesRow
        {
            OrderId = o.Id,
            Number = numbers.Where(n => n.CustomerId == o.CustomerId).Select(n => (int?)n.Number).FirstOrDefault(),
            // The day of the first sale tells it of all days but those around it, between which clocks that are put back can jump.
            NewOrReturning = o.Customer!.IsGuest ? null
                : o.Customer.Figures!.FirstPurchaseDay == null || o.Day.DayNumber < o.Customer.Figures.FirstPurchaseDay.Value.DayNumber - 1 ? 0
                : o.Day.DayNumber > o.Customer.Figures.FirstPurchaseDay.Value.DayNumber + 1 ? 1
                : sales.Any(e => e.CustomerId == o.CustomerId
                    && (e.OrderedAt < o.OrderedAt || (e.OrderedAt == o.OrderedAt && e.Id < o.Id))) ? 1 : 0,
            IsSale = o.Kind == OrderKind.Sale,
            Gross = o.GrossAmount,
            Returned = o.ReturnedAmount,
            Discount = o.DiscountAmount,
            KnownGross = o.Customer!.IsGuest ? 0 : o.GrossAmount,
            KnownReturned = o.Customer!.IsGuest ? 0 : o.ReturnedAmount,
            Orders = o.Kind == OrderKind.Sale ? 1 : 0,
            KnownOrders = o.Kind == OrderKind.Sale && !o.Customer!.IsGuest ? 1 : 0,
        });
    }

    private static IQueryable<SalesRow> OfShares(FactContext context, IQueryable<OrderShare> shares, IReadOnlySet<string> columns) =>
        FactQuery.Project(context.Words, shares, columns, s => new SalesRow
        {
            CustomerId = s.CustomerId,
            Currency = s.Currency,
            IsSale = s.Kind == OrderKind.Sale,
            Gross = s.GrossAmount,
            Returned = s.ReturnedAmount,
            Discount = s.DiscountAmount,
            KnownGross = s.Customer!.IsGuest ? 0 : s.GrossAmount,
            KnownReturned = s.Customer!.IsGuest ? 0 : s.ReturnedAmount,
            Orders = s.Kind == OrderKind.Sale ? s.Orders : 0,
            KnownOrders = s.Kind == OrderKind.Sale && !s.Customer!.IsGuest ? s.Orders : 0,
        }, s => s.CustomerId, context.Database.Customers.AsNoTracking(), restricted: false);
}
