using System.Diagnostics;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Types;

/// <summary>
/// Introspection (section 4): ordinary object types with resolvers, the same for every schema. The only special thing is how the three meta
/// fields are found, <see cref="MetaField"/>.
/// </summary>
public static class Introspection
{
    private const double SchemaCost = 5_000;
    private const double TypeCost = 100;
    private static readonly NonNullType RequiredString = new(Scalars.String);
    private static readonly NonNullType RequiredBoolean = new(Scalars.Boolean);

    public static EnumType TypeKind { get; } = new("__TypeKind",
    [
        new("SCALAR") { Description = "A scalar." },
        new("OBJECT") { Description = "An object; it has `fields` and `interfaces`." },
        new("INTERFACE") { Description = "An interface; it has `fields`, `interfaces` and `possibleTypes`." },
        new("UNION") { Description = "A union; it has `possibleTypes`." },
        new("ENUM") { Description = "An enum; it has `enumValues`." },
        new("INPUT_OBJECT") { Description = "An input object; it has `inputFields`." },
        new("LIST") { Description = "A list; it has `ofType`." },
        new("NON_NULL") { Description = "A type that is never null; it has `ofType`." },
    ])
    {
        Description = "Which kind of type a `__Type` is.",
    };

    public static EnumType DirectiveLocation { get; } = new("__DirectiveLocation", [.. DirectiveLocations.All.Select(static l => new EnumValueDefinition(l))])
    {
        Description = "Where a directive may stand.",
    };

    public static ObjectType EnumValueType { get; } = new("__EnumValue", static () =>
    [
        Field<EnumValueDefinition>("name", RequiredString, static v => v.Name),
        Field<EnumValueDefinition>("description", Scalars.String, static v => v.Description),
        Field<EnumValueDefinition>("isDeprecated", RequiredBoolean, static v => v.DeprecationReason is not null),
        Field<EnumValueDefinition>("deprecationReason", Scalars.String, static v => v.DeprecationReason),
    ])
    {
        Description = "A value of an enum.",
    };

    public static ObjectType InputValueType { get; } = new("__InputValue", static () =>
    [
        Field<InputValueDefinition>("name", RequiredString, static v => v.Name),
        Field<InputValueDefinition>("description", Scalars.String, static v => v.Description),
        Field<InputValueDefinition>("type", new NonNullType(Type!), static v => v.Type),
        Field<InputValueDefinition>(
            "defaultValue",
            Scalars.String,
            static v => v.DefaultValue is null ? null : Printer.Print(v.DefaultValue),
            "The default, written as in GraphQL."),
        Field<InputValueDefinition>("isDeprecated", RequiredBoolean, static v => v.DeprecationReason is not null),
        Field<InputValueDefinition>("deprecationReason", Scalars.String, static v => v.DeprecationReason),
    ])
    {
        Description = "An argument of a field or directive, or a field of an input object.",
    };

    public static ObjectType FieldType { get; } = new("__Field", static () =>
    [
        Field<FieldDefinition>("name", RequiredString, static f => f.Name),
        Field<FieldDefinition>("description", Scalars.String, static f => f.Description),
        Filtered<FieldDefinition>("args", Required(InputValueType), static (f, all) => Inputs(f.Arguments, all)),
        Field<FieldDefinition>("type", new NonNullType(Type!), static f => f.Type),
        Field<FieldDefinition>("isDeprecated", RequiredBoolean, static f => f.DeprecationReason is not null),
        Field<FieldDefinition>("deprecationReason", Scalars.String, static f => f.DeprecationReason),
    ])
    {
        Description = "A field of an object or interface.",
    };

    public static ObjectType Type { get; } = new("__Type", static () =>
    [
        Field<GraphQLType>("kind", new NonNullType(TypeKind), KindOf),
        Field<GraphQLType>("name", Scalars.String, static t => (t as NamedType)?.Name),
        Field<GraphQLType>("description", Scalars.String, static t => (t as NamedType)?.Description),
        Field<GraphQLType>("specifiedByURL", Scalars.String, static t => (t as ScalarType)?.SpecifiedByUrl, "For scalars."),
        Filtered<GraphQLType>("fields", Items(FieldType), static (t, all) =>
            t is FieldsType f ? all ? f.Fields : f.Fields.Where(static x => x.DeprecationReason is null).ToArray() : null, "For objects and interfaces."),
        Field<GraphQLType>("interfaces", Items(Type!), static t => (t as FieldsType)?.Interfaces, "For objects and interfaces."),
        new("possibleTypes", Items(Type!))
        {
            Description = "For interfaces and unions.",
            Resolver = static context => Each<GraphQLType>(
                context,
                t => t is InterfaceType or UnionType ? context.Schema.PossibleTypes((CompositeType)t).ToArray() : null),
        },
        Filtered<GraphQLType>("enumValues", Items(EnumValueType), static (t, all) =>
            t is EnumType e ? all ? e.Values : e.Values.Where(static x => x.DeprecationReason is null).ToArray() : null, "For enums."),
        Filtered<GraphQLType>(
            "inputFields",
            Items(InputValueType),
            static (t, all) => t is InputObjectType i ? Inputs(i.Fields, all) : null,
            "For input objects."),
        Field<GraphQLType>(
            "ofType",
            Type!,
            static t => t switch { ListType l => l.OfType, NonNullType n => n.OfType, _ => null },
            "For lists and non-null types."),
        Field<GraphQLType>(
            "isOneOf",
            Scalars.Boolean,
            static t => (t as InputObjectType)?.IsOneOf,
            "For input objects: whether exactly one field must be given."),
    ])
    {
        Description = "A type. Which fields are not null depends on its kind.",
    };

