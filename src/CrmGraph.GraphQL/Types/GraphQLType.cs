using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Types;

/// <summary>A type of the schema, named or wrapping (section 3.4).</summary>
public abstract class GraphQLType
{
    /// <summary>The named type under all lists and non-nulls.</summary>
    public abstract NamedType Named { get; }
    public bool IsInput => Named is ScalarType or EnumType or InputObjectType;
    public bool IsOutput => Named is not InputObjectType;
    /// <summary>This type without a non-null around it.</summary>
    public GraphQLType Nullable => this is NonNullType n ? n.OfType : this;
}

public sealed class ListType(GraphQLType ofType) : GraphQLType
{
    public GraphQLType OfType { get; } = ofType;
    public override NamedType Named => OfType.Named;
    public override string ToString() => $"[{OfType}]";
}

public sealed class NonNullType(GraphQLType ofType) : GraphQLType
{
    public GraphQLType OfType { get; } = ofType is NonNullType ? throw new ArgumentException("Non-null of non-null.", nameof(ofType)) : ofType;
    public override NamedType Named => OfType.Named;
    public override string ToString() => $"{OfType}!";
}

/// <summary>A directive as applied to a schema element, printed with it: <c>@cost(weight: "10")</c>.</summary>
public sealed record AppliedDirective(string Name, IReadOnlyList<ArgumentNode> Arguments)
{
    /// <summary>Where the directive stands in SDL; null when made in code.</summary>
    public DirectiveNode? Node { get; init; }
}

/// <summary>
/// A type with a name. Members that refer to other types are given as functions and read once, so that types may refer to each
/// other in circles; after that a type does not change.
/// </summary>
public abstract class NamedType(string name) : GraphQLType
{
    public string Name { get; } = name;
    public string? Description { get; init; }
    public IReadOnlyList<AppliedDirective> AppliedDirectives { get; init; } = [];
    /// <summary>The SDL definition and its extensions, when the type came from SDL.</summary>
    public IReadOnlyList<TypeDefinitionNode> Nodes { get; init; } = [];
    public override NamedType Named => this;
    public override string ToString() => Name;
}

public abstract class CompositeType(string name) : NamedType(name);

/// <summary>Object and interface types: what has fields and implements interfaces.</summary>
public abstract class FieldsType(string name, Func<IReadOnlyList<FieldDefinition>> fields, Func<IReadOnlyList<InterfaceType>>? interfaces) : CompositeType(name)
{
    private readonly Lazy<IReadOnlyList<FieldDefinition>> _fields = new(fields);
    private readonly Lazy<IReadOnlyList<InterfaceType>> _interfaces = new(interfaces ?? (static () => []));
    private Dictionary<string, FieldDefinition>? _byName;

    public IReadOnlyList<FieldDefinition> Fields => _fields.Value;
    public IReadOnlyList<InterfaceType> Interfaces => _interfaces.Value;

    /// <summary>The interfaces as SDL names them: until the schema is checked they may be other types.</summary>
    public IReadOnlyList<string> InterfaceNames
        => Nodes.Count == 0 ? [.. Interfaces.Select(static i => i.Name)] : [.. InterfaceNodes.Select(static n => n.Name.Value)];

    public IEnumerable<NamedTypeNode> InterfaceNodes => Nodes.SelectMany(static n => n switch
    {
        ObjectTypeDefinitionNode o => o.Interfaces,
        InterfaceTypeDefinitionNode i => i.Interfaces,
        _ => [],
    });

    public FieldDefinition? Field(string name)
    {
        var map = _byName ??= ByName();
        return map.GetValueOrDefault(name);
    }

    private Dictionary<string, FieldDefinition> ByName()
    {
        var map = new Dictionary<string, FieldDefinition>(StringComparer.Ordinal);
        foreach (var f in Fields)
            map.TryAdd(f.Name, f);
        return map;
    }
}

public sealed class ObjectType(string name, Func<IReadOnlyList<FieldDefinition>> fields, Func<IReadOnlyList<InterfaceType>>? interfaces = null)
    : FieldsType(name, fields, interfaces)
{
    /// <summary>The CLR type whose instances are this type's values, when known; used to find the type of a value of an abstract type.</summary>
    public Type? ClrType { get; init; }
}

public sealed class InterfaceType(string name, Func<IReadOnlyList<FieldDefinition>> fields, Func<IReadOnlyList<InterfaceType>>? interfaces = null)
    : FieldsType(name, fields, interfaces)
{
    /// <summary>The name of the object type of a value; when null, the object type whose CLR type fits is taken.</summary>
    public Func<object, string?>? ResolveType { get; init; }
}

public sealed class UnionType(string name, Func<IReadOnlyList<ObjectType>> types) : CompositeType(name)
{
    private readonly Lazy<IReadOnlyList<ObjectType>> _types = new(types);
    public IReadOnlyList<ObjectType> Types => _types.Value;

    /// <summary>The members as SDL names them: until the schema is checked they may be no object types.</summary>
    public IReadOnlyList<string> MemberNames => Nodes.Count == 0 ? [.. Types.Select(static t => t.Name)] : [.. MemberNodes.Select(static n => n.Name.Value)];

    public IEnumerable<NamedTypeNode> MemberNodes => Nodes.OfType<UnionTypeDefinitionNode>().SelectMany(static n => n.Types);

    public Func<object, string?>? ResolveType { get; init; }
}

public sealed class EnumType(string name, IReadOnlyList<EnumValueDefinition> values) : NamedType(name)
{
    private readonly Dictionary<string, EnumValueDefinition> _byName = First(values);
    public IReadOnlyList<EnumValueDefinition> Values { get; } = values;
    public Type? ClrType { get; init; }
    public EnumValueDefinition? Value(string name) => _byName.GetValueOrDefault(name);

