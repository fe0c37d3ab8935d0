using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Customers;

/// <summary>
/// Ids of customers that were merged away: links that were kept outside go on to whoever has their facts now. A merge hands on the ids that the
/// loser had, merged ones among them, so one step always reaches the end.
/// </summary>
internal static class MergedCustomers
{
    /// <summary>By the old id, the customer that has its facts now; ids that were never merged, or lead to what the caller may not see, are absent.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Customer>> KeepersAsync(IReadOnlyCollection<Guid> ids, Rows rows, CancellationToken cancellationToken)
    {
        var keys = ids.Select(id => id.ToString("D")).ToList();
        var links = await rows.ExternalIds
            .Where(x => x.Entity == ExternalEntity.Customer && x.Source == ExternalSources.Merged && keys.Contains(x.Key))
            .Select(x => new { x.Key, x.Id }).ToListAsync(cancellationToken);
        if (links.Count == 0)
            return new Dictionary<Guid, Customer>();
        var keepers = await Lookups.DictionaryAsync(links.Select(l => l.Id), rows.Customers, c => c.Id, cancellationToken);
        return links.Where(l => keepers.ContainsKey(l.Id)).ToDictionary(l => Guid.Parse(l.Key), l => keepers[l.Id]);
    }
}
