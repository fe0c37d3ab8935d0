using System.Reflection;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>Marks an [ID] with the type name that its ids must have; null for any.</summary>
internal sealed record IdUse(string? TypeName);

/// <summary>The types of the schema that is being built, by name and by CLR type. Used by one thread, until the schema is done.</summary>
internal sealed class TypeRegistry : ITypeRegistry
{
    private readonly Dictionary<string, NamedType> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, NamedType> _outputs = [];
    private readonly Dictionary<Type, NamedType> _inputs = [];
    private readonly XmlDocumentation _documentation = new();
    private readonly TypeMapper _mapper;
    private readonly InputTypes _inputTypes;
    private readonly SchemaParts _parts;

    public TypeRegistry(SchemaParts parts)
    {
        _parts = parts;
        NodeIds = new NodeIds(parts.IdCodecs, FormerNames(parts));
        _mapper = new TypeMapper(this);
        _inputTypes = new InputTypes(this);
        Fields = new ObjectFields(this, parts);
    }

    public NodeIds NodeIds { get; }
    public ObjectFields Fields { get; }
    public SchemaParts Parts => _parts;
    public GraphQLLimits Limits => _parts.Limits;
    public List<string> Problems { get; } = [];
    public IEnumerable<NamedType> All => _byName.Values;

    private static Dictionary<string, string> FormerNames(SchemaParts parts) => parts.Classes
        .Select(c => (Name: Naming.Type(c), c.GetCustomAttribute<NodeAttribute>()?.FormerName))
        .Where(c => c.FormerName is not null).ToDictionary(c => c.FormerName!, c => c.Name, StringComparer.Ordinal);

    public NamedType? Find(string name) => _byName.GetValueOrDefault(name);

    public T GetOrAdd<T>(string name, Func<T> make) where T : NamedType
    {
        if (_byName.TryGetValue(name, out var known))
            return known as T ?? throw new InvalidOperationException($"The type name {name} is used for {known.GetType().Name} and for {typeof(T).Name}.");
        var made = make();
        _byName[made.Name] = made;
        return made;
    }

    public ScalarType Scalar(string name) => GetOrAdd(name, () => _parts.Scalars.GetValueOrDefault(name) ?? Scalars.ByName(name)
        ?? throw new InvalidOperationException($"There is no scalar {name}; add one with AddScalar."));

    public NamedType Output(Type clrType) => Get(_outputs, clrType, Leaf(clrType) ?? Composite(clrType));

    public NamedType Input(Type clrType) => Get(_inputs, clrType, Leaf(clrType) ?? InputClass(clrType));

    public string NameOf(MemberInfo member) => member is Type t ? Naming.Type(t) : Naming.Field(member);

    public string? DescriptionOf(MemberInfo member) => member.GetCustomAttribute<GraphQLDescriptionAttribute>()?.Text ?? _documentation.Of(member)
        ?? OfId(member.Name, member.GetCustomAttribute<IDAttribute>());

    public string? DescriptionOf(ParameterInfo parameter) => parameter.GetCustomAttribute<GraphQLDescriptionAttribute>()?.Text ?? _documentation.Of(parameter)
        ?? (parameter.Name == "input" ? MutationConvention.InputDescription : OfId(parameter.Name!, parameter.GetCustomAttribute<IDAttribute>()));

    /// <summary>What an undocumented <c>id</c> is.</summary>
    private static string? OfId(string name, IDAttribute? id) => id is null || !name.Equals("id", StringComparison.OrdinalIgnoreCase) ? null
        : id.TypeName is { } type ? $"The ID of the {Words.Of(type)}." : NodeFields.IdDescription;

    public GraphQLType OutputOf(MemberInfo member) => _mapper.Output(member, member.GetCustomAttribute<IDAttribute>() is not null);

    public GraphQLType OutputOf(ParameterInfo returned, Type clrType, bool isBatch, bool isId) => _mapper.Output(returned, clrType, isBatch, isId);

    public GraphQLType InputOf(PropertyInfo property, bool isId) => _mapper.Input(property, isId);

    public GraphQLType InputOf(ParameterInfo parameter, bool isId) => _mapper.Input(parameter, isId);

    public ValueNode? Literal(string text, MemberInfo where)
    {
        try
        {
            return Literals.Parse(text);
        }
        catch (Exception e) when (e is FormatException or SyntaxException)
        {
            Problems.Add($"The default `{text}` of {where.DeclaringType?.Name}.{where.Name} is not a GraphQL literal: {e.Message}");
            return null;
        }
    }

    /// <summary>The literal of a C# default; null when it is null or has no literal.</summary>
    public ValueNode? Literal(object? value, Type type) => Literals.Of(value, type, e => ((EnumType)Input(e)).Values);

    private static NamedType Get(Dictionary<Type, NamedType> map, Type clrType, Func<NamedType> make)
    {
        if (map.TryGetValue(clrType, out var known))
            return known;
        var made = make();
        map[clrType] = made;
        return made;
    }

    private Func<NamedType>? Leaf(Type type)
    {
        if (_parts.ScalarBindings.TryGetValue(type, out var bound) || (bound = ClrTypes.ScalarName(type)) is not null)
            return () => Scalar(bound);
        return type.IsEnum ? () => GetOrAdd(Naming.Type(type), () => MakeEnum(type)) : null;
    }

    private Func<NamedType> Composite(Type type)
    {
        if (type.IsGenericParameter || type.IsPointer || type.IsPrimitive || type == typeof(void))
            throw new InvalidOperationException($"{type} has no GraphQL type.");
        return () => GetOrAdd(Naming.Type(type), () => Fields.Make(type));
    }

    private Func<NamedType> InputClass(Type type) => type.IsInterface || type.IsAbstract
        ? throw new InvalidOperationException($"{type} cannot be an input type.")
        : () => GetOrAdd(Naming.Input(type), () => _inputTypes.Make(type));

    private EnumType MakeEnum(Type type) => new(Naming.Type(type),
    [
        .. type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(f => f.GetCustomAttribute<GraphQLIgnoreAttribute>() is null)
            .Select(f => new EnumValueDefinition(Naming.EnumValue(f))
            {
                Value = f.GetValue(null)!,
                Description = DescriptionOf(f) ?? OfFramework(type, f.Name),
                DeprecationReason = f.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason,
                FormerName = f.GetCustomAttribute<FormerNameAttribute>()?.Name,
            }),
    ])
    {
        ClrType = type,
        Description = DescriptionOf(type) ?? OfFramework(type, Words.One(Naming.Type(type))),
    };

    /// <summary>The documentation of .NET's own types is not beside the program.</summary>
    private static string? OfFramework(Type type, string words) => type.Assembly == typeof(object).Assembly ? Naming.Pascal(words) + "." : null;
}