    private static Dictionary<string, EnumValueDefinition> First(IReadOnlyList<EnumValueDefinition> values)
    {
        var map = new Dictionary<string, EnumValueDefinition>(StringComparer.Ordinal);
        foreach (var v in values)
            map.TryAdd(v.Name, v);
        foreach (var v in values.Where(static v => v.FormerName is not null))
            map.TryAdd(v.FormerName!, v);
        return map;
    }
}

public sealed class EnumValueDefinition(string name)
{
    public string Name { get; } = name;
    /// <summary>The CLR value; the name when there is none.</summary>
    public object Value { get; init; } = name;
    public string? Description { get; init; }
    public string? DeprecationReason { get; init; }
    /// <summary>A name under which it is understood as well; it is no part of the schema.</summary>
    public string? FormerName { get; init; }
    public IReadOnlyList<AppliedDirective> AppliedDirectives { get; init; } = [];
    public EnumValueDefinitionNode? Node { get; init; }
}

/// <summary>
/// An input object. Its coerced value is an <see cref="InputObject"/>, or what <see cref="Bind"/> makes of it.
/// </summary>
public sealed class InputObjectType(string name, Func<IReadOnlyList<InputValueDefinition>> fields) : NamedType(name)
{
    private readonly Lazy<IReadOnlyList<InputValueDefinition>> _fields = new(fields);
    private Dictionary<string, InputValueDefinition>? _byName;

    public IReadOnlyList<InputValueDefinition> Fields => _fields.Value;
    public bool IsOneOf { get; init; }
    public Type? ClrType { get; init; }
    /// <summary>Makes the CLR value from the coerced fields; null keeps the <see cref="InputObject"/>.</summary>
    public Func<InputObject, object>? Bind { get; init; }
    /// <summary>Whatever the part of the product that made this type wants to find again.</summary>
    public object? Tag { get; init; }

    public InputValueDefinition? Field(string name)
    {
        if (_byName is null)
        {
            var map = new Dictionary<string, InputValueDefinition>(StringComparer.Ordinal);
            foreach (var f in Fields)
                map.TryAdd(f.Name, f);
            _byName = map;
        }

        return _byName.GetValueOrDefault(name);
    }
}

/// <summary>The coerced value of an input object: only the fields that were given or have a default, in the order of the type's definition.</summary>
public sealed class InputObject(InputObjectType type, IReadOnlyDictionary<string, object?> fields)
{
    public InputObjectType Type { get; } = type;
    public IReadOnlyDictionary<string, object?> Fields { get; } = fields;
}

/// <summary>A field of an object or interface (section 3.6).</summary>
public sealed class FieldDefinition(string name, GraphQLType type)
{
    private IReadOnlyList<InputValueDefinition> _arguments = [];
    public string Name { get; } = name;
    public GraphQLType Type { get; } = type;
    public string? Description { get; init; }
    public IReadOnlyList<InputValueDefinition> Arguments { get => _arguments; init => _arguments = value; }
    public string? DeprecationReason { get; init; }
    public IReadOnlyList<AppliedDirective> AppliedDirectives { get; init; } = [];
    public FieldDefinitionNode? Node { get; init; }
    /// <summary>How the field gets its values. Null on interfaces and on schemas made from SDL.</summary>
    public FieldResolver? Resolver { get; init; }
    /// <summary>For plain properties: reads the value from one parent without a resolver call. Preferred to <see cref="Resolver"/>.</summary>
    public FieldReader? Reader { get; init; }
    /// <summary>The properties of its parents that <see cref="Resolver"/> reads; null when they are not known, so that it must get whole objects.</summary>
    public IReadOnlyList<string>? ParentProperties { get; init; }
    /// <summary>For subscription root fields: opens the stream of events.</summary>
    public SubscribeResolver? Subscribe { get; init; }
    /// <summary>For fields that know better than their directives what a request of them costs.</summary>
    public FieldPricing? Pricing { get; init; }
    /// <summary>The share of its weight that an argument costs here: less than 1 where one statement does it for many parents.</summary>
    public double ArgumentShare { get; init; } = 1;
    /// <summary>How often the field may read from outside: never (0), once, or more than once (2). See <see cref="ReadScope"/>.</summary>
    public int Reads { get; init; }
    /// <summary>Whatever the part of the product that made this field wants to find again.</summary>
    public object? Tag { get; init; }

    public InputValueDefinition? Argument(string name)
    {
        foreach (var a in _arguments)
            if (a.Name == name)
                return a;
        return null;
    }
}

/// <summary>An argument or an input field.</summary>
public sealed class InputValueDefinition(string name, GraphQLType type)
{
    public string Name { get; } = name;
    public GraphQLType Type { get; } = type;
    public string? Description { get; init; }
    /// <summary>The default as written in SDL; null when there is none.</summary>
    public ValueNode? DefaultValue { get; init; }
    public string? DeprecationReason { get; init; }
    public IReadOnlyList<AppliedDirective> AppliedDirectives { get; init; } = [];
    public InputValueDefinitionNode? Node { get; init; }
    /// <summary>How many times the price of what a value holds counts: for conditions that are looked at once for each of several rows.</summary>
    public double InnerTimes { get; init; } = 1;
    /// <summary>Whatever the part of the product that made this field wants to find again.</summary>
    public object? Tag { get; init; }
    /// <summary>Section 3.6.1: non-null without a default.</summary>
    public bool IsRequired => Type is NonNullType && DefaultValue is null;
}
