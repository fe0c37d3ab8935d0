using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Reports;

[SubscriptionType]
public static class ReportSubscriptions
{
    /// <summary>
    /// The same result as the query field `currentReportResult`: the current state at once, and a new one whenever committed data or the calendar changes
    /// something in it, all sections on the same data. At most four updates per second; intermediate states may be skipped, but never the last one. If the
    /// report cannot be computed, one response with errors says so, and the next one with a result says that it is correct again.
    /// </summary>
    [Subscribe(With = nameof(OpenAsync))]
    public static ReportResult? CurrentReportResultUpdated([EventMessage] LiveResult result) => result.Failure is null ? result.Result : throw result.Failure;

    /// <param name="version">The version to run; by default the newest.</param>
    /// <param name="parameters">An object with the values of the report's parameters. Those with a default may be omitted.</param>
    public static Task<IAsyncEnumerable<LiveResult>> OpenAsync(
        [ID<ReportDefinition>] Guid id, int? version, [GraphQLType("Any")] JsonElement? parameters, [Service] LiveReports live, ResolverContext context) =>
        live.OpenAsync(
            id, version, parameters?.Clone() ?? default, context.State.Fresh(), context.State.Get<StreamAllowance>(), context.CancellationToken);
}
