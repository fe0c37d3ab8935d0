using System.Reflection;
using System.Runtime.CompilerServices;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>Makes object types, interfaces and unions of CLR types, and their fields of properties and methods.</summary>
internal sealed class ObjectFields(TypeRegistry types, SchemaParts parts)
{
    private readonly ResolverCompiler _compiler = new(types);

    public NamedType Make(Type type)
    {
        var name = Naming.Type(type);
        if (type.IsDefined(typeof(UnionTypeAttribute), false))
            return new UnionType(name, () => [.. Implementations(type)]) { Description = types.DescriptionOf(type) };
        if (type.IsDefined(typeof(InterfaceTypeAttribute), false))
            return new InterfaceType(name, () => All(type, name, []), () => Interfaces(type)) { Description = types.DescriptionOf(type) };
        return new ObjectType(name, () => All(type, name, []), () => Interfaces(type)) { Description = types.DescriptionOf(type), ClrType = type };
    }

    public IEnumerable<ObjectType> Implementations(Type abstraction) => parts.Classes
        .Where(c => c != abstraction && abstraction.IsAssignableFrom(c) && !c.IsDefined(typeof(GraphQLIgnoreAttribute)))
        .Select(c => types.Output(c)).OfType<ObjectType>().Distinct();

    /// <summary>A root type of its classes' methods and of what is added by name.</summary>
    public ObjectType Root(
        string name,
        string description,
        IReadOnlyList<Type> classes,
        Func<MethodInfo, FieldDefinition?> make,
        IReadOnlyList<FieldDefinition> more) =>
        new(name, () => All(null, name, [.. more, .. classes.SelectMany(Methods).Select(make).OfType<FieldDefinition>()])) { Description = description };

    /// <summary>The field of a method; null, and a problem noted, when it cannot be one.</summary>
    public FieldDefinition? FromMethod(MethodInfo method, Type? parent) => Try(method, () =>
    {
        var arguments = new List<InputValueDefinition>();
        var compiled = _compiler.Compile(method, parent, arguments, null);
        var id = method.GetCustomAttribute<IDAttribute>();
        var field = new FieldBuilder
        {
            Name = Naming.Field(method),
            Description = types.DescriptionOf(method),
            DeprecationReason = method.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason,
            Member = method,
            DeclaringClrType = parent ?? method.DeclaringType!,
            ResultClrType = compiled.ResultType,
            OwnType = () => types.OutputOf(method.ReturnParameter, compiled.ResultType, compiled.IsBatch, id is not null),
            Resolver = compiled.ToResolver(),
            ParentProperties = ParentProperties(method, parent),
            Reads = compiled.UsesServices ? 1 : 0,
        };
        field.Arguments.AddRange(arguments);
        if (id is not null)
            FormatIds(field, id.TypeName, parent);
        return Finish(field);
    });

    private static IReadOnlyList<string>? ParentProperties(MethodInfo method, Type? parent)
    {
        var parameters = method.GetParameters();
        if (parameters.Select(p => p.GetCustomAttribute<ParentAttribute>()).FirstOrDefault(a => a is not null) is { } attribute)
            return attribute.Requires?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // Through the context all parents can be seen.
        if (parameters.Any(p => p.ParameterType == parent || p.ParameterType == typeof(ResolverContext)))
            return null;
        return [];
    }

    public T? Try<T>(MemberInfo member, Func<T> make) where T : class
    {
        try
        {
            return make();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            types.Problems.Add($"{member.DeclaringType?.Name}.{member.Name}: {e.Message}");
            return null;
        }
    }

    /// <summary>Applies the attributes in their order and makes the definition.</summary>
    public FieldDefinition Finish(FieldBuilder field)
    {
        var resolver = field.Resolver;
        var reader = field.Reader;
        var wrappers = field.Member.GetCustomAttributes<FieldAttribute>(true).Select(a => (a.Order, Apply: (Action)(() => a.Configure(field, types)))).ToList();
        foreach (var authorize in Authorizations(field.Member))
            wrappers.Add((1000, () => Authorize(field, authorize)));
        foreach (var (_, apply) in wrappers.OrderBy(w => w.Order))
            apply();
        if (!ReferenceEquals(resolver, field.Resolver) && ReferenceEquals(reader, field.Reader))
            field.Reader = null;
        Price(field);
        return new FieldDefinition(field.Name, field.Type)
        {
            Description = field.Description,
            DeprecationReason = field.DeprecationReason,
            Arguments = field.Arguments,
            AppliedDirectives = field.Directives,
            Resolver = field.Resolver,
            Reader = field.Reader,
            ParentProperties = field.ParentProperties,
            Subscribe = field.Subscribe,
            Pricing = field.Pricing,
            ArgumentShare = field.ArgumentShare,
            Reads = field.Reads,
            Tag = field.Tag,
        };
    }

