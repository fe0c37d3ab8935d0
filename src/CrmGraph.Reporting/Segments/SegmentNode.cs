using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying;

namespace CrmGraph.Reporting.Segments;

[ObjectType<Segment>]
public static class SegmentNode
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, Segment>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        Lookups.DictionaryAsync(ids, Rows.Of(context).Segments, s => s.Id, context.CancellationToken);
}
