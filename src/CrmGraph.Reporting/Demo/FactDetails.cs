using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Demo;

/// <summary>What follows from a customer's other rows: his orders go to where he lives, some of them because of a campaign, complaints are more urgent than enquiries.</summary>
internal static class FactDetails
{
    public static void Complete(DemoBatch batch, IReadOnlyList<Campaign> campaigns, IReadOnlyList<Product> products)
    {
        var customers = batch.Customers.Where(c => !c.IsGuest).ToDictionary(c => c.Id);
        var running = campaigns.ToLookup(c => c.Channel);
        foreach (var order in batch.Orders)
            order.CampaignId = CampaignOf(order, running[order.Channel]);
        foreach (var order in batch.Orders)
            if (customers.TryGetValue(order.CustomerId, out var customer))
                (order.ShippingCountry, order.ShippingRegion, order.ShippingCity) = (customer.Country, customer.Region, customer.City);
        foreach (var order in batch.Orders.Where(o => o is { Kind: OrderKind.Sale, CancelledAt: null }))
            Complete(batch, order);
        foreach (var ticket in batch.Tickets.Where(t => t.Channel is "Chat" or "WeChat"))
            batch.TicketAttributes.Add(
                new() { CustomerId = ticket.CustomerId, FactId = ticket.Id, Key = "device", Value = Devices[ticket.OpenedAt.Minute % Devices.Length] });
        foreach (var ticket in batch.Tickets)
            (ticket.Priority, ticket.Topic) = (PriorityOf(ticket), TopicOf(ticket));
        foreach (var response in batch.SurveyResponses)
            (response.Question, response.Weight) = (QuestionOf(response.Kind, response.Day.DayNumber + response.Hour), WeightOf(response.Channel));
        foreach (var deal in batch.Opportunities)
            (deal.ProductId, deal.LossReason) = (ProductOf(deal, products), deal.Status == OpportunityStatus.Lost
                ? Reasons[deal.Day.DayNumber % Reasons.Length]
                : null);
    }

    /// <summary>All but one of 25 sales are paid, one of ten is wrapped as a gift.</summary>
    private static void Complete(DemoBatch batch, Order order)
    {
        if (order.OrderedAt.Minute % 25 > 0)
            batch.Payments.Add(new()
            {
                CustomerId = order.CustomerId, Id = order.Id, OrderId = order.Id, PaidAt = order.OrderedAt, Amount = order.GrossAmount,
                Method = MethodOf(order.Channel, order.OrderedAt.Second),
            });
        if (order.OrderedAt.Minute % 10 == 3)
            batch.OrderAttributes.Add(
                new() { CustomerId = order.CustomerId, FactId = order.Id, Key = "gift wrap", Value = order.OrderedAt.Second % 3 == 0 ? "box" : "paper" });
    }

    /// <param name="chance">Any number.</param>
    public static string MethodOf(string? channel, int chance) => (channel, chance % 3) switch
    {
        ("Phone" or "Partner", _) => "invoice",
        ("Store", 0) => "cash",
        ("Store", _) => "card",
        (_, 0) => "wallet",
        _ => "card",
    };

    private static readonly string[] Devices = ["Phone", "Phone", "Computer", "Tablet"];
    private static readonly string[] Reasons = ["Price", "Price", "Competitor", "No budget", "No decision", "Price"];

    /// <param name="chance">Any number.</param>
    public static string QuestionOf(SurveyKind kind, int chance) => (kind, chance % 3) switch
    {
        (SurveyKind.Nps, _) => "Recommend us",
        (_, 0) => "Delivery",
        (_, 1) => "Products",
        _ => "Service",
    };

    /// <summary>Those who are asked by e-mail answer more often than others, and count less for it.</summary>
    private static long? WeightOf(string? channel) => channel == "Email" ? 8_000 : null;

    /// <summary>Nine of ten are about one product.</summary>
    private static Guid? ProductOf(Opportunity deal, IReadOnlyList<Product> products) =>
        deal.Day.DayNumber % 10 == 0 ? null : products[((deal.Day.DayNumber * 7) + deal.Hour) % products.Count].Id;

    private static string TopicOf(Ticket ticket) => (ticket.Kind, ticket.OpenedAt.Second % 5) switch
    {
        (TicketKind.Complaint, < 2) => "Damage",
        (TicketKind.Complaint, 2) => "Wrong item",
        (TicketKind.Enquiry, 0) => "Invoice",
        (TicketKind.Enquiry, 1) => "Products",
        _ => "Delivery",
    };

    /// <summary>Two of five orders through a channel tell the campaign of its quarter.</summary>
    private static Guid? CampaignOf(Order order, IEnumerable<Campaign> campaigns) => order.Kind == OrderKind.Sale && order.OrderedAt.Second % 5 < 2
        ? campaigns.FirstOrDefault(c => c.StartDay <= order.Day && order.Day <= c.EndDay)?.Id
        : null;

    private static TicketPriority PriorityOf(Ticket ticket) => (ticket.Kind, ticket.OpenedAt.Minute % 6) switch
    {
        (TicketKind.Complaint, 0) => TicketPriority.Urgent,
        (TicketKind.Complaint, < 3) => TicketPriority.High,
        (TicketKind.Enquiry, < 2) => TicketPriority.Low,
        _ => TicketPriority.Normal,
    };
}
