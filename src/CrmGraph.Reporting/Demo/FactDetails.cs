using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Demo;

/// <summary>What follows from a customer's other rows: his orders go to where he lives, some of them because of a campaign, complaints are more urgent than enquiries.</summary>
internal static class FactDetails
{
    public static void Complete(DemoBatch batch, IReadOnlyList<Campaign> campaigns)
    {
        var customers = batch.Customers.Where(c => !c.IsGuest).ToDictionary(c => c.Id);
        var running = campaigns.ToLookup(c => c.Channel);
        foreach (var order in batch.Orders)
            order.CampaignId = CampaignOf(order, running[order.Channel]);
        foreach (var order in batch.Orders)
            if (customers.TryGetValue(order.CustomerId, out var customer))
                (order.ShippingCountry, order.ShippingRegion, order.ShippingCity) = (customer.Country, customer.Region, customer.City);
        foreach (var ticket in batch.Tickets)
            (ticket.Priority, ticket.Topic) = (PriorityOf(ticket), TopicOf(ticket));
        foreach (var deal in batch.Opportunities)
            if (deal.Status == OpportunityStatus.Lost)
                deal.LossReason = Reasons[deal.OpenedAt.Minute % Reasons.Length];
    }

    private static readonly string[] Reasons = ["Price", "Price", "Competitor", "No budget", "No decision", "Price"];

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
