using CrmGraph.Data.Database.Bulk;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Demo;

/// <summary>Some customers with everything of theirs.</summary>
internal sealed class DemoBatch
{
    public List<Customer> Customers { get; } = [];
    public List<CustomerAttribute> Attributes { get; } = [];
    public List<CustomerStage> Stages { get; } = [];
    public List<ExternalId> ExternalIds { get; } = [];
    public List<Order> Orders { get; } = [];
    public List<OrderLine> Lines { get; } = [];
    public List<OrderPayment> Payments { get; } = [];
    public List<OrderAttribute> OrderAttributes { get; } = [];
    public List<Opportunity> Opportunities { get; } = [];
    public List<OpportunityStage> OpportunityStages { get; } = [];
    public List<Contract> Contracts { get; } = [];
    public List<Interaction> Interactions { get; } = [];
    public List<Ticket> Tickets { get; } = [];
    public List<TicketAttribute> TicketAttributes { get; } = [];
    public List<SurveyResponse> SurveyResponses { get; } = [];
    public List<SegmentMember> Members { get; } = [];

    public async Task WriteAsync(BulkWriter writer, CompanyGenerator company, CancellationToken cancellationToken)
    {
        FactDetails.Complete(this, company.Campaigns, company.Catalogue.Products);
        // Stages before customers: the trigger begins a stage only for a customer who has none.
        await writer.InsertAsync(Stages, cancellationToken);
        await writer.InsertAsync(Customers, cancellationToken);
        await writer.InsertAsync(Attributes, cancellationToken);
        await writer.InsertAsync(ExternalIds, cancellationToken);
        await writer.InsertAsync(Orders, cancellationToken);
        await writer.InsertAsync(Lines, cancellationToken);
        await writer.InsertAsync(Payments, cancellationToken);
        await writer.InsertAsync(OrderAttributes, cancellationToken);
        await writer.InsertAsync(Opportunities, cancellationToken);
        await writer.InsertAsync(OpportunityStages, cancellationToken);
        await writer.InsertAsync(Contracts, cancellationToken);
        await writer.InsertAsync(Interactions, cancellationToken);
        await writer.InsertAsync(Tickets, cancellationToken);
        await writer.InsertAsync(TicketAttributes, cancellationToken);
        await writer.InsertAsync(SurveyResponses, cancellationToken);
        await writer.InsertAsync(Members, cancellationToken);
    }
}
