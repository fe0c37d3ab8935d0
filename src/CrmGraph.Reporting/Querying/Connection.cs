using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Execution;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Querying;

/// <summary>A page of a list.</summary>
public sealed class Connection(IReadOnlyList<Edge> edges, PageInfo pageInfo, int totalCount)
{
    public IReadOnlyList<Edge> Edges { get; } = edges;
    public PageInfo PageInfo { get; } = pageInfo;
    /// <summary>Counted only when it was selected.</summary>
    public int TotalCount { get; } = totalCount;
}

/// <summary>A row of a page. Its cursor is made when it is read.</summary>
public sealed class Edge
{
    private readonly IReadOnlyList<SortKey> _order;
    private readonly object?[] _keys;

    internal Edge(object node, IReadOnlyList<SortKey> order, object?[] keys)
    {
        Node = node;
        _order = order;
        _keys = keys;
    }

    public object Node { get; }
    public string Cursor => Querying.Cursor.Write(_order, _keys);
}

/// <summary>Information about pagination in a connection.</summary>
public sealed record PageInfo(bool HasNextPage, bool HasPreviousPage)
{
    private readonly Edge? _first;
    private readonly Edge? _last;

    internal PageInfo(bool hasNextPage, bool hasPreviousPage, IReadOnlyList<Edge> edges) : this(hasNextPage, hasPreviousPage)
    {
        _first = edges.Count > 0 ? edges[0] : null;
        _last = edges.Count > 0 ? edges[^1] : null;
    }

    public string? StartCursor => _first?.Cursor;
    public string? EndCursor => _last?.Cursor;
}

/// <summary>The types of connections: named after the field, as HotChocolate names them.</summary>
internal static class ConnectionTypes
{
    public static ObjectType Connection(CrmGraph.GraphQL.Annotations.ITypeRegistry types, string name, NamedType node)
    {
        var type = types.GetOrAdd(name + "Connection", () => new ObjectType(name + "Connection", () =>
        [
            Field("pageInfo", new NonNullType(types.Output(typeof(PageInfo))), (Connection c) => c.PageInfo, "Information to aid in pagination."),
            Field("edges", new ListType(new NonNullType(Edge(types, name, node))), (Connection c) => c.Edges, "A list of edges."),
            Field("nodes", new ListType(new NonNullType(node)), (Connection c) => c.Edges.Select(e => e.Node).ToList(), "A flattened list of the nodes."),
            Field("totalCount", new NonNullType(types.Scalar("Int")), (Connection c) => c.TotalCount, "Identifies the total count of items in the connection.", QueryCosts.Count, reads: 1),
        ])
        {
            Description = "A connection to a list of items.",
        });
        // Two fields of one name share their connection's type, which is right only when they list the same.
        var listed = type.Field("nodes")!.Type.Named;
        return listed == node ? type : throw new InvalidOperationException($"{type.Name} lists {listed.Name} and cannot list {node.Name} too: give the field a ConnectionName.");
    }

    private static ObjectType Edge(CrmGraph.GraphQL.Annotations.ITypeRegistry types, string name, NamedType node) => types.GetOrAdd(name + "Edge", () => new ObjectType(name + "Edge", () =>
    [
        Field("cursor", new NonNullType(types.Scalar("String")), (Edge e) => e.Cursor, "A cursor for use in pagination."),
        Field("node", new NonNullType(node), (Edge e) => e.Node, "The item at the end of the edge."),
    ])
    {
        Description = "An edge in a connection.",
    });

    private static FieldDefinition Field<TParent, TValue>(string name, GraphQLType type, Func<TParent, TValue> read, string description, double? cost = null, int reads = 0)
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
