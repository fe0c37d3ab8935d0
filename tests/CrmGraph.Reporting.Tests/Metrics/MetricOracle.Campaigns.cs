using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>What campaigns bring.</summary>
internal sealed partial class MetricOracle
{
    private readonly Dictionary<(Guid, int), List<Guid>> _met = [];

    /// <summary>What orders, or parts of them, campaigns are credited with.</summary>
    private List<(Order Order, long Amount)> Credited(Cell cell, string attribution, int window) => Once($"{attribution} {window}", cell, () =>
        from order in crm.Orders
        where order.CancelledAt is null && InHour(order.Day, order.Hour, cell) && Counts(order.Customer!) && (Channel is null || Channel(order.Channel))
        let total = order.GrossAmount - order.ReturnedAmount
        let met = Met(order, window)
        from share in met.Select((campaign, i) => attribution switch
        {
            "FIRST" => (Campaign: campaign, Amount: i == 0 ? total : (long?)null),
            "LAST" => (Campaign: campaign, Amount: i == met.Count - 1 ? total : null),
            _ => (Campaign: campaign, Amount: (total / met.Count) + (i < Math.Abs(total % met.Count) ? Math.Sign(total) : 0)),
        })
        where share.Amount is not null && Matches(cell, order.Customer!, order.Channel, order.OwnerId, new CreditedSale(order, share.Campaign))
        select (order, share.Amount!.Value));

    private decimal Worth((Order Order, long Amount) share) => Convert(share.Amount / 10_000m, share.Order.Currency, share.Order.Day);

    /// <summary>The campaigns of a customer's sales in the days up to an order, itself included, in time order.</summary>
    private List<Guid> Met(Order order, int window)
    {
        if (_met.TryGetValue((order.Id, window), out var known))
            return known;
        var met =
            from sale in order.Customer!.IsGuest ? [order] : order.Customer.Orders
            where sale.CampaignId is not null && sale.CancelledAt is null
            where sale == order || (sale.Kind == OrderKind.Sale && (sale.OrderedAt, sale.Id).CompareTo((order.OrderedAt, order.Id)) < 0
                && sale.Day.AddDays(window) >= order.Day)
            orderby sale.OrderedAt, sale.Id
            select sale.CampaignId!.Value;
        return _met[(order.Id, window)] = [.. met];
    }

    private sealed record CreditedSale(Order Order, Guid Campaign);
}
