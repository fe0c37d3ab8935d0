using System.Reflection;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>GraphQL types of members and parameters: lists and nullability as C# declares them.</summary>
internal sealed class TypeMapper(TypeRegistry types)
{
    private readonly NullabilityInfoContext _nullability = new();

    public GraphQLType Output(MemberInfo member, bool isId)
    {
        if (member.GetCustomAttribute<GraphQLTypeAttribute>() is { } explicitType)
            return TypeReference.Parse(explicitType.Type, Named);
        return member switch
        {
            PropertyInfo p => Map(p.PropertyType, _nullability.Create(p), Leaf(isId, types.Output), false),
            MethodInfo m => Output(m.ReturnParameter, ClrTypes.AwaitedType(m.ReturnType) ?? m.ReturnType, false, isId),
            _ => throw new ArgumentException($"{member} is neither a property nor a method.", nameof(member)),
        };
    }

    /// <summary>The type of a method's result: without its task and, for a batch, without the list around all results.</summary>
    public GraphQLType Output(ParameterInfo returned, Type clrType, bool isBatch, bool isId)
    {
        if ((returned.Member.GetCustomAttribute<GraphQLTypeAttribute>() ?? returned.GetCustomAttribute<GraphQLTypeAttribute>()) is { } explicitType)
            return TypeReference.Parse(explicitType.Type, Named);
        var info = _nullability.Create(returned);
        if (ClrTypes.AwaitedType(returned.ParameterType) is not null)
            info = info.GenericTypeArguments[0];
        if (!isBatch)
            return Map(clrType, info, Leaf(isId, types.Output), false);
        return Map(clrType, Inner(info), Leaf(isId, types.Output), false);
    }

    public GraphQLType Input(PropertyInfo property, bool isId) =>
        property.GetCustomAttribute<GraphQLTypeAttribute>() is { } explicitType ? TypeReference.Parse(explicitType.Type, Named)
            : Map(property.PropertyType, _nullability.Create(property), Leaf(isId, types.Input), true);

    public GraphQLType Input(ParameterInfo parameter, bool isId) =>
        parameter.GetCustomAttribute<GraphQLTypeAttribute>() is { } explicitType ? TypeReference.Parse(explicitType.Type, Named)
            : Map(parameter.ParameterType, _nullability.Create(parameter), Leaf(isId, types.Input), true);

    private Func<Type, NamedType> Leaf(bool isId, Func<Type, NamedType> named) => isId ? _ => types.Scalar("ID") : named;

    private NamedType Named(string name) => types.Find(name) ?? types.Scalar(name);

    private static GraphQLType Map(Type type, NullabilityInfo? info, Func<Type, NamedType> named, bool input)
    {
        if (ClrTypes.OptionalType(type) is { } inner)
            return Map(inner, info?.GenericTypeArguments[0], named, input).Nullable;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Map(underlying, null, named, input).Nullable;
        if (!input && type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Row<>))
            return info?.ReadState == NullabilityState.NotNull ? new NonNullType(named(type.GetGenericArguments()[0])) : named(type.GetGenericArguments()[0]);
        GraphQLType mapped = ClrTypes.Element(type) is { } element ? new ListType(Map(element, Inner(info), named, input)) : named(type);
        var state = input ? info?.WriteState : info?.ReadState;
        if (input && state == NullabilityState.Unknown)
            state = info?.ReadState;
        return type.IsValueType || state is null or NullabilityState.NotNull ? new NonNullType(mapped) : mapped;
    }

    // The element's nullability is that of the array's element or the only type argument; unknown (non-null) for other list classes.
    private static NullabilityInfo? Inner(NullabilityInfo? info) => info?.ElementType ?? (info?.GenericTypeArguments is [var only] ? only : null);
}

/// <summary>Reads a type written as in SDL: <c>[Decimal!]!</c>.</summary>
internal static class TypeReference
{
    public static GraphQLType Parse(string text, Func<string, NamedType> named)
    {
        text = text.Trim();
        if (text.EndsWith('!'))
            return new NonNullType(Parse(text[..^1], named));
        if (text.StartsWith('[') && text.EndsWith(']'))
            return new ListType(Parse(text[1..^1], named));
        return named(text);
    }
}
