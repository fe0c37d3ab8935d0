using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>The payments of orders that were not cancelled, on the day of the order: what was paid for it whenever it was.</summary>
internal sealed class PaymentFacts : FlowFacts<SalesRow>
{
    private static readonly FactKind Recorded = new(db =>
        db.Orders.AsNoTracking().Where(o => o.Payments.Count > 0).Select(o => new FactRow { CustomerId = o.CustomerId, Day = o.Day }));

    /// <summary>What was paid less what was paid back.</summary>
    public static Measure Paid { get; } = Measure.Of<SalesRow>(r => r.Paid, Recorded, MeasureUnit.Money);
    public static Measure Payments { get; } = Measure.Of<SalesRow>(r => r.Payments, Recorded);

    public static PaymentFacts Source { get; } = new();

    private PaymentFacts() : base([Paid, Payments])
    {
    }

    public override FactSubject? Subject => FactSubject.Order;

    public override FactIdentity IdentityOf(Measure measure) => FactIdentity.Order;

    public override IReadOnlyList<string> Tables { get; } = ["orders", "order_payments"];

    public override bool IsOfDays => true;

    public override bool HasHours => true;

    public override bool Supports(MetricDimension dimension) =>
        dimension.IsOfOrders() || dimension == MetricDimension.PaymentMethod || base.Supports(dimension);

    public override double Price(Measure measure, bool byTime) => 2;

    protected override IQueryable<SalesRow> Rows(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        var orders = context.Database.Orders.AsNoTracking().Where(o => o.CancelledAt == null && o.Day >= days.From && o.Day < days.Until);
        var paid = orders.SelectMany(o => o.Payments, (o, p) => new PaidOrder { Order = o, Payment = p });
        return context.Rows(
            paid, columns, p => p.Order.CustomerId, p => new FactAttributes { Channel = p.Order.Channel, OwnerId = p.Order.OwnerId },
            OrderRows.Whole((PaidOrder p) => p.Order, p => new SalesRow
            {
                OrderId = p.Order.Id,
                PaymentMethod = p.Payment.Method,
                Paid = p.Payment.Amount,
                Payments = 1,
            }));
    }

    private sealed class PaidOrder
    {
        public required Order Order { get; init; }
        public required OrderPayment Payment { get; init; }
    }
}
