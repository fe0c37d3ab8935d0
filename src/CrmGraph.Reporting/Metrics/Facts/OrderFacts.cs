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
    public long Units { get; set; }
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

    public static OrderFacts Source { get; } = new();

    private OrderFacts() : base(
        [Gross, Returned, Discount, KnownGross, KnownReturned, Orders, KnownOrders, Buyers],
        (Buyers, rows => rows.Where(x => x.IsSale && x.IsKnown).Select(x => x.CustomerId).Distinct().Count()))
    {
    }

    public override IReadOnlyList<string> Tables { get; } = ["orders"];

    public override bool HasHours => true;

    public override bool Supports(MetricDimension dimension) => dimension == MetricDimension.ShippingCountry || base.Supports(dimension);

    protected override IQueryable<SalesRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var orders = context.Database.Orders.AsNoTracking().Where(o => o.CancelledAt == null && o.Day >= days.From && o.Day < days.Until);
        return context.Rows(orders, columns, o => o.CustomerId, o => new FactAttributes { Channel = o.Channel, OwnerId = o.OwnerId }, o => new SalesRow
        {
            CustomerId = o.CustomerId,
            OrderId = o.Id,
            Day = o.Day,
            Hour = o.Hour,
            TransactionDay = o.Day,
            Currency = o.Currency,
            Channel = o.Channel,
            Owner = o.OwnerId,
            ShippingCountry = o.ShippingCountry,
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
}
