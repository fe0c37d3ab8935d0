using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Live;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Reports;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Health;

[QueryType]
public static class HealthQueries
{
    /// <summary>Whether the server and its database are well: how far migrations, rollups, kept scores and live figures are.</summary>
    [Authorize(Roles = [nameof(Role.Administrator)]), Cost(QueryCosts.Count)]
    public static async Task<ServerHealth> GetServerHealthAsync(
        [Service] DatabaseEngine engine,
        [Service] RollupCatalog catalog,
        [Service] LiveMetrics live,
        [Service] LiveReports reports,
        [Service] TimeProvider time,
        CancellationToken cancellationToken)
    {
        await using var db = engine.CreateContext();
        var load = live.Load + reports.Load;
        var scoring = await db.Set<CustomerScoring>().AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        return new(
            await DatabaseAsync(engine, db, time, cancellationToken),
            await RollupsAsync(db, catalog, cancellationToken),
            new(scoring?.AsOf, scoring?.Reason),
            new(load.Queries, load.Subscribers, load.Computing, load.Due));
    }

    private static async Task<DatabaseHealth> DatabaseAsync(
        DatabaseEngine engine, CrmDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var migration = await db.Database.SqlQuery<int>($"select max(number) as \"Value\" from migrations").SingleAsync(cancellationToken);
        return new(engine.Name, migration, Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 2));
    }

    internal static async Task<RollupHealth> RollupsAsync(CrmDbContext db, RollupCatalog catalog, CancellationToken cancellationToken)
    {
        var rows = await db.SalesDays.GroupBy(d => d.Rollup)
            .Select(g => new { Number = g.Key, Rows = g.LongCount(), First = g.Min(d => d.Day), Last = g.Max(d => d.Day) })
            .ToDictionaryAsync(g => g.Number, cancellationToken);
        var marks = await db.RollupMarks.Select(m => m.Day).Distinct().ToListAsync(cancellationToken);
        var rollups = from rollup in await catalog.ListAsync(cancellationToken)
                      let rolled = rows.GetValueOrDefault(rollup.Number)
                      select new Rollup(rollup.Number, rollup.Attributes, rollup.IsShipped, rolled?.Rows ?? 0, rolled?.First, rolled?.Last);
        return new(marks.Contains(null) ? null : marks.Count, [.. rollups]);
    }
}

[MutationType]
public static class RollupMutations
{
    /// <summary>
    /// Adds up the orders of every day again and compares. Days that differ are brought up to date by themselves. With many orders this takes longer than
    /// a request may: then use `crmgraph rollups verify`.
    /// </summary>
    [Authorize(Roles = [nameof(Role.Administrator)]), Cost(QueryCosts.Analysis * 5)]
    public static async Task<RollupVerification> VerifyRollupsAsync([Service] RollupKeeper keeper, CancellationToken cancellationToken)
    {
        var (days, wrong) = await keeper.VerifyAsync(cancellationToken);
        return new(days, wrong);
    }

    /// <summary>Forgets all rollups. The servers make them again by themselves; metrics are read from the orders meanwhile.</summary>
    [Authorize(Roles = [nameof(Role.Administrator)]), Cost(QueryCosts.Analysis * 5)]
    public static async Task<RollupHealth> RebuildRollupsAsync(
        [Service] RollupCatalog catalog, [Service] CrmDbContext database, CancellationToken cancellationToken)
    {
        await catalog.ResetAsync(cancellationToken);
        return await HealthQueries.RollupsAsync(database, catalog, cancellationToken);
    }
}