    public static IEnumerable<MethodInfo> Methods(Type type)
    {
        var methods = type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
        var streams = methods.Select(m => m.GetCustomAttribute<SubscribeAttribute>()?.With).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return methods.Where(m => !m.IsSpecialName && !m.IsGenericMethodDefinition && !m.IsDefined(typeof(GraphQLIgnoreAttribute))
            && !m.IsDefined(typeof(NodeResolverAttribute)) && !m.IsDefined(typeof(ExtensionAttribute)) && !streams.Contains(m.Name));
    }

    // What an attribute says goes before what another attribute has added, and that before what is usual for fields that wait for something.
    private void Price(FieldBuilder field)
    {
        if (field.Member.GetCustomAttribute<ListSizeAttribute>() is { } size)
            Replace(field.Directives, CostDirectives.ListSize(size.Size));
        if (field.Member.GetCustomAttribute<CostAttribute>() is { } cost)
            Replace(field.Directives, CostDirectives.Cost(cost.Weight));
        else if (field.Directives.TrueForAll(d => d.Name != CostDirectives.CostName) && UsualCost(field) is { } usual)
            field.Directives.Add(CostDirectives.Cost(usual));
    }

    private double? UsualCost(FieldBuilder field) => parts.AsynchronousCost is not { } costs || field.Member is not MethodInfo method ? null
        : method.IsDefined(typeof(BatchResolverAttribute)) ? costs.AllParents
        : field.Subscribe is not null || ClrTypes.AwaitedType(method.ReturnType) is not null ? costs.EachParent
        : null;

    private static void Replace(List<AppliedDirective> directives, AppliedDirective directive)
    {
        directives.RemoveAll(d => d.Name == directive.Name);
        directives.Add(directive);
    }

    private List<FieldDefinition> All(Type? type, string name, List<FieldDefinition> fields)
    {
        if (type is not null)
            fields.AddRange(Properties(type).Select(p => FromProperty(p, type)).OfType<FieldDefinition>());
        foreach (var (target, extension) in parts.Extensions)
            if (type is not null && target.IsAssignableFrom(type))
                Extend(fields, Methods(extension), type);
        foreach (var (target, extension) in parts.NamedExtensions)
            if (target == name)
                Extend(fields, Methods(extension), type);
        foreach (var (target, make) in parts.MadeFields)
            if (type is not null && target.IsAssignableFrom(type))
                Merge(fields, make(types));
        foreach (var (target, make) in parts.NamedMadeFields)
            if (target == name)
                Merge(fields, make(types));
        var twice = fields.GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            types.Problems.Add($"{name}.{twice.Key} is defined {twice.Count()} times; rename one or use [BindMember] to replace a property.");
        return fields;
    }

    private void Extend(List<FieldDefinition> fields, IEnumerable<MethodInfo> methods, Type? type)
    {
        foreach (var method in methods)
        {
            if (FromMethod(method, type) is not { } field)
                continue;
            var replaced = method.GetCustomAttribute<BindMemberAttribute>() is { } bind ? Naming.Camel(bind.Member) : null;
            var at = fields.FindIndex(f => f.Name == (replaced ?? field.Name));
            if (replaced is not null && at >= 0)
                fields[at] = field;
            else
                fields.Add(field);
        }
    }

    private static void Merge(List<FieldDefinition> fields, IEnumerable<FieldDefinition> made)
    {
        foreach (var field in made)
        {
            var at = fields.FindIndex(f => f.Name == field.Name);
            if (at >= 0)
                fields[at] = field;
            else
                fields.Add(field);
        }
    }

