using System.Collections.Concurrent;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Querying.Paging;

/// <summary>What the selection of a list says about its pages: the same for every request of a document.</summary>
internal sealed class PagePlan
{
    // Orders that clients choose by variable; more are built each time.
    private const int MaximumOrders = 32;
    private static readonly string[] Nodes = ["nodes"];
    private static readonly string[] EdgeNodes = ["edges", "node"];

    private readonly ConcurrentDictionary<string, IReadOnlyList<SortKey>> _orders = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<(SelectedField Field, LookupField Lookup, RowNeeds Needs)> _lookups;
    private object? _reader;
    private IReadOnlyList<LookupJoin>? _joins;

    /// <param name="context">Of a list's field; <paramref name="path"/> leads from there to the list itself.</param>
    private PagePlan(ResolverContext context, string[] path, string coordinate, IReadOnlyList<SelectedField> selected)
    {
        Path = path;
        Coordinate = coordinate;
        WantsRows = selected.Any(s => s.Name is "edges" or "nodes" or "pageInfo");
        WantsTotalCount = selected.Any(s => s.Name == "totalCount");
        WantsNext = SelectedField.Find(selected, ["pageInfo", "hasNextPage"]);
        WantsPrevious = SelectedField.Find(selected, ["pageInfo", "hasPreviousPage"]);
        Needs = NeedsOf(context, []);
        List<SelectedField> nodes = [.. selected.Where(s => s.Name == "nodes"), .. selected.Where(s => s.Name == "edges").SelectMany(e => e.Selections)
            .Where(e => e.Name == "node")];
        var fields = nodes.SelectMany(n => n.Selections).ToList();
        _lookups = [.. from f in fields where f.Field.Tag is LookupField select (f, (LookupField)f.Field.Tag!, NeedsOf(context, [f.Name]))];
        // Of two lists below one list each would be repeated for every row of the other.
        if (nodes is [{ Name: var name }] && fields.FindAll(f => f.Field.Tag is PagedField) is [var below])
            Below = new(context, [.. path, .. name == "nodes" ? Nodes : EdgeNodes, below.Name], $"{below.On.Name}.{below.Name}", below.Selections)
            {
                Paged = (PagedField)below.Field.Tag!
            };
    }

    /// <summary>From the field whose context made the plan.</summary>
    public string[] Path { get; }
    public bool WantsRows { get; }
    public bool WantsTotalCount { get; }
    public bool WantsNext { get; }
    public bool WantsPrevious { get; }
    public RowNeeds Needs { get; }
    /// <summary>The field's coordinate in the schema, which is the same as its list.</summary>
    public string Coordinate { get; }
    /// <summary>The only list below the rows of this one; null when there is none or more than one.</summary>
    public PagePlan? Below { get; }
    /// <summary>For a plan that is <see cref="Below"/> another: its field.</summary>
    public PagedField? Paged { get; private init; }

    public static PagePlan Of(ResolverContext context) => new(context, [], $"{context.ParentType.Name}.{context.Field.Name}", context.Selections);

    /// <summary>Single rows that the statement of the list reads beside its own.</summary>
    public IReadOnlyList<LookupJoin> Joins(StatementCache statements) => _joins ??=
    [
        .. _lookups.GroupBy(l => l.Field.Name)
            .Select(g => g.First().Lookup.Join(g.Key, g.First().Needs, g.Sum(l => l.Field.Field.Reads), statements))
            .OfType<LookupJoin>(),
    ];

    /// <summary>The keys of an order, made once for each that does not depend on the settings.</summary>
    public IReadOnlyList<SortKey> Order<T>(object? order, DefaultOrder own, FilterContext context)
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

    private RowNeeds NeedsOf(ResolverContext context, string[] field) =>
        context.Needs([.. Path, .. Nodes, .. field]).And(context.Needs([.. Path, .. EdgeNodes, .. field]));
}