    public static ObjectType Directive { get; } = new("__Directive", static () =>
    [
        Field<DirectiveDefinition>("name", RequiredString, static d => d.Name),
        Field<DirectiveDefinition>("description", Scalars.String, static d => d.Description),
        Field<DirectiveDefinition>("isRepeatable", RequiredBoolean, static d => d.IsRepeatable),
        Field<DirectiveDefinition>("locations", Required(DirectiveLocation), static d => d.Locations),
        Filtered<DirectiveDefinition>("args", Required(InputValueType), static (d, all) => Inputs(d.Arguments, all)),
    ])
    {
        Description = "A directive that this server knows.",
    };

    public static ObjectType SchemaType { get; } = new("__Schema", static () =>
    [
        Field<Schema>("description", Scalars.String, static s => s.Description),
        Field<Schema>("types", Required(Type), static s => s.Types.Concat(Types!).ToArray(), "All types."),
        Field<Schema>("queryType", new NonNullType(Type), static s => s.QueryType, "Where queries begin."),
        Field<Schema>("mutationType", Type, static s => s.MutationType, "Where mutations begin, if there are any."),
        Field<Schema>("subscriptionType", Type, static s => s.SubscriptionType, "Where subscriptions begin, if there are any."),
        Field<Schema>("directives", Required(Directive), static s => s.Directives, "All directives."),
    ])
    {
        Description = "What this server can do: its types, directives and root types.",
    };

    /// <summary>The introspection types. They are in every schema though <see cref="Schema.Types"/> does not list them.</summary>
    public static IReadOnlyList<NamedType> Types { get; }
        = [SchemaType, Type, TypeKind, FieldType, InputValueType, EnumValueType, Directive, DirectiveLocation];

    public static FieldDefinition SchemaField { get; } = new("__schema", new NonNullType(SchemaType))
    {
        Description = "The schema of this server.",
        // All of it is far more than one object: a hundred of them in one operation would be a flood.
        AppliedDirectives = [CostDirectives.Cost(SchemaCost)],
        Resolver = static context => new(Enumerable.Repeat<object?>(context.Schema, context.Parents.Count).ToArray()),
    };

    public static FieldDefinition TypeField { get; } = new("__type", Type)
    {
        Description = "The type of this name.",
        AppliedDirectives = [CostDirectives.Cost(TypeCost)],
        Arguments = [new("name", RequiredString)],
        Resolver = static context => new(Enumerable.Repeat<object?>(context.Schema.Type(context.Argument<string>("name")!), context.Parents.Count).ToArray()),
    };

    public static FieldDefinition TypenameField { get; } = new("__typename", RequiredString)
    {
        Description = "The name of this object's type.",
        Resolver = static context => new(Enumerable.Repeat<object?>(context.ParentType.Name, context.Parents.Count).ToArray()),
    };

    /// <summary>A meta field that may be selected on this type (section 4.2): <c>__typename</c> everywhere, the others on the query root.</summary>
    public static FieldDefinition? MetaField(Schema schema, CompositeType parentType, string name) => name switch
    {
        "__typename" => TypenameField,
        "__schema" when parentType == schema.QueryType => SchemaField,
        "__type" when parentType == schema.QueryType => TypeField,
        _ => null,
    };

    /// <summary>An introspection type by name.</summary>
    public static NamedType? TypeNamed(string name)
    {
        if (!name.StartsWith("__", StringComparison.Ordinal))
            return null;
        foreach (var type in Types)
            if (type.Name == name)
                return type;
        return null;
    }

    private static ListType Items(NamedType type) => new(new NonNullType(type));

    private static NonNullType Required(NamedType type) => new(Items(type));

    private static FieldDefinition Field<T>(string name, GraphQLType type, Func<T, object?> get, string? description = null)
        where T : class => new(name, type) { Description = description, Resolver = context => Each(context, get) };

    /// <summary>A field with the argument <c>includeDeprecated</c>.</summary>
    private static FieldDefinition Filtered<T>(string name, GraphQLType type, Func<T, bool, object?> get, string? description = null)
        where T : class => new(name, type)
        {
            Description = description,
            Arguments = [new("includeDeprecated", RequiredBoolean) { DefaultValue = new BooleanValueNode(false) }],
            Resolver = context =>
            {
                var all = context.Argument<bool>("includeDeprecated");
                return Each<T>(context, parent => get(parent, all));
            },
        };

    private static ValueTask<IReadOnlyList<object?>> Each<T>(ResolverContext context, Func<T, object?> get)
        where T : class
    {
        var values = new object?[context.Parents.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = get((T)context.Parents[i]!);
        return new(values);
    }

    private static IReadOnlyList<InputValueDefinition> Inputs(IReadOnlyList<InputValueDefinition> inputs, bool all) =>
        all ? inputs : inputs.Where(static i => i.DeprecationReason is null).ToArray();

    private static string KindOf(GraphQLType type) => type switch
    {
        ScalarType => "SCALAR",
        ObjectType => "OBJECT",
        InterfaceType => "INTERFACE",
        UnionType => "UNION",
        EnumType => "ENUM",
        InputObjectType => "INPUT_OBJECT",
        ListType => "LIST",
        NonNullType => "NON_NULL",
        _ => throw new UnreachableException(type.GetType().Name),
    };
}
