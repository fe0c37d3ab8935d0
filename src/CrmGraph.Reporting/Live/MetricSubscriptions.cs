using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Assembling;

namespace CrmGraph.Reporting.Live;

[SubscriptionType]
public static class MetricSubscriptions
{
    /// <summary>
    /// The same table as the query field `metrics`: the current state at once, and a new one whenever committed data or the calendar changes a figure in
    /// it, whoever wrote the data. At most four updates per second; intermediate states may be skipped, but never the last one. If the figures cannot be
    /// computed, one response with errors says so, and the next one with figures says that they are correct again.
    /// </summary>
    [UseMetricArguments]
    [Subscribe(With = nameof(OpenAsync))]
    public static MetricTable MetricsUpdated([EventMessage] LiveFigures figures) => figures.Table ?? throw figures.Failure!;

    public static Task<IAsyncEnumerable<LiveFigures>> OpenAsync(ResolverContext context, [Service] LiveMetrics live) => live.OpenAsync(
        MetricArguments.Read(context), MetricArguments.Selection(context.Selections), context.State.Require<Caller>(), context.State.Get<StreamAllowance>(),
        context.CancellationToken);
}
