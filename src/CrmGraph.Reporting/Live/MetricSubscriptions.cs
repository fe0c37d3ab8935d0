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
    /// The same table as the query field <c>metrics</c>: its current state at once, and again whenever committed data, whoever wrote it, or the
    /// calendar changes a figure of it. At most four times a second; states in between may be left out, the last one never.
    /// While figures cannot be computed, an answer with <c>errors</c> says why once, and the next with figures says that they are right again.
    /// </summary>
    [UseMetricArguments]
    [Subscribe(With = nameof(OpenAsync))]
    public static MetricTable MetricsUpdated([EventMessage] LiveFigures figures) => figures.Table ?? throw figures.Failure!;

    public static Task<IAsyncEnumerable<LiveFigures>> OpenAsync(ResolverContext context, [Service] LiveMetrics live) => live.OpenAsync(
        MetricArguments.Read(context), MetricArguments.Selection(context.Selections), context.State.Require<Caller>(), context.State.Get<StreamAllowance>(),
        context.CancellationToken);
}
