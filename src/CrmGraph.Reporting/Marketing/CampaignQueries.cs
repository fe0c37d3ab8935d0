using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Paging;

namespace CrmGraph.Reporting.Marketing;

[QueryType]
public static class CampaignQueries
{
    /// <summary>Marketing campaigns, sorted by name.</summary>
    [UsePaging("Name"), UseFiltering, UseSorting]
    public static IQueryable<Campaign> GetCampaigns(ResolverContext context) => Rows.Of(context).Campaigns;
}

[ObjectType<Campaign>]
public static class CampaignFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, Campaign>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        BatchLookup.DictionaryAsync(ids, Rows.Of(context).Campaigns, c => c.Id, context.CancellationToken);

    /// <summary>What the campaign cost, by day and channel, newest first.</summary>
    [UsePaging("-Day", Key = "Day Channel Currency", ConnectionName = "CampaignSpend", Of = nameof(CampaignSpend.CampaignId)), UseFiltering, UseSorting]
    public static IQueryable<CampaignSpend> GetSpend(ResolverContext context) => Rows.Of(context).CampaignSpend;
}
