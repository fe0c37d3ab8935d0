using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics;

namespace CrmGraph.Reporting.Live;

[SubscriptionType]
public static class MetricSubscriptions
{
    /// <summary>
    /// The same table as the query field <c>metrics</c>: its current state at once, and again whenever committed data, whoever wrote it, or the
    /// calendar changes a figure of it. At most four times a second; states in between may be left out, the last one never.
    /// </summary>
    [UseMetricArguments]
    [Subscribe(With = nameof(OpenAsync))]
    public static MetricTable MetricsUpdated([EventMessage] MetricTable table) => table;

    public static Task<IAsyncEnumerable<MetricTable>> OpenAsync(ResolverContext context, [Service] LiveMetrics live) => live.OpenAsync(
        MetricArguments.Read(context), MetricArguments.Selection(context.Selections), context.State.Require<Caller>(), context.CancellationToken);
}
