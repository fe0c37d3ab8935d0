using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution;

namespace CrmGraph.Reporting.Querying;

/// <summary>Which page of a list is asked for, and what of it is selected.</summary>
internal sealed record PageRequest(int Size, bool Backward, IReadOnlyList<object?>? After, IReadOnlyList<object?>? Before)
{
    public bool WantsRows { get; init; }
    public bool WantsTotalCount { get; init; }
    public bool WantsNext { get; init; }
    public bool WantsPrevious { get; init; }

    public static PageRequest Read(ResolverContext context, IReadOnlyList<SortKey> order, GraphQLLimits sizes, CrmLimits limits)
    {
        var first = SizeOf(context, "first", sizes);
        var last = SizeOf(context, "last", sizes);
        if (first is not null && last is not null)
            throw new GraphQLException(ErrorCodes.InvalidArgument, "Give `first` or `last`, not both: a page is counted from one end.");
        return new(first ?? last ?? sizes.PageSize, last is not null, At(context, "after", order, limits), At(context, "before", order, limits))
        {
            WantsRows = context.IsSelected("edges") || context.IsSelected("nodes") || context.IsSelected("pageInfo"),
            WantsTotalCount = context.IsSelected("totalCount"),
            WantsNext = context.IsSelected("pageInfo", "hasNextPage"),
            WantsPrevious = context.IsSelected("pageInfo", "hasPreviousPage"),
        };
    }

    private static int? SizeOf(ResolverContext context, string argument, GraphQLLimits sizes)
    {
        if (!context.TryGetArgument<int>(argument, out var size))
            return null;
        if (size < 0)
            throw Refused(context, ErrorCodes.PageTooSmall, $"The requested number of items `{argument}: {size}` is below the minimum of 0.", ("requestedItems", size), ("minAllowedItems", 0));
        if (size > sizes.PageSizeMaximum)
            throw Refused(context, ErrorCodes.PageTooLarge, "The maximum allowed items per page were exceeded.", ("requestedItems", size), ("maxAllowedItems", sizes.PageSizeMaximum));
        return size;
    }

    private static IReadOnlyList<object?>? At(ResolverContext context, string argument, IReadOnlyList<SortKey> order, CrmLimits limits) =>
        context.TryGetArgument<string>(argument, out var cursor) ? Cursor.Read(cursor, order, argument, limits) : null;

    private static GraphQLException Refused(ResolverContext context, string code, string message, params (string Key, object Value)[] details) => new(
        new GraphQLError(message)
        {
            Code = code,
            Extensions = details.Prepend(("coordinate", $"{context.ParentType.Name}.{context.Field.Name}")).ToDictionary(d => d.Item1, d => (object?)d.Item2),
        });
}
