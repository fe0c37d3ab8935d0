using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>The names of owners and segments by which facts are grouped.</summary>
internal static class GroupNames
{
    public static async Task<IReadOnlyDictionary<Guid, string>> OfAsync(
        MetricSession session, IEnumerable<MetricGroup> groups, CancellationToken cancellationToken)
    {
        var ids = groups.SelectMany(g => g.Values).OfType<Guid>().Distinct().Order().ToList();
        if (ids.Count == 0)
            return new Dictionary<Guid, string>();
        var key = ("names", string.Join(' ', ids));
        return await session.OnceAsync(key, MetricReads.Names, () => ReadAsync(session.Database, ids, cancellationToken));
    }

    private static async Task<Dictionary<Guid, string>> ReadAsync(CrmDbContext db, List<Guid> ids, CancellationToken cancellationToken)
    {
        var members = db.TeamMembers.AsNoTracking().Where(m => ids.Contains(m.Id)).Select(m => new { m.Id, m.Name });
        var segments = db.Segments.AsNoTracking().Where(s => ids.Contains(s.Id)).Select(s => new { s.Id, s.Name });
        var named = await members.ToListAsync(cancellationToken);
        if (named.Count < ids.Count)
            named.AddRange(await segments.ToListAsync(cancellationToken));
        return named.ToDictionary(x => x.Id, x => x.Name);
    }
}
