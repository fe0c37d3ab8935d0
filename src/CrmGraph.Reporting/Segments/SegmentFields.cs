using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Paging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Segments;

[ObjectType<Segment>]
public static class SegmentFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, Segment>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        BatchLookup.DictionaryAsync(ids, Rows.Of(context).Segments, s => s.Id, context.CancellationToken);

    /// <summary>The filter of a dynamic segment, as a `CustomerFilterInput`; null for a static segment.</summary>
    [GraphQLType("Any")]
    public static object? GetDefinition([Parent] Segment segment) =>
        segment.Definition is null ? null : JsonSerializer.Deserialize<JsonElement>(segment.Definition);

    /// <summary>The number of current members that the caller may see.</summary>
    [Cost(QueryCosts.Segment)]
    public static async Task<int> GetMemberCountAsync([Parent] Segment segment, ResolverContext context) =>
        await (await MembersOfAsync(segment, context)).CountAsync(context.CancellationToken);

    /// <summary>
    /// The current members that the caller may see. A cursor names a customer, not a position, so paging stays correct while customers join and leave.
    /// </summary>
    [UsePaging("Id", ConnectionName = "SegmentMembers", IsBuiltEachTime = true), UseFiltering, UseSorting, Cost(QueryCosts.Segment)]
    public static async Task<IQueryable<Customer>> GetMembersAsync([Parent] Segment segment, ResolverContext context) => await MembersOfAsync(segment, context);

    /// <summary>Whether each of these customers is a member, in the same order. False for customers that the caller may not see.</summary>
    /// <param name="customers">The IDs of the customers.</param>
    [Cost(QueryCosts.Segment)]
    public static async Task<IReadOnlyList<bool>> GetHasMembersAsync(
        [Parent] Segment segment,
        [ID<Customer>] IReadOnlyList<Guid> customers,
        ResolverContext context)
    {
        var followed = await MergedCustomers.FollowAsync(customers, context.Services.GetRequiredService<CrmDbContext>(), context.CancellationToken);
        var asked = followed.Distinct().Take(1_000).ToList();
        var members = await (await MembersOfAsync(segment, context)).Where(c => asked.Contains(c.Id)).Select(c => c.Id).ToListAsync(context.CancellationToken);
        return [.. followed.Select(members.Contains)];
    }

    private static async Task<IQueryable<Customer>> MembersOfAsync(Segment segment, ResolverContext context)
    {
        var filter = await FilterContext.OfAsync(context);
        var conditions = await context.Services.GetRequiredService<SegmentFilters>().OfAsync([segment.Id], filter, context.CancellationToken);
        return Rows.Of(context).Customers.Where(conditions[segment.Id]);
    }
}
