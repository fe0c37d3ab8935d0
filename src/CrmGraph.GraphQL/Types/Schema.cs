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
    /// <param name="directives">The directives of the specification are added when missing.</param>
    public Schema(
        ObjectType? queryType,
        ObjectType? mutationType,
        ObjectType? subscriptionType,
        IEnumerable<NamedType> types,
        IEnumerable<DirectiveDefinition> directives)
    {
        QueryType = queryType;
        MutationType = mutationType;
        SubscriptionType = subscriptionType;
        Directives = [.. directives];
        Directives = [.. SpecifiedDirectives.Specified.Where(s => Directives.All(d => d.Name != s.Name)), .. Directives];
        Types = WithSpecifiedScalars([.. types], Directives);
        _types = new(StringComparer.Ordinal);
        foreach (var t in Types)
            _types.TryAdd(t.Name, t);
        _directives = new(StringComparer.Ordinal);
        foreach (var d in Directives)
            _directives.TryAdd(d.Name, d);
        foreach (var o in Types.OfType<ObjectType>())
        {
            Possible(o).Add(o);
            foreach (var i in o.Interfaces)
                Possible(i).Add(o);
        }

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
    internal SchemaWeights Weights { get; } = new();
    public IReadOnlyList<SchemaDefinitionNode> Nodes { get; init; } = [];

    /// <summary>The type of this name; introspection types are found too.</summary>
    public NamedType? Type(string name) => _types.GetValueOrDefault(name) ?? Introspection.TypeNamed(name);

    public DirectiveDefinition? Directive(string name) => _directives.GetValueOrDefault(name);

    public ObjectType? RootType(OperationKind kind) => kind switch
    {
        OperationKind.Query => QueryType,
        OperationKind.Mutation => MutationType,
        _ => SubscriptionType,
    };

    /// <summary>The object types that a value of this composite type can have.</summary>
    public IReadOnlySet<ObjectType> PossibleTypes(CompositeType type) =>
        _possible.TryGetValue(type, out var set) ? set : type is ObjectType o ? new HashSet<ObjectType> { o } : new HashSet<ObjectType>();

    private HashSet<ObjectType> Possible(NamedType type) => _possible.TryGetValue(type, out var set) ? set : _possible[type] = [];

    /// <summary>String and Boolean belong to every schema, by introspection; Int, Float and ID to those that use them (section 3.5).</summary>
    private static NamedType[] WithSpecifiedScalars(NamedType[] types, IReadOnlyList<DirectiveDefinition> directives)
    {
        var used = new HashSet<string>(StringComparer.Ordinal) { "String", "Boolean" };
        foreach (var type in types)
        {
            if (type is FieldsType withFields)
                foreach (var field in withFields.Fields)
                {
                    used.Add(field.Type.Named.Name);
                    used.UnionWith(field.Arguments.Select(static a => a.Type.Named.Name));
                }
            else if (type is InputObjectType input)
                used.UnionWith(input.Fields.Select(static f => f.Type.Named.Name));
        }

        used.UnionWith(directives.SelectMany(static d => d.Arguments).Select(static a => a.Type.Named.Name));
        used.ExceptWith(types.Select(static t => t.Name));
        return [.. types, .. Scalars.Specified.Where(s => used.Contains(s.Name))];
    }
}
