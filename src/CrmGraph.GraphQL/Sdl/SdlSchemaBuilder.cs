using System.Diagnostics;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation.TypeSystem;

namespace CrmGraph.GraphQL.Sdl;

/// <summary>What a field of a schema made from SDL does; see <see cref="FieldDefinition"/>.</summary>
public sealed record FieldCode(FieldResolver? Resolver = null, SubscribeResolver? Subscribe = null);

/// <summary>
/// Makes a schema from SDL: definitions and their extensions in one document (section 3). Such a schema validates and prints; its fields do what the
/// function given says, or read dictionaries when there is none.
/// </summary>
public sealed class SdlSchemaBuilder
{
    /// <summary>A schema is our own or an administrator's file and may be larger than a request.</summary>
    private static readonly GraphQLLimits Limits = GraphQLLimits.ForOwnDocuments();

    private readonly DocumentNode _document;
    private readonly Func<string, FieldDefinitionNode, FieldCode?> _code;
    private readonly ILookup<string, TypeDefinitionNode> _extensions;
    private readonly Dictionary<string, NamedType> _types = new(StringComparer.Ordinal);

    private SdlSchemaBuilder(DocumentNode document, Func<string, FieldDefinitionNode, FieldCode?>? code = null)
    {
        _document = document;
        _code = code ?? (static (_, _) => null);
        _extensions = document.Definitions.OfType<TypeDefinitionNode>().Where(static d => d.IsExtension)
            .ToLookup(static d => d.Name.Value, StringComparer.Ordinal);
    }

    /// <param name="code">What the field of an object type does, by the type's name.</param>
    /// <exception cref="SyntaxException">The text is not GraphQL.</exception>
    /// <exception cref="InvalidSchemaException">The schema breaks rules of section 3.</exception>
    public static Schema Build(string sdl, Func<string, FieldDefinitionNode, FieldCode?>? code = null) => Build(Parser.Parse(sdl, Limits), code);

    /// <inheritdoc cref="Build(string, Func{string, FieldDefinitionNode, FieldCode?}?)"/>
    public static Schema Build(DocumentNode document, Func<string, FieldDefinitionNode, FieldCode?>? code = null)
    {
        var schema = BuildUnchecked(document, code);
        var errors = SchemaChecker.Check(schema);
        return errors.Count > 0 ? throw new InvalidSchemaException(errors) : schema;
    }

    /// <summary>A schema whose text keeps the rules, but whose types may not fit together: good to print and compare, not to execute.</summary>
    /// <exception cref="InvalidSchemaException">Names are unknown or not unique, or directives stand where they may not.</exception>
    public static Schema BuildUnchecked(DocumentNode document, Func<string, FieldDefinitionNode, FieldCode?>? code = null)
    {
        var errors = SdlRules.Check(document);
        return errors.Count > 0 ? throw new InvalidSchemaException(errors) : new SdlSchemaBuilder(document, code).Schema();
    }

    /// <inheritdoc cref="BuildUnchecked(DocumentNode, Func{string, FieldDefinitionNode, FieldCode?}?)"/>
    /// <exception cref="SyntaxException">The text is not GraphQL.</exception>
    public static Schema BuildUnchecked(string sdl) => BuildUnchecked(Parser.Parse(sdl, Limits));

    private Schema Schema()
    {
        var definitions = _document.Definitions.OfType<TypeDefinitionNode>().Where(static d => !d.IsExtension && !Scalars.IsSpecified(d.Name.Value)).ToList();
        foreach (var scalar in Scalars.Specified)
            _types[scalar.Name] = scalar;
        foreach (var definition in definitions)
            _types[definition.Name.Value] = Type([definition, .. _extensions[definition.Name.Value]]);
        var nodes = _document.Definitions.OfType<SchemaDefinitionNode>().ToList();
        var directives = _document.Definitions.OfType<DirectiveDefinitionNode>().Select(Directive).ToList();
        return new(Root(nodes, OperationKind.Query), Root(nodes, OperationKind.Mutation), Root(nodes, OperationKind.Subscription),
            definitions.Select(d => _types[d.Name.Value]), directives)
        {
            Description = nodes.FirstOrDefault(static n => !n.IsExtension)?.Description?.Value,
            AppliedDirectives = Applied(nodes),
            Nodes = nodes,
        };
    }

    private ObjectType? Root(List<SchemaDefinitionNode> nodes, OperationKind kind) =>
        RootTypes.NameOf(nodes, kind, _types.ContainsKey) is { } name ? Named(name) as ObjectType : null;

