using System.Globalization;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>What was paid for orders, and attributes.</summary>
internal sealed partial class MetricOracle
{
    private List<PaidOrder> Payments(Cell cell) => Once("payments", cell, () =>
        from order in crm.Orders
        where order.CancelledAt is null && InHour(order.Day, order.Hour, cell) && Counts(order.Customer!) && (Channel is null || Channel(order.Channel))
        from payment in order.Payments
        let paid = new PaidOrder(order, payment)
        where Matches(cell, order.Customer!, order.Channel, order.OwnerId, paid)
        select paid);

    private IEnumerable<decimal> Lengths(Cell cell) =>
        from contract in crm.Contracts
        where contract.EndDay is { } end && end > contract.StartDay && end <= crm.Today && In(end, cell)
            && !contract.Customer!.IsGuest && Counts(contract.Customer) && Matches(cell, contract.Customer, null, contract.Customer.OwnerId, contract)
        select (decimal)(contract.EndDay!.Value.DayNumber - contract.StartDay.DayNumber);

    private string? OfOrder(MetricDimension dimension, Order order) => dimension switch
    {
        MetricDimension.ShippingCountry => order.ShippingCountry,
        MetricDimension.ShippingRegion => order.ShippingRegion,
        MetricDimension.ShippingCity => order.ShippingCity,
        _ => order.Attributes.Find(a => a.Key == (OrderAttribute ?? Attribute))?.Value,
    };

    private static string? Told(MetricDimension dimension, MetricAttributeInput asked, Customer c, object? fact)
    {
        var value = dimension switch
        {
            MetricDimension.OrderAttribute => OrderOf(fact!).Attributes.Find(a => a.Key == asked.Key)?.Value,
            MetricDimension.TicketAttribute => (fact is Ended e ? e.Ticket : (Ticket)fact!).Attributes.Find(a => a.Key == asked.Key)?.Value,
            _ => c.Attributes.Find(a => a.Key == asked.Key)?.Value,
        };
        return asked.Bands is null ? value : BandOf(value, asked.Bands);
    }

    private static Order OrderOf(object fact) => fact switch
    {
        OrderLine line => line.Order!,
        PaidOrder paid => paid.Order,
        CreditedSale credited => credited.Order,
        _ => (Order)fact,
    };

    private static string? BandOf(string? value, IReadOnlyList<decimal> borders)
    {
        if (!decimal.TryParse(value, CultureInfo.InvariantCulture, out var number))
            return null;
        var (below, above) = (borders.Where(b => b <= number).ToList(), borders.Where(b => b > number).ToList());
        return string.Create(CultureInfo.InvariantCulture, $"{(below.Count > 0 ? below.Max() : "")}..{(above.Count > 0 ? above.Min() : "")}");
    }

    private sealed record PaidOrder(Order Order, OrderPayment Payment);
}
