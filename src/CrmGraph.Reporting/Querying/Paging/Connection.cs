using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Querying.Paging;

/// <summary>A page of a list.</summary>
public sealed class Connection
{
    private readonly Page _page;
    private IReadOnlyList<Edge>? _edges;

    internal Connection(Page page, bool hasNextPage, bool hasPreviousPage, int totalCount)
    {
        _page = page;
        PageInfo = new PageInfo(hasNextPage, hasPreviousPage, page);
        TotalCount = totalCount;
    }

    /// <summary>A page as it was asked for, of which one row more may have been read.</summary>
    internal static Connection Of(Page found, PageRequest request, bool beforeStart = false, bool afterEnd = false, int total = 0)
    {
        var more = found.Count > request.Size;
        var next = (more && !request.Backward) || afterEnd;
        var previous = (more && request.Backward) || beforeStart;
        return new(found.Part(Math.Min(found.Count, request.Size), request.Backward), next, previous, total);
    }

    public IReadOnlyList<Edge> Edges => _edges ??= [.. Enumerable.Range(0, _page.Count).Select(i => new Edge(_page, i))];
    /// <summary>The rows: objects, or rows of a table.</summary>
    public object Nodes => _page.Nodes;
    public PageInfo PageInfo { get; }
    /// <summary>Counted only when it was selected.</summary>
    public int TotalCount { get; }
}

/// <summary>A row of a page. Its cursor is made when it is read.</summary>
public sealed class Edge
{
    private readonly Page _page;
    private readonly int _index;

    internal Edge(Page page, int index) => (_page, _index) = (page, index);

    public object Node => _page.NodeAt(_index);
    public string Cursor => Paging.Cursor.Write(_page.Order, _page.KeysAt(_index));
}

/// <summary>Where a page lies in its list.</summary>
/// <param name="HasNextPage">Whether rows follow the page.</param>
/// <param name="HasPreviousPage">Whether rows precede the page.</param>
public sealed record PageInfo(bool HasNextPage, bool HasPreviousPage)
{
    private readonly Page? _page;

    internal PageInfo(bool hasNextPage, bool hasPreviousPage, Page page) : this(hasNextPage, hasPreviousPage) => _page = page;

    /// <summary>The cursor of the first row, for `before`; null if the page is empty.</summary>
    public string? StartCursor => _page is { Count: > 0 } page ? new Edge(page, 0).Cursor : null;
    /// <summary>The cursor of the last row, for `after`; null if the page is empty.</summary>
    public string? EndCursor => _page is { Count: > 0 } page ? new Edge(page, page.Count - 1).Cursor : null;
}

/// <summary>The types of connections: named after the field, as HotChocolate names them.</summary>
internal static class ConnectionTypes
{
    public static ObjectType Connection(ITypeRegistry types, string name, NamedType node)
    {
        var type = types.GetOrAdd(name + "Connection", () => new ObjectType(name + "Connection", () =>
        [
            Field("pageInfo", new NonNullType(types.Output(typeof(PageInfo))), (Connection c) => c.PageInfo, "Where the page lies in the list."),
            Field("edges", ListOf(Edge(types, name, node)), (Connection c) => c.Edges, "The rows of the page with their cursors."),
            Field("nodes", ListOf(node), (Connection c) => c.Nodes, "The rows of the page without cursors."),
            Field(
                "totalCount",
                new NonNullType(types.Scalar("Int")),
                (Connection c) => c.TotalCount,
                "The number of rows in the whole list. It is counted only if selected.",
                QueryCosts.Count,
                reads: 1),
        ])
        {
            Description = $"A page of {Words.Of(name)}.",
        });
        // Two fields of one name share their connection's type, which is right only when they list the same.
        var listed = type.Field("nodes")!.Type.Named;
        return listed == node
            ? type
            : throw new InvalidOperationException($"{type.Name} lists {listed.Name} and cannot list {node.Name} too: give the field a ConnectionName.");
    }

    private static NonNullType ListOf(NamedType row) => new(new ListType(new NonNullType(row)));

    private static ObjectType Edge(ITypeRegistry types, string name, NamedType node) =>
        types.GetOrAdd(name + "Edge", () => new ObjectType(name + "Edge", () =>
    [
        Field("cursor", new NonNullType(types.Scalar("String")), (Edge e) => e.Cursor, "The position of the row in the list, for `after` and `before`."),
        Field("node", new NonNullType(node), (Edge e) => e.Node, $"The {Words.Of(node.Name)} at the end of the edge."),
    ])
        {
            Description = $"A row of a page: {Words.One(node.Name)} and its cursor.",
        });

    private static FieldDefinition Field<TParent, TValue>(
        string name,
        GraphQLType type,
        Func<TParent, TValue> read,
        string description,
        double? cost = null,
        int reads = 0)
    {
        var reader = new Reader<TParent, TValue>(read);
        return new(name, type)
        {
            Description = description,
            AppliedDirectives = cost is { } weight ? [CostDirectives.Cost(weight)] : [],
            Reader = reader,
            // The connection reads it, by a statement of its own.
            Reads = reads,
            Resolver = context => new([.. context.Parents.Select(p => reader.Read(p!))]),
        };
    }

    private sealed class Reader<TParent, TValue>(Func<TParent, TValue> read) : FieldReader<TValue>
    {
        public override bool IsPure => true;
        public override TValue ReadValue(object parent) => read((TParent)parent);
    }
}
