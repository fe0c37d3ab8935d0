using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>The same sales line by line: what products say is known of lines alone.</summary>
internal sealed class LineFacts : FlowFacts<SalesRow>
{
    /// <summary>Pieces sold.</summary>
    public static Measure Units { get; } = Measure.Of<SalesRow>(r => r.Units, OrderFacts.Recorded, MeasureUnit.Decimal);

    /// <summary>What the goods cost that were sold, less what came back: of lines whose cost is known.</summary>
    public static Measure Cost { get; } = Measure.Of<SalesRow>(r => r.Cost, OrderFacts.Recorded, MeasureUnit.Money);
    /// <summary>As <see cref="OrderFacts.Gross"/>, of lines whose cost is known.</summary>
    public static Measure CostedGross { get; } = Measure.Of<SalesRow>(r => r.CostedGross, OrderFacts.Recorded, MeasureUnit.Money);
    public static Measure CostedReturned { get; } = Measure.Of<SalesRow>(r => r.CostedReturned, OrderFacts.Recorded, MeasureUnit.Money);
    public static Measure CostedLines { get; } = Measure.Of<SalesRow>(r => r.CostedLines, OrderFacts.Recorded);

    /// <summary>What known customers bought less its cost, of lines whose cost is known.</summary>
    public static Measure KnownProfit { get; } = Measure.Of<SalesRow>(r => r.KnownProfit, OrderFacts.Recorded, MeasureUnit.Money);

    public static LineFacts Source { get; } = new();

    // Lines of one order fall into several groups, so that orders become a distinct count.
    private LineFacts() : base(
        [.. OrderFacts.Source.Measures, Units, Cost, CostedGross, CostedReturned, CostedLines, KnownProfit],
        (OrderFacts.Orders, rows => rows.Where(x => x.IsSale).Select(x => x.OrderId).Distinct().Count()),
        (OrderFacts.KnownOrders, rows => rows.Where(x => x.IsSale && x.IsKnown).Select(x => x.OrderId).Distinct().Count()),
        (OrderFacts.Buyers, rows => rows.Where(x => x.IsSale && x.IsKnown).Select(x => x.CustomerId).Distinct().Count()))
    {
        OfEach[OrderFacts.OneTimeBuyers] = rows => rows.Where(x => x.IsSale && x.IsKnown).Select(x => x.OrderId).Distinct().Count() == 1;
        var order = new OnceCount<SalesRow>(nameof(SalesRow.OrderId), LineShares.OfOrders);
        Once[OrderFacts.Orders] = order with { Count = rows => rows.Count(x => x.IsSale) };
        Once[OrderFacts.KnownOrders] = order with { Count = rows => rows.Count(x => x.IsSale && x.IsKnown) };
        Once[OrderFacts.OneTimeBuyers] = order with { OfEach = rows => rows.Count(x => x.IsSale && x.IsKnown) == 1 };
        Once[OrderFacts.Buyers] = new(nameof(FactRow.CustomerId), new HashSet<string>()) { Count = rows => rows.Count(x => x.IsSale && x.IsKnown) };
    }

    public override FactSubject? Subject => FactSubject.OrderLine;

    public override FactIdentity IdentityOf(Measure measure) =>
        measure == OrderFacts.Orders || measure == OrderFacts.KnownOrders ? FactIdentity.Order : base.IdentityOf(measure);

    public override IReadOnlyList<string> Tables { get; } = ["order_lines", "products"];

    public override bool IsOfDays => true;

    public override bool HasHours => true;

    public override bool IsByLine => true;

    public override bool Supports(MetricDimension dimension) => dimension.IsOfLines() || OrderFacts.Source.Supports(dimension);

    public override bool Suits(FactFilter filter) => true;

    public override double Price(Measure measure, bool byTime) => IsDistinct(measure) ? base.Price(measure, byTime) : 2;

    protected override IReadOnlySet<string>? ToldBy(FactContext context, IReadOnlySet<string> columns) =>
        AreShares(context, columns) ? LineShares.ToldBy(columns) : null;

    private static bool AreShares(FactContext context, IReadOnlySet<string> columns) => context.Customers is null && LineShares.Help(columns);