    private NamedType Type(IReadOnlyList<TypeDefinitionNode> nodes)
    {
        var name = nodes[0].Name.Value;
        var description = nodes[0].Description?.Value;
        var applied = Applied(nodes);
        return nodes[0] switch
        {
            ScalarTypeDefinitionNode => new ScalarType(name)
            {
                Description = description,
                SpecifiedByUrl = StringArgument(nodes, "specifiedBy", "url"),
                AppliedDirectives = applied,
                Nodes = nodes,
            },
            ObjectTypeDefinitionNode => new ObjectType(name, () => Fields(name, nodes.OfType<ObjectTypeDefinitionNode>().SelectMany(static n => n.Fields)),
                () => Named<InterfaceType>(nodes.OfType<ObjectTypeDefinitionNode>().SelectMany(static n => n.Interfaces)))
            { Description = description, AppliedDirectives = applied, Nodes = nodes },
            InterfaceTypeDefinitionNode => new InterfaceType(
                name,
                () => Fields(name, nodes.OfType<InterfaceTypeDefinitionNode>().SelectMany(static n => n.Fields)),
                () => Named<InterfaceType>(nodes.OfType<InterfaceTypeDefinitionNode>().SelectMany(static n => n.Interfaces)))
            { Description = description, AppliedDirectives = applied, Nodes = nodes },
            UnionTypeDefinitionNode => new UnionType(name, () => Named<ObjectType>(nodes.OfType<UnionTypeDefinitionNode>().SelectMany(static n => n.Types)))
            { Description = description, AppliedDirectives = applied, Nodes = nodes },
            EnumTypeDefinitionNode => new EnumType(name, [.. nodes.OfType<EnumTypeDefinitionNode>().SelectMany(static n => n.Values).Select(EnumValue)])
            { Description = description, AppliedDirectives = applied, Nodes = nodes },
            InputObjectTypeDefinitionNode => new InputObjectType(
                name,
                () => Inputs(nodes.OfType<InputObjectTypeDefinitionNode>().SelectMany(static n => n.Fields)))
            {
                Description = description,
                IsOneOf = nodes[0].Directives.Any(static d => d.Name.Value == "oneOf"),
                AppliedDirectives = applied,
                Nodes = nodes,
            },
            _ => throw new UnreachableException(nodes[0].GetType().Name),
        };
    }

    /// <summary>References of the right kind; the others are errors that the checker finds in the nodes.</summary>
    private T[] Named<T>(IEnumerable<NamedTypeNode> nodes)
        where T : NamedType => [.. nodes.Select(n => Named(n.Name.Value)).OfType<T>()];

    private NamedType? Named(string name) => _types.GetValueOrDefault(name) ?? Introspection.TypeNamed(name);

    private FieldDefinition[] Fields(string type, IEnumerable<FieldDefinitionNode> nodes) => [.. nodes.Select(n => Field(n, _code(type, n)))];

    private FieldDefinition Field(FieldDefinitionNode n, FieldCode? code) => new(n.Name.Value, Type(n.Type))
    {
        Description = n.Description?.Value,
        Arguments = Inputs(n.Arguments),
        DeprecationReason = DeprecationReason(n),
        AppliedDirectives = Applied([n]),
        Node = n,
        Resolver = code?.Resolver,
        Subscribe = code?.Subscribe,
    };

    private InputValueDefinition[] Inputs(IEnumerable<InputValueDefinitionNode> nodes) =>
    [
        .. nodes.Select(n => new InputValueDefinition(n.Name.Value, Type(n.Type))
        {
            Description = n.Description?.Value,
            DefaultValue = n.DefaultValue,
            DeprecationReason = DeprecationReason(n),
            AppliedDirectives = Applied([n]),
            Node = n,
        }),
    ];

    private static EnumValueDefinition EnumValue(EnumValueDefinitionNode n) => new(n.Name.Value)
    {
        Description = n.Description?.Value,
        DeprecationReason = DeprecationReason(n),
        AppliedDirectives = Applied([n]),
        Node = n,
    };

    private DirectiveDefinition Directive(DirectiveDefinitionNode n) => new(n.Name.Value, [.. n.Locations.Select(static l => l.Value)])
    {
        Description = n.Description?.Value,
        IsRepeatable = n.Repeatable,
        Arguments = Inputs(n.Arguments),
        Node = n,
    };

    private GraphQLType Type(TypeNode node) => node switch
    {
        NamedTypeNode n => Named(n.Name.Value) ?? throw new UnreachableException(n.Name.Value),
        ListTypeNode n => new ListType(Type(n.Type)),
        NonNullTypeNode n => new NonNullType(Type(n.Type)),
        _ => throw new UnreachableException(node.GetType().Name),
    };

    private static string? DeprecationReason(TypeSystemDefinitionNode node) =>
        node.Directives.Any(static d => d.Name.Value == "deprecated")
            ? StringArgument([node], "deprecated", "reason") ?? SpecifiedDirectives.DefaultDeprecationReason
            : null;

    private static string? StringArgument(IReadOnlyList<TypeSystemDefinitionNode> nodes, string directive, string argument) =>
        nodes.SelectMany(static n => n.Directives).FirstOrDefault(d => d.Name.Value == directive)?
            .Arguments.FirstOrDefault(a => a.Name.Value == argument)?.Value is StringValueNode text ? text.Value : null;

    /// <summary>All but the directives that became properties.</summary>
    private static AppliedDirective[] Applied(IReadOnlyList<TypeSystemDefinitionNode> nodes) =>
    [
        .. nodes.SelectMany(static n => n.Directives).Where(static d => d.Name.Value is not ("deprecated" or "specifiedBy" or "oneOf"))
            .Select(static d => new AppliedDirective(d.Name.Value, d.Arguments) { Node = d }),
    ];
}
