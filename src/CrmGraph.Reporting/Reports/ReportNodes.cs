using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying;

namespace CrmGraph.Reporting.Reports;

[ObjectType<ReportDefinition>]
public static class ReportDefinitionNode
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, ReportDefinition>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        Lookups.DictionaryAsync(ids, Rows.Of(context).ReportDefinitions, r => r.Id, context.CancellationToken);
}

[ObjectType<ReportResult>]
public static class ReportResultNode
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, ReportResult>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        Lookups.DictionaryAsync(ids, Rows.Of(context).ReportResults, r => r.Id, context.CancellationToken);
}
