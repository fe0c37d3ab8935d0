using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Execution;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Customers;
using CrmGraph.Reporting.Querying;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Segments;

[QueryType]
public static class SegmentQueries
{
    /// <summary>All saved segments.</summary>
    [UsePaging("Name"), UseFiltering, UseSorting]
    public static IQueryable<Segment> GetSegments(ResolverContext context) => Rows.Of(context).Segments;

    /// <summary>A segment by id; null when there is none.</summary>
    public static Task<Segment?> GetSegmentAsync([ID<Segment>] Guid id, ResolverContext context) =>
        Rows.Of(context).Segments.FirstOrDefaultAsync(s => s.Id == id, context.CancellationToken);

    /// <summary>A segment by its key; null when there is none.</summary>
    public static Task<Segment?> GetSegmentByKeyAsync(string key, ResolverContext context) =>
        FoldedText.IsStorable(key) ? Rows.Of(context).Segments.FirstOrDefaultAsync(s => s.Key == key, context.CancellationToken) : Task.FromResult<Segment?>(null);

    /// <summary>Whom a definition would hold, before it is saved: the customers that the caller may see.</summary>
    public static async Task<SegmentPreview> GetSegmentPreviewAsync([GraphQLType("CustomerFilterInput!")] InputObject definition, ResolverContext context)
    {
        var filter = await QueryContexts.FilterAsync(context);
        return new SegmentPreview(await FilterBuilder.BuildAsync<Customer>(definition, filter, context.CancellationToken));
    }
}

/// <summary>What a segment's definition holds now.</summary>
public sealed class SegmentPreview
{
    internal SegmentPreview(System.Linq.Expressions.Expression<Func<Customer, bool>> condition) => Condition = condition;

    internal System.Linq.Expressions.Expression<Func<Customer, bool>> Condition { get; }
}

[ObjectType<SegmentPreview>]
public static class SegmentPreviewFields
{
    /// <summary>The number of customers that the caller may see.</summary>
    [Cost(QueryCosts.Count)]
    public static Task<int> GetCountAsync([Parent] SegmentPreview preview, ResolverContext context) =>
        Rows.Of(context).Customers.CountAsync(preview.Condition, context.CancellationToken);

    /// <summary>Some of the customers, those known last first.</summary>
    /// <param name="first">How many, 1 to 100.</param>
    [ListSize(AssumedSize = 100, SlicingArguments = ["first"])]
    public static Task<List<Customer>> GetSampleAsync([Parent] SegmentPreview preview, ResolverContext context, int first = 10) =>
        Rows.Of(context).Customers.Where(preview.Condition).OrderByDescending(c => c.CreatedAt).ThenBy(c => c.Id).Take(Math.Clamp(first, 1, 100)).ToListAsync(context.CancellationToken);
}
