using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Batches;

/// <summary>The ids of all rows that a batch names, to be read in bulk.</summary>
internal sealed class BatchWants
{
    public HashSet<Guid> Teams { get; } = [];
    public HashSet<Guid> Members { get; } = [];
    public HashSet<Guid> Products { get; } = [];
    public HashSet<Guid> Campaigns { get; } = [];
    public HashSet<Guid> Customers { get; } = [];
    public HashSet<Guid> Orders { get; } = [];
    public HashSet<Guid> Interactions { get; } = [];
    public HashSet<Guid> Tickets { get; } = [];
    public HashSet<Guid> SurveyResponses { get; } = [];
    public HashSet<Guid> Opportunities { get; } = [];
    public HashSet<Guid> Contracts { get; } = [];
    public HashSet<Guid> OrdersById { get; } = [];
    public HashSet<Guid> InteractionsById { get; } = [];
    public HashSet<Guid> TicketsById { get; } = [];
    public HashSet<Guid> SurveyResponsesById { get; } = [];
    public HashSet<Guid> OpportunitiesById { get; } = [];
    public HashSet<Guid> ContractsById { get; } = [];
    public bool HasGuestFacts { get; private set; }

    private KeyIndex _keys = null!;
    private Func<IngestRecord, IEnumerable<ExternalKey>> _keysOf = null!;

    /// <summary>Collects ids, and tells <paramref name="keys"/> the outside ids to look up.</summary>
    public static BatchWants Of(IngestBatch batch, KeyIndex keys, Func<IngestRecord, IEnumerable<ExternalKey>> keysOf)
    {
        var wants = new BatchWants { _keys = keys, _keysOf = keysOf };
        wants.CollectReferences(batch);
        foreach (var record in batch.Customers)
        {
            wants.Row(record, ExternalEntity.Customer, wants.Customers);
            wants.Ref(record.Owner, ExternalEntity.TeamMember, wants.Members);
        }

        foreach (var record in batch.Orders)
        {
            wants.Fact(record, ExternalEntity.Order, wants.Orders, wants.OrdersById, record.Customer, record.Owner);
            wants.Ref(record.Campaign, ExternalEntity.Campaign, wants.Campaigns);
            foreach (var line in record.Lines ?? [])
            {
                wants.Row(line, ExternalEntity.OrderLine, []);
                wants.Ref(line.Product, ExternalEntity.Product, wants.Products);
            }
        }

        wants.CollectFacts(batch);
        return wants;
    }

    /// <summary>An outside id that was found: its row is wanted, and the customer whose it is.</summary>
    public void Add(ExternalId key)
    {
        var set = key.Entity switch
        {
            ExternalEntity.Team => Teams,
            ExternalEntity.TeamMember => Members,
            ExternalEntity.Product => Products,
            ExternalEntity.Campaign => Campaigns,
            ExternalEntity.Order => Orders,
            ExternalEntity.Interaction => Interactions,
            ExternalEntity.Ticket => Tickets,
            ExternalEntity.SurveyResponse => SurveyResponses,
            ExternalEntity.Opportunity => Opportunities,
            ExternalEntity.Contract => Contracts,
            _ => null,
        };
        set?.Add(key.Id);
        if (key.CustomerId is { } customer)
            Customers.Add(customer);
    }

    private void CollectReferences(IngestBatch batch)
    {
        foreach (var record in batch.SalesTeams)
            Row(record, ExternalEntity.Team, Teams);
        foreach (var record in batch.TeamMembers)
        {
            Row(record, ExternalEntity.TeamMember, Members);
            Ref(record.Manager, ExternalEntity.TeamMember, Members);
            Ref(record.Team, ExternalEntity.Team, Teams);
        }

        foreach (var record in batch.Products)
            Row(record, ExternalEntity.Product, Products);
        foreach (var record in batch.Campaigns)
            Row(record, ExternalEntity.Campaign, Campaigns);
        foreach (var record in batch.CampaignSpend)
            Ref(record.Campaign, ExternalEntity.Campaign, Campaigns);
    }

    private void CollectFacts(IngestBatch batch)
    {
        foreach (var record in batch.Interactions)
            Fact(record, ExternalEntity.Interaction, Interactions, InteractionsById, record.Customer, record.Owner);
        foreach (var record in batch.Tickets)
            Fact(record, ExternalEntity.Ticket, Tickets, TicketsById, record.Customer, record.Agent);
        foreach (var record in batch.SurveyResponses)
            Fact(record, ExternalEntity.SurveyResponse, SurveyResponses, SurveyResponsesById, record.Customer, default);
        foreach (var record in batch.Opportunities)
        {
            Fact(record, ExternalEntity.Opportunity, Opportunities, OpportunitiesById, record.Customer, record.Owner);
            Ref(record.Product, ExternalEntity.Product, Products);
        }

        foreach (var record in batch.Contracts)
            Fact(record, ExternalEntity.Contract, Contracts, ContractsById, record.Customer, default);
    }

    private void Fact(IngestRecord record, ExternalEntity entity, HashSet<Guid> rows, HashSet<Guid> byId, Optional<RowRef> customer, Optional<RowRef> member)
    {
        Row(record, entity, rows);
        if (record.Id is { } id)
            byId.Add(id);
        Ref(customer, ExternalEntity.Customer, Customers);
        Ref(member, ExternalEntity.TeamMember, Members);
        HasGuestFacts |= !customer.HasValue || customer.Value.IsNone;
    }

    private void Row(IngestRecord record, ExternalEntity entity, HashSet<Guid> rows)
    {
        foreach (var key in _keysOf(record))
            _keys.Want(entity, key);
        if (record.Id is { } id)
            rows.Add(id);
    }

    private void Ref(Optional<RowRef> reference, ExternalEntity entity, HashSet<Guid> rows) => Ref(reference.Value, entity, rows);

    private void Ref(RowRef reference, ExternalEntity entity, HashSet<Guid> rows)
    {
        if (reference.IsId)
            rows.Add(reference.Id);
        else
            _keys.Want(entity, reference.Key);
    }
}
