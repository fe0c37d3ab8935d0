using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Querying.Paging;

/// <summary>Which page of a list is asked for, and what of it is selected.</summary>
internal sealed record PageRequest(int Size, bool Backward, IReadOnlyList<object?>? After, IReadOnlyList<object?>? Before)
{
    public bool WantsRows { get; init; }
    public bool WantsTotalCount { get; init; }
    public bool WantsNext { get; init; }
    public bool WantsPrevious { get; init; }

    /// <summary>The rows to read: one more than shown, where somebody asks whether there are more.</summary>
    public int Taken => (Backward ? WantsPrevious : WantsNext) ? Size + 1 : Size;

    /// <param name="arguments">Of the list's field.</param>
    public static PageRequest Read(
        IReadOnlyDictionary<string, object?> arguments,
        PagePlan plan,
        IReadOnlyList<SortKey> order,
        GraphQLLimits sizes,
        CrmLimits limits)
    {
        var first = SizeOf(arguments, plan, "first", sizes);
        var last = SizeOf(arguments, plan, "last", sizes);
        if (first is not null && last is not null)
            throw new GraphQLException(ErrorCodes.InvalidArgument, "Give `first` or `last`, not both: a page is counted from one end.");
        return new(first ?? last ?? sizes.PageSize, last is not null, At(arguments, "after", order, limits), At(arguments, "before", order, limits))
        {
            WantsRows = plan.WantsRows,
            WantsTotalCount = plan.WantsTotalCount,
            WantsNext = plan.WantsNext,
            WantsPrevious = plan.WantsPrevious,
        };
    }

    private static int? SizeOf(IReadOnlyDictionary<string, object?> arguments, PagePlan plan, string argument, GraphQLLimits sizes)
    {
        if (!ResolverContext.TryGetArgument<int>(arguments, argument, out var size))
            return null;
        if (size < 0)
            throw Refused(
                plan,
                ErrorCodes.PageTooSmall,
                $"The requested number of items `{argument}: {size}` is below the minimum of 0.",
                ("requestedItems", size),
                ("minAllowedItems", 0));
        if (size > sizes.PageSizeMaximum)
            throw Refused(
                plan,
                ErrorCodes.PageTooLarge,
                "The maximum allowed items per page were exceeded.",
                ("requestedItems", size),
                ("maxAllowedItems", sizes.PageSizeMaximum));
        return size;
    }

    private static IReadOnlyList<object?>? At(
        IReadOnlyDictionary<string, object?> arguments, string argument, IReadOnlyList<SortKey> order, CrmLimits limits) =>
        ResolverContext.TryGetArgument<string>(arguments, argument, out var cursor) ? Cursor.Read(cursor, order, argument, limits) : null;

    private static GraphQLException Refused(PagePlan plan, string code, string message, params (string Key, object Value)[] details) => new(
        new GraphQLError(message)
        {
            Code = code,
            Extensions = details.Prepend(("coordinate", plan.Coordinate)).ToDictionary(d => d.Item1, d => (object?)d.Item2),
        });
}