    protected override IQueryable<SalesRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var lines = context.Database.OrderLines.AsNoTracking().Where(l => l.CancelledAt == null && l.Day >= days.From && l.Day < days.Until);
        if (context.Filter.Line is { } line)
            lines = lines.Where(line);
        if (context.Filter.Product is { } product)
            lines = lines.Where(Conditions.OfRelated<OrderLine, Product>(product, nameof(OrderLine.ProductId), nameof(OrderLine.Product)));
        // With a condition on customers the lines of a few may be found by their index: summing before that would read all of them.
        if (AreShares(context, columns))
            return Shares(context, lines, columns);
        var (orders, sales) = (context.Database.Orders.AsNoTracking(), OrderFacts.Sales(context.Database));
        return context.Rows(lines, columns, l => l.CustomerId, Attributes, l => new SalesRow
        {
            Fact = l.Id,
            CustomerId = l.CustomerId,
            OrderId = l.OrderId,
            Day = l.Day,
            Hour = l.Hour,
            TransactionDay = l.Day,
            Currency = l.Currency,
            Channel = l.Channel,
            Owner = l.OwnerId,
            SalesTeam = l.Order!.Owner!.TeamId,
            Product = l.ProductId,
            ProductCategory = l.Product!.Category,
            ShippingCountry = l.Order!.ShippingCountry,
            ShippingRegion = l.Order!.ShippingRegion,
            ShippingCity = l.Order!.ShippingCity,
            OrderAttribute = AskedAttribute.Of(l.Order!.Attributes),
            Campaign = l.Order!.CampaignId,
            NewOrReturning = l.Customer!.IsGuest ? null
                : l.Customer.Figures!.FirstPurchaseDay == null || l.Day.DayNumber < l.Customer.Figures.FirstPurchaseDay.Value.DayNumber - 1 ? 0
                : l.Day.DayNumber > l.Customer.Figures.FirstPurchaseDay.Value.DayNumber + 1 ? 1
                : orders.Any(o => o.Id == l.OrderId && o.CustomerId == l.CustomerId && sales.Any(e => e.CustomerId == l.CustomerId
                    && (e.OrderedAt < o.OrderedAt || (e.OrderedAt == o.OrderedAt && e.Id < o.Id)))) ? 1 : 0,
            IsSale = l.Kind == OrderKind.Sale,
            Gross = l.Kind == OrderKind.Sale ? l.Amount : 0,
            Returned = l.Kind == OrderKind.Return ? l.Amount : 0,
            Discount = l.Kind == OrderKind.Sale ? l.DiscountAmount : 0,
            KnownGross = l.Kind == OrderKind.Sale && !l.Customer!.IsGuest ? l.Amount : 0,
            KnownReturned = l.Kind == OrderKind.Return && !l.Customer!.IsGuest ? l.Amount : 0,
            Units = l.Kind == OrderKind.Sale ? l.Quantity : 0,
            Cost = l.Kind == OrderKind.Sale ? l.CostAmount ?? 0 : -(l.CostAmount ?? 0),
            CostedGross = l.Kind == OrderKind.Sale && l.CostAmount != null ? l.Amount : 0,
            CostedReturned = l.Kind == OrderKind.Return && l.CostAmount != null ? l.Amount : 0,
            CostedLines = l.CostAmount != null ? 1 : 0,
            KnownProfit = l.CostAmount == null || l.Customer!.IsGuest ? 0
                : l.Kind == OrderKind.Sale ? l.Amount - l.CostAmount.Value : l.CostAmount.Value - l.Amount,
        });
    }

    private static IQueryable<SalesRow> Shares(FactContext context, IQueryable<OrderLine> lines, IReadOnlySet<string> columns) =>
        FactQuery.Project(context.Words, LineShares.Of(context.Filtered(lines, Attributes), columns), columns, s => new SalesRow
        {
            CustomerId = s.CustomerId,
            OrderId = s.OrderId,
            Day = s.Day,
            Hour = s.Hour,
            TransactionDay = s.Day,
            Currency = s.Currency,
            Channel = s.Channel,
            Owner = s.OwnerId,
            SalesTeam = s.TeamId,
            Product = s.ProductId,
            ProductCategory = s.Category,
            ShippingCountry = s.ShippingCountry,
            ShippingRegion = s.ShippingRegion,
            ShippingCity = s.ShippingCity,
            Campaign = s.CampaignId,
            IsSale = s.Kind == OrderKind.Sale,
            Gross = s.Kind == OrderKind.Sale ? s.Amount : 0,
            Returned = s.Kind == OrderKind.Return ? s.Amount : 0,
            Discount = s.Kind == OrderKind.Sale ? s.DiscountAmount : 0,
            KnownGross = s.Kind == OrderKind.Sale && !s.Customer!.IsGuest ? s.Amount : 0,
            KnownReturned = s.Kind == OrderKind.Return && !s.Customer!.IsGuest ? s.Amount : 0,
            Units = s.Kind == OrderKind.Sale ? s.Quantity : 0,
            Cost = s.Kind == OrderKind.Sale ? s.CostAmount : -s.CostAmount,
            CostedGross = s.Kind == OrderKind.Sale ? s.CostedAmount : 0,
            CostedReturned = s.Kind == OrderKind.Return ? s.CostedAmount : 0,
            CostedLines = s.CostedLines,
            KnownProfit = s.Customer!.IsGuest ? 0 : s.Kind == OrderKind.Sale ? s.CostedAmount - s.CostAmount : s.CostAmount - s.CostedAmount,
        }, s => s.CustomerId, context.Database.Customers.AsNoTracking(), restricted: false);

    private static readonly Expression<Func<OrderLine, FactAttributes>> Attributes = l => new FactAttributes { Channel = l.Channel, OwnerId = l.OwnerId };
}
