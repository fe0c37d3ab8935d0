using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>The names of the rows by which facts are grouped.</summary>
internal static class GroupNames
{
    /// <param name="without">Dimensions whose names are not needed.</param>
    public static async Task<IReadOnlyDictionary<Guid, string>> OfAsync(
        MetricSession session, MetricPlan plan, IReadOnlyCollection<MetricGroup> groups, Func<MetricDimension, bool> without,
        CancellationToken cancellationToken)
    {
        var names = new Dictionary<Guid, string>();
        foreach (var (i, dimension) in plan.Query.GroupBy.Index())
        {
            if (!dimension.HasNames() || without(dimension))
                continue;
            var ids = groups.Where(g => i < g.Values.Count).Select(g => g.Values[i]).OfType<Guid>().Distinct().Order().ToList();
            if (ids.Count == 0)
                continue;
            var key = ("names", string.Join(' ', ids));
            foreach (var (id, name) in await session.OnceAsync(
                key, MetricReads.Names, () => Named(session.Database, dimension, ids).ToListAsync(cancellationToken)))
                names[id] = name;
        }

        return names;
    }

    private static IQueryable<NamedRow> Named(CrmDbContext db, MetricDimension dimension, List<Guid> ids) => dimension switch
    {
        MetricDimension.Customer => db.Customers.Where(x => ids.Contains(x.Id)).Select(x => new NamedRow(x.Id, x.Name)),
        MetricDimension.Product => db.Products.Where(x => ids.Contains(x.Id)).Select(x => new NamedRow(x.Id, x.Name)),
        MetricDimension.SalesTeam => db.SalesTeams.Where(x => ids.Contains(x.Id)).Select(x => new NamedRow(x.Id, x.Name)),
        MetricDimension.Campaign => db.Campaigns.Where(x => ids.Contains(x.Id)).Select(x => new NamedRow(x.Id, x.Name)),
        MetricDimension.Segment => db.Segments.Where(x => ids.Contains(x.Id)).Select(x => new NamedRow(x.Id, x.Name)),
        _ => db.TeamMembers.Where(x => ids.Contains(x.Id)).Select(x => new NamedRow(x.Id, x.Name)),
    };

    private sealed record NamedRow(Guid Id, string Name);
}
