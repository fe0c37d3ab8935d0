using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Types;

/// <summary>A directive's definition (section 3.13). Locations are named as in the specification: <c>FIELD_DEFINITION</c>.</summary>
public sealed class DirectiveDefinition(string name, IReadOnlyList<string> locations)
{
    public string Name { get; } = name;
    public IReadOnlyList<string> Locations { get; } = locations;
    public string? Description { get; init; }
    public bool IsRepeatable { get; init; }
    public IReadOnlyList<InputValueDefinition> Arguments { get; init; } = [];
    public DirectiveDefinitionNode? Node { get; init; }
}

/// <summary>A whole schema (section 3.3): immutable, safe for all threads. Made by <c>SchemaBuilder</c> from annotations or by <c>SdlSchemaBuilder</c> from SDL.</summary>
public sealed class Schema
{
    private readonly Dictionary<string, NamedType> _types;
    private readonly Dictionary<string, DirectiveDefinition> _directives;
    private readonly Dictionary<NamedType, HashSet<ObjectType>> _possible = [];

    /// <param name="types">All types but the introspection ones, in the order in which they are printed; the five built-in scalars are added when missing and used.</param>
    public Schema(ObjectType? queryType, ObjectType? mutationType, ObjectType? subscriptionType, IEnumerable<NamedType> types, IEnumerable<DirectiveDefinition> directives)
    {
        QueryType = queryType;
        MutationType = mutationType;
        SubscriptionType = subscriptionType;
        Types = [.. types];
        _types = new(StringComparer.Ordinal);
        foreach (var t in Types)
            _types.TryAdd(t.Name, t);
        Directives = [.. directives];
        _directives = new(StringComparer.Ordinal);
        foreach (var d in Directives)
            _directives.TryAdd(d.Name, d);
        foreach (var o in Types.OfType<ObjectType>())
            foreach (var i in o.Interfaces)
                Possible(i).Add(o);
        foreach (var u in Types.OfType<UnionType>())
            foreach (var o in u.Types)
                Possible(u).Add(o);
    }

    public string? Description { get; init; }
    public IReadOnlyList<AppliedDirective> AppliedDirectives { get; init; } = [];
    public ObjectType? QueryType { get; }
    public ObjectType? MutationType { get; }
    public ObjectType? SubscriptionType { get; }
    public IReadOnlyList<NamedType> Types { get; }
    public IReadOnlyList<DirectiveDefinition> Directives { get; }
    public IReadOnlyList<SchemaDefinitionNode> Nodes { get; init; } = [];

    public NamedType? Type(string name) => _types.GetValueOrDefault(name);

    public DirectiveDefinition? Directive(string name) => _directives.GetValueOrDefault(name);

    public ObjectType? RootType(OperationKind kind) => kind switch
    {
        OperationKind.Query => QueryType,
        OperationKind.Mutation => MutationType,
        _ => SubscriptionType,
    };

    /// <summary>The object types that a value of this composite type can have.</summary>
    public IReadOnlySet<ObjectType> PossibleTypes(CompositeType type) =>
        type is ObjectType o ? new HashSet<ObjectType> { o } : _possible.TryGetValue(type, out var set) ? set : new HashSet<ObjectType>();

    private HashSet<ObjectType> Possible(NamedType type) => _possible.TryGetValue(type, out var set) ? set : _possible[type] = [];
}
