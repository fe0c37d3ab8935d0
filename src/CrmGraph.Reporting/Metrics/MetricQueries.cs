using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Reading;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics;

[QueryType]
public static class MetricQueries
{
    /// <summary>Metrics of a period, split by time and by groups, over the facts that the caller may see. Only selected metrics are computed.</summary>
    [UseMetricArguments]
    public static async Task<MetricTable?> GetMetricsAsync(ResolverContext context, [Service] CrmDbContext db, [Service] MetricEngine engine)
    {
        var moment = await RequestSettings.MomentAsync(context);
        var company = await RequestSettings.CompanyAsync(context);
        var session = engine.Session(db, null, company);
        var plan = await engine.PlanAsync(
            session, MetricArguments.Read(context), MetricArguments.Selection(context.Selections), context.State.Require<Caller>(),
            context.CancellationToken, moment);
        var answer = await engine.AnswerAsync(session, plan, null, context.CancellationToken);
        context.State.Get<WatchedReads>()?.Add(answer.ReadsOf(plan));
        return answer.Table;
    }

    /// <summary>The definitions of all metrics, with those that the company defined itself after the others.</summary>
    [ListSize(AssumedSize = 100)]
    public static async Task<IReadOnlyList<MetricDefinition>> GetMetricCatalogAsync(
        [Service] CrmDbContext db, [Service] CustomMetrics own, CancellationToken cancellationToken) =>
        [.. MetricCatalog.All, .. (await own.LoadAsync(db, cancellationToken)).InUse];
}
