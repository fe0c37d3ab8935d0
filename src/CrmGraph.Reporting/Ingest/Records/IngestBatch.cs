namespace CrmGraph.Reporting.Ingest.Records;

/// <summary>
/// Records that are written in one transaction. Within a kind they are applied in list order; kinds in the order of <see cref="RecordKind"/>,
/// so a record may refer to any row of the same batch by its outside id.
/// </summary>
public sealed class IngestBatch
{
    public List<SalesTeamRecord> SalesTeams { get; } = [];
    public List<TeamMemberRecord> TeamMembers { get; } = [];
    public List<ProductRecord> Products { get; } = [];
    public List<CampaignRecord> Campaigns { get; } = [];
    public List<CampaignSpendRecord> CampaignSpend { get; } = [];
    public List<ExchangeRateRecord> ExchangeRates { get; } = [];
    public List<CustomerRecord> Customers { get; } = [];
    public List<OrderRecord> Orders { get; } = [];
    public List<InteractionRecord> Interactions { get; } = [];
    public List<TicketRecord> Tickets { get; } = [];
    public List<SurveyResponseRecord> SurveyResponses { get; } = [];
    public List<OpportunityRecord> Opportunities { get; } = [];
    public List<ContractRecord> Contracts { get; } = [];

    /// <summary>Records, lines of orders not counted.</summary>
    public int Count => SalesTeams.Count + TeamMembers.Count + Products.Count + Campaigns.Count + CampaignSpend.Count + ExchangeRates.Count
        + Customers.Count + Orders.Count + Interactions.Count + Tickets.Count + SurveyResponses.Count + Opportunities.Count + Contracts.Count;

    /// <summary>Records of everything that belongs to a customer.</summary>
    internal IEnumerable<IngestRecord> Facts() =>
        Orders.Concat<IngestRecord>(Interactions).Concat(Tickets).Concat(SurveyResponses).Concat(Opportunities).Concat(Contracts);

    /// <summary>Every record, lines of orders among them.</summary>
    internal IEnumerable<IngestRecord> All() => SalesTeams.Concat<IngestRecord>(TeamMembers).Concat(Products).Concat(Campaigns).Concat(CampaignSpend)
        .Concat(ExchangeRates)
        .Concat(Customers)
        .Concat(Facts())
        .Concat(Orders.SelectMany(order => order.Lines ?? []));

    public void Clear()
    {
        SalesTeams.Clear();
        TeamMembers.Clear();
        Products.Clear();
        Campaigns.Clear();
        CampaignSpend.Clear();
        ExchangeRates.Clear();
        Customers.Clear();
        Orders.Clear();
        Interactions.Clear();
        Tickets.Clear();
        SurveyResponses.Clear();
        Opportunities.Clear();
        Contracts.Clear();
    }
}
