using System.Collections.Concurrent;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Statements;

namespace CrmGraph.Reporting.Querying;

/// <summary>Which page of a list is asked for, and what of it is selected.</summary>
internal sealed record PageRequest(int Size, bool Backward, IReadOnlyList<object?>? After, IReadOnlyList<object?>? Before)
{
    public bool WantsRows { get; init; }
    public bool WantsTotalCount { get; init; }
    public bool WantsNext { get; init; }
    public bool WantsPrevious { get; init; }

    public static PageRequest Read(ResolverContext context, PagePlan plan, IReadOnlyList<SortKey> order, GraphQLLimits sizes, CrmLimits limits)
    {
        var first = SizeOf(context, "first", sizes);
        var last = SizeOf(context, "last", sizes);
        if (first is not null && last is not null)
            throw new GraphQLException(ErrorCodes.InvalidArgument, "Give `first` or `last`, not both: a page is counted from one end.");
        return new(first ?? last ?? sizes.PageSize, last is not null, At(context, "after", order, limits), At(context, "before", order, limits))
        {
            WantsRows = plan.WantsRows,
            WantsTotalCount = plan.WantsTotalCount,
            WantsNext = plan.WantsNext,
            WantsPrevious = plan.WantsPrevious,
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

/// <summary>What the selection of a list says about its pages: the same for every request of a document.</summary>
internal sealed class PagePlan
{
    // Orders that clients choose by variable; more are built each time.
    private const int MaximumOrders = 32;

    private readonly ConcurrentDictionary<string, IReadOnlyList<SortKey>> _orders = new(StringComparer.Ordinal);
    private object? _reader;
    private IReadOnlyList<RowJoin>? _joins;

    public required bool WantsRows { get; init; }
    public required bool WantsTotalCount { get; init; }
    public required bool WantsNext { get; init; }
    public required bool WantsPrevious { get; init; }
    public required RowNeeds Needs { get; init; }
    /// <summary>The selected fields that find a row for each row of the list, with what is selected below them; more than one for what is selected more than once.</summary>
    public required IReadOnlyList<(SelectedField Field, RowLookup Lookup, RowNeeds Needs)> Lookups { get; init; }
    /// <summary>The field, which is the same as its list.</summary>
    public required string Field { get; init; }

    public static PagePlan Of(ResolverContext context) => new()
    {
        WantsRows = context.IsSelected("edges") || context.IsSelected("nodes") || context.IsSelected("pageInfo"),
        WantsTotalCount = context.IsSelected("totalCount"),
        WantsNext = context.IsSelected("pageInfo", "hasNextPage"),
        WantsPrevious = context.IsSelected("pageInfo", "hasPreviousPage"),
        Needs = context.Needs("nodes").And(context.Needs("edges", "node")),
        Lookups = [.. LookupsOf(context)],
        Field = $"{context.ParentType.Name}.{context.Field.Name}",
    };

    private static IEnumerable<(SelectedField, RowLookup, RowNeeds)> LookupsOf(ResolverContext context)
    {
        var nodes = context.Selections.SelectMany(s => s.Name switch
        {
            "nodes" => s.Selections,
            "edges" => s.Selections.Where(e => e.Name == "node").SelectMany(e => e.Selections),
            _ => [],
        });
        foreach (var field in nodes)
            if (field.Field.Tag is RowLookup lookup)
                yield return (field, lookup, context.Needs("nodes", field.Name).And(context.Needs("edges", "node", field.Name)));
    }

    /// <summary>What the statement of the list reads of other tables.</summary>
    public IReadOnlyList<RowJoin> Joins(StatementCache statements) => _joins ??=
    [
        .. Lookups.GroupBy(l => l.Field.Name)
            .Select(g => g.First().Lookup.Join(g.Key, g.First().Needs, g.Sum(l => l.Field.Field.Reads), statements))
            .OfType<RowJoin>(),
    ];

    /// <summary>The keys of an order, made once for each that does not depend on the settings.</summary>
    public IReadOnlyList<SortKey> Order<T>(object? order, RowOrder own, FilterContext context)
    {
        if (SortBuilder.ReadsMoment(order) || SortBuilder.TextOf(order) is not { } text)
            return SortBuilder.Build<T>(order, own, context);
        if (_orders.TryGetValue(text, out var known))
            return known;
        var keys = SortBuilder.Build<T>(order, own, context);
        return _orders.Count < MaximumOrders ? _orders.GetOrAdd(text, keys) : keys;
    }

    /// <summary>Null when the selection needs what cannot be read into columns.</summary>
    public EntityReader<T>? Reader<T>(StatementCache statements) where T : class
    {
        if (_reader is null)
            _reader = (object?)statements.Reader<T>(Needs.Properties) ?? this;
        return _reader as EntityReader<T>;
    }
}
