using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Querying.Paging;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Segments;

[QueryType]
public static class SegmentQueries
{
    /// <summary>All saved segments, sorted by name.</summary>
    [UsePaging("Name"), UseFiltering, UseSorting]
    public static IQueryable<Segment> GetSegments(ResolverContext context) => Rows.Of(context).Segments;

    /// <summary>A segment by its ID. Null if it does not exist.</summary>
    public static Task<Segment?> GetSegmentAsync([ID<Segment>] Guid id, ResolverContext context) =>
        Rows.Of(context).Segments.FirstOrDefaultAsync(s => s.Id == id, context.CancellationToken);

    /// <summary>A segment by its key. Null if it does not exist.</summary>
    /// <param name="key">The key of the segment.</param>
    public static Task<Segment?> GetSegmentByKeyAsync(string key, ResolverContext context) =>
        FoldedText.IsStorable(key)
            ? Rows.Of(context).Segments.FirstOrDefaultAsync(s => s.Key == key, context.CancellationToken)
            : Task.FromResult<Segment?>(null);

    /// <summary>The customers whom a segment definition would contain, before it is saved; only those that the caller may see.</summary>
    /// <param name="definition">The filter of the segment.</param>
    public static async Task<SegmentPreview> GetSegmentPreviewAsync([GraphQLType("CustomerFilterInput!")] InputObject definition, ResolverContext context)
    {
        var preview = new SegmentPreview(definition);
        _ = await preview.CustomersAsync(context);
        return preview;
    }
}

/// <summary>The customers whom a segment definition contains now.</summary>
public sealed class SegmentPreview
{
    private readonly InputObject _definition;

    internal SegmentPreview(InputObject definition) => _definition = definition;

    /// <summary>Those that it holds, for the field that asks: a condition can be bound to the field's own connection.</summary>
    internal async ValueTask<IQueryable<Customer>> CustomersAsync(ResolverContext context)
    {
        var filter = await FilterContext.OfAsync(context);
        return Rows.Of(context).Customers.Where(await FilterBuilder.BuildAsync<Customer>(_definition, filter, context.CancellationToken));
    }
}

[ObjectType<SegmentPreview>]
public static class SegmentPreviewFields
{
    /// <summary>The number of customers that the caller may see.</summary>
    [Cost(QueryCosts.Count)]
    public static async Task<int> GetCountAsync([Parent] SegmentPreview preview, ResolverContext context) =>
        await (await preview.CustomersAsync(context)).CountAsync(context.CancellationToken);

    /// <summary>Some of the customers, the most recently known first.</summary>
    /// <param name="first">How many, 1 to 100.</param>
    [ListSize(AssumedSize = 100, SlicingArguments = ["first"])]
    public static async Task<List<Customer>> GetSampleAsync([Parent] SegmentPreview preview, ResolverContext context, int first = 10) =>
        await (await preview.CustomersAsync(context)).OrderByDescending(c => c.CreatedAt).ThenBy(c => c.Id).Take(Math.Clamp(first, 1, 100))
            .ToListAsync(context.CancellationToken);
}
