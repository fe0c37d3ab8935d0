using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Segments;

/// <summary>Everyone but viewers may keep segments: what they hold follows from the rights of whoever reads them.</summary>
[MutationType]
[Error<SegmentInvalidException>, Error<NotFoundException>, Error<ConflictException>]
public static class SegmentMutations
{
    /// <summary>Saves a dynamic segment (with a definition) or a static one (without).</summary>
    /// <param name="key">A short unique name for programs: lower-case letters, digits and hyphens.</param>
    /// <param name="name">The name of the segment.</param>
    /// <param name="description">What the segment is for.</param>
    /// <param name="definition">The filter of a dynamic segment; omit it for a static one.</param>
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static async Task<Segment> CreateSegmentAsync(
        string key,
        string name,
        string? description,
        [GraphQLType("CustomerFilterInput")] InputObject? definition,
        [Service] SegmentStore store,
        ResolverContext context) =>
        await store.CreateAsync(key, name, description, definition, await FilterContext.OfAsync(context), context.CancellationToken);

    /// <summary>Changes a segment. Omitted fields keep their values.</summary>
    /// <param name="name">The new name.</param>
    /// <param name="description">The new description.</param>
    /// <param name="definition">The new filter of a dynamic segment.</param>
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static async Task<Segment> UpdateSegmentAsync(
        [ID<Segment>] Guid id,
        string? name,
        string? description,
        [GraphQLType("CustomerFilterInput")] InputObject? definition,
        [Service] SegmentStore store,
        ResolverContext context) =>
        await store.UpdateAsync(id, name, description, definition, await FilterContext.OfAsync(context), context.CancellationToken);

    /// <summary>Deletes a segment that no other segment refers to.</summary>
    [Error<SegmentInUseException>]
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<Segment> DeleteSegmentAsync([ID<Segment>] Guid id, [Service] SegmentStore store, CancellationToken cancellationToken) =>
        store.DeleteAsync(id, cancellationToken);

    /// <summary>Adds customers to a static segment.</summary>
    /// <param name="customers">The IDs of the customers to add.</param>
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<Segment> AddSegmentMembersAsync(
        [ID<Segment>] Guid id,
        [ID<Customer>] IReadOnlyList<Guid> customers,
        [Service] SegmentStore store,
        Caller caller,
        CancellationToken cancellationToken) =>
        store.AddMembersAsync(id, customers, caller, cancellationToken);

    /// <summary>Removes customers from a static segment.</summary>
    /// <param name="customers">The IDs of the customers to remove.</param>
    [Authorize(Roles = [nameof(Role.Representative), nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<Segment> RemoveSegmentMembersAsync(
        [ID<Segment>] Guid id,
        [ID<Customer>] IReadOnlyList<Guid> customers,
        [Service] SegmentStore store,
        Caller caller,
        CancellationToken cancellationToken) =>
        store.RemoveMembersAsync(id, customers, caller, cancellationToken);
}
