using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Demo;

/// <summary>What follows from a customer's other rows: his orders go to where he lives, complaints are more urgent than enquiries.</summary>
internal static class FactDetails
{
    public static void Complete(DemoBatch batch)
    {
        var customers = batch.Customers.Where(c => !c.IsGuest).ToDictionary(c => c.Id);
        foreach (var order in batch.Orders)
            if (customers.TryGetValue(order.CustomerId, out var customer))
                (order.ShippingCountry, order.ShippingRegion, order.ShippingCity) = (customer.Country, customer.Region, customer.City);
        foreach (var ticket in batch.Tickets)
            ticket.Priority = PriorityOf(ticket);
    }

    private static TicketPriority PriorityOf(Ticket ticket) => (ticket.Kind, ticket.OpenedAt.Minute % 6) switch
    {
        (TicketKind.Complaint, 0) => TicketPriority.Urgent,
        (TicketKind.Complaint, < 3) => TicketPriority.High,
        (TicketKind.Enquiry, < 2) => TicketPriority.Low,
        _ => TicketPriority.Normal,
    };
}