    private static IEnumerable<PropertyInfo> Properties(Type type)
    {
        var sources = type.IsInterface ? type.GetInterfaces().Reverse().Append(type) : [type];
        return sources.SelectMany(s => s.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(p => p.GetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0 && !p.IsDefined(typeof(GraphQLIgnoreAttribute), true))
            .DistinctBy(p => p.Name);
    }

    private FieldDefinition? FromProperty(PropertyInfo property, Type type) => Try(property, () =>
    {
        var reader = PropertyReaders.Make(property, type);
        var field = new FieldBuilder
        {
            Name = Naming.Field(property),
            Description = types.DescriptionOf(property),
            DeprecationReason = property.GetCustomAttribute<GraphQLDeprecatedAttribute>()?.Reason,
            Member = property,
            DeclaringClrType = type,
            ResultClrType = property.PropertyType,
            OwnType = () => types.OutputOf(property),
            Resolver = PropertyReaders.Resolver(reader),
            Reader = reader,
        };
        if (property.GetCustomAttribute<IDAttribute>() is { } id)
            FormatIds(field, id.TypeName, type);
        return Finish(field);
    });

    // An [ID] without a type name is an id of the type that has the field. Strings are ids as they are, unless they belong to a node.
    private void FormatIds(FieldBuilder field, string? typeName, Type? owner)
    {
        var clr = Nullable.GetUnderlyingType(field.ResultClrType) ?? field.ResultClrType;
        var isNode = owner?.IsDefined(typeof(NodeAttribute), true) == true;
        if (clr == typeof(string) && typeName is null && !isNode)
            return;
        var name = typeName ?? (owner is null ? null : Naming.Type(owner));
        if (name is null)
            return;
        var ids = types.NodeIds;
        if (typeName is null && isNode && parts.NodeKeys.LastOrDefault(k => k.Target.IsAssignableFrom(owner)) is { Key: { } key, Properties: var properties })
        {
            var keyReader = new KeyReader(parent => ids.Format(name, key(parent)), properties, name);
            field.Reader = keyReader;
            field.Resolver = PropertyReaders.Resolver(keyReader);
        }
        else if (ClrTypes.Element(clr) is null)
        {
            if (!ids.Handles(clr))
                throw new InvalidOperationException($"[ID] cannot be of {clr.Name}; use Guid, a number, string, or a type with an id codec.");
            if (field.Reader is { } reader)
            {
                field.Reader = (FieldReader)Activator.CreateInstance(typeof(IdReader<>).MakeGenericType(reader.ValueType), reader, ids, name)!;
                field.Resolver = PropertyReaders.Resolver(field.Reader);
            }
            else
                field.Map<object, string>(types.Scalar("ID"), value => ids.Format(name, value));
        }
        else
        {
            var type = field.Type;
            field.Map<System.Collections.IEnumerable, List<string?>>(
                types.Scalar("ID"),
                list => [.. list.Cast<object?>().Select(v => v is null ? null : ids.Format(name, v))]);
            field.Type = type;
        }
    }

    private sealed class IdReader<T>(FieldReader<T> inner, NodeIds ids, string typeName) : FieldReader<string?>, ITableReader
    {
        public override bool IsPure => inner.IsPure;
        public override IReadOnlyList<string>? Properties => inner.Properties;
        public Column? FromTable(PlannedField field, ObjectGroup owner, ColumnarTable table) =>
            table.Source(this) is { } source ? TableColumns.Id(field, owner, source, typeName) : null;
        public override string? ReadValue(object parent) => inner.ReadValue(parent) switch
        {
            null => null,
            Guid guid => NodeIds.FormatGuid(typeName, guid),
            { } value => ids.Format(typeName, value),
        };
    }

    private sealed class KeyReader(Func<object, string> read, IReadOnlyList<string> properties, string typeName) : FieldReader<string>, ITableReader
    {
        public override bool IsPure => true;
        public override IReadOnlyList<string>? Properties => properties.Count == 0 ? null : properties;
        public Column? FromTable(PlannedField field, ObjectGroup owner, ColumnarTable table) =>
            properties.Count == 0 ? null : TableColumns.Key(field, owner, table, properties, typeName);
        public override string ReadValue(object parent) => read(parent);
    }

    private IReadOnlyList<InterfaceType> Interfaces(Type type)
    {
        var interfaces = SchemaParts.Abstractions(type).Where(a => a.IsDefined(typeof(InterfaceTypeAttribute), false)).Select(types.Output)
            .OfType<InterfaceType>()
            .ToList();
        if (type.IsDefined(typeof(NodeAttribute), true))
            interfaces.Insert(0, NodeFields.Interface(types));
        return interfaces;
    }

    private static IEnumerable<AuthorizeAttribute> Authorizations(MemberInfo member)
    {
        if (member.GetCustomAttribute<AuthorizeAttribute>() is { } own)
            yield return own;
        if (member.DeclaringType?.GetCustomAttribute<AuthorizeAttribute>() is { } ofClass)
            yield return ofClass;
    }

    private void Authorize(FieldBuilder field, AuthorizeAttribute authorize)
    {
        var check = parts.Authorization
            ?? throw new InvalidOperationException("[Authorize] needs an authorization check; give one with SchemaBuilder.UseAuthorization.");
        field.Resolver = Authorization.Wrap(field.Resolver, check, authorize.Roles ?? []);
        if (field.Subscribe is { } subscribe)
            field.Subscribe = Authorization.Wrap(subscribe, check, authorize.Roles ?? []);
    }
}
