using System.Reflection;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>What was given to the builder, sorted by what it is.</summary>
internal sealed class SchemaParts
{
    public List<Type> Queries { get; } = [];
    public List<Type> Mutations { get; } = [];
    public List<Type> Subscriptions { get; } = [];
    /// <summary>Static classes that add fields to the type of a CLR type.</summary>
    public List<(Type Target, Type Class)> Extensions { get; } = [];
    /// <summary>Static classes that add fields to the type of a GraphQL name.</summary>
    public List<(string Target, Type Class)> NamedExtensions { get; } = [];
    /// <summary>Classes that can be object types: nodes and implementations of interfaces and unions.</summary>
    public List<Type> Classes { get; } = [];
    public List<(Type Target, Func<ITypeRegistry, IEnumerable<FieldDefinition>> Fields)> MadeFields { get; } = [];
    public List<(string Target, Func<ITypeRegistry, IEnumerable<FieldDefinition>> Fields)> NamedMadeFields { get; } = [];
    public List<Action<ITypeRegistry>> Configurations { get; } = [];
    public List<INodeIdCodec> IdCodecs { get; } = [];
    public List<(Type Target, Func<object, object> Key, IReadOnlyList<string> Properties)> NodeKeys { get; } = [];
    public Dictionary<string, ScalarType> Scalars { get; } = new(StringComparer.Ordinal);
    public Dictionary<Type, string> ScalarBindings { get; } = [];
    public AuthorizationCheck? Authorization { get; set; }
    public GraphQLLimits Limits { get; set; } = new();
    /// <summary>The usual costs of fields that wait: one parent at a time, and all parents at once. Null when they have none.</summary>
    public (double EachParent, double AllParents)? AsynchronousCost { get; set; }

    /// <summary>Whether the attribute says what the class is; classes without any are found when a field has them.</summary>
    public bool Add(Type type)
    {
        var known = false;
        foreach (var attribute in type.GetCustomAttributes())
            known |= Add(type, attribute);
        if (!known && type is { IsClass: true, IsAbstract: false } && !type.IsGenericTypeDefinition && !typeof(Attribute).IsAssignableFrom(type)
            && Abstractions(type).Any())
        {
            known = true;
            Classes.Add(type);
        }

        return known;
    }

    /// <summary>The CLR types above this one that are GraphQL interfaces or unions.</summary>
    public static IEnumerable<Type> Abstractions(Type type)
    {
        for (var up = type.BaseType; up is not null && up != typeof(object); up = up.BaseType)
            if (IsAbstraction(up))
                yield return up;
        foreach (var i in type.GetInterfaces())
            if (IsAbstraction(i))
                yield return i;
    }

    public static bool IsAbstraction(Type type) =>
        type.IsDefined(typeof(InterfaceTypeAttribute), false) || type.IsDefined(typeof(UnionTypeAttribute), false);

    private bool Add(Type type, Attribute attribute)
    {
        switch (attribute)
        {
            case QueryTypeAttribute:
                Queries.Add(type);
                return true;
            case MutationTypeAttribute:
                Mutations.Add(type);
                return true;
            case SubscriptionTypeAttribute:
                Subscriptions.Add(type);
                return true;
            case ExtendObjectTypeAttribute extend:
                NamedExtensions.Add((extend.Name, type));
                return true;
            case NodeAttribute:
                Classes.Add(type);
                return true;
            default:
                if (Target(attribute.GetType()) is not { } target)
                    return false;
                Extensions.Add((target, type));
                return true;
        }
    }

    private static Type? Target(Type? attribute)
    {
        for (; attribute is not null; attribute = attribute.BaseType)
            if (attribute.IsGenericType && attribute.GetGenericTypeDefinition() == typeof(ObjectTypeAttribute<>))
                return attribute.GetGenericArguments()[0];
        return null;
    }
}
