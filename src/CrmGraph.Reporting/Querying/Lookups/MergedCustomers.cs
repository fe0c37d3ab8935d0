using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Querying.Lookups;

/// <summary>
/// Ids of customers that were merged away: links that were kept outside go on to whoever has their facts now. A merge hands on the ids that the
/// loser had, merged ones among them, so one step always reaches the end.
/// </summary>
internal static class MergedCustomers
{
    private const int IdsPerQuery = 500;

    /// <summary>By the old id, the customer that has its facts now; ids that were never merged, or lead to what the caller may not see, are absent.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Customer>> KeepersAsync(IReadOnlyCollection<Guid> ids, Rows rows, CancellationToken cancellationToken)
    {
        var links = await LinksAsync(ids, rows.ExternalIds, cancellationToken);
        if (links.Count == 0)
            return new Dictionary<Guid, Customer>();
        var keepers = await BatchLookup.DictionaryAsync(links.Values, rows.Customers, c => c.Id, cancellationToken);
        return links.Where(l => keepers.ContainsKey(l.Value)).ToDictionary(l => l.Key, l => keepers[l.Value]);
    }

    /// <summary>The ids to which these lead, in their order: an id that was never merged leads to itself.</summary>
    public static async Task<IReadOnlyList<Guid>> FollowAsync(IReadOnlyCollection<Guid> ids, CrmDbContext database, CancellationToken cancellationToken)
    {
        var links = await LinksAsync(ids, database.ExternalIds.AsNoTracking(), cancellationToken);
        return [.. ids.Select(id => links.GetValueOrDefault(id, id))];
    }

    /// <summary>By the old id, the id of the customer that has its facts now.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Guid>> LinksAsync(
        IReadOnlyCollection<Guid> ids,
        IQueryable<ExternalId> externalIds,
        CancellationToken cancellationToken)
    {
        var links = new Dictionary<Guid, Guid>();
        foreach (var keys in ids.Distinct().Select(id => id.ToString("D")).Chunk(IdsPerQuery))
            foreach (var link in await externalIds.Where(x => x.Entity == ExternalEntity.Customer && x.Source == ExternalSources.Merged && keys.Contains(x.Key))
                .ToListAsync(cancellationToken))
                links[Guid.Parse(link.Key)] = link.Id;
        return links;
    }
}
