using System.Collections;
using System.Reflection;
using System.Text.Json;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>What CLR types mean in the graph.</summary>
internal static class ClrTypes
{
    private static readonly Dictionary<Type, string> ScalarNames = new()
    {
        [typeof(string)] = "String",
        [typeof(bool)] = "Boolean",
        [typeof(int)] = "Int",
        [typeof(short)] = "Int",
        [typeof(ushort)] = "Int",
        [typeof(byte)] = "Int",
        [typeof(sbyte)] = "Int",
        [typeof(long)] = "Long",
        [typeof(uint)] = "Long",
        [typeof(double)] = "Float",
        [typeof(float)] = "Float",
        [typeof(decimal)] = "Decimal",
        [typeof(Guid)] = "UUID",
        [typeof(DateTime)] = "DateTime",
        [typeof(DateTimeOffset)] = "DateTime",
        [typeof(DateOnly)] = "LocalDate",
        [typeof(TimeOnly)] = "LocalTime",
        [typeof(TimeSpan)] = "Duration",
        [typeof(JsonElement)] = "Any",
        [typeof(object)] = "Any",
    };

    public static string? ScalarName(Type type) => ScalarNames.TryGetValue(type, out var name) ? name : IsDictionary(type) ? "Any" : null;

    public static bool IsDictionary(Type type) => Interfaces(type).Any(i => i == typeof(IDictionary)
        || (i.IsGenericType && (i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) || i.GetGenericTypeDefinition() == typeof(IDictionary<,>))));

    /// <summary>The element of a list type (array, enumerable, queryable, asynchronous stream); null for anything else.</summary>
    public static Type? Element(Type type)
    {
        if (type == typeof(string) || IsDictionary(type))
            return null;
        if (type.IsArray)
            return type.GetElementType();
        return Interfaces(type).FirstOrDefault(i => i.IsGenericType
            && (i.GetGenericTypeDefinition() == typeof(IEnumerable<>) || i.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)))?.GetGenericArguments()[0];
    }

    /// <summary>The type inside Task or ValueTask; null when it is neither; <c>void</c> for those without a result.</summary>
    public static Type? AwaitedType(Type type)
    {
        if (type == typeof(Task) || type == typeof(ValueTask))
            return typeof(void);
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return generic == typeof(Task<>) || generic == typeof(ValueTask<>) ? type.GetGenericArguments()[0] : null;
    }

    public static Type? OptionalType(Type type)
        => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>) ? type.GetGenericArguments()[0] : null;

    public static bool IsInputClass(Type type) =>
        (type.IsClass || (type.IsValueType && !type.IsPrimitive))
            && (type.Name.EndsWith("Input", StringComparison.Ordinal) || type.GetCustomAttribute<OneOfAttribute>() is not null);

    /// <summary>Whether a parameter of this type can only be an argument, never a service.</summary>
    public static bool IsArgument(Type type)
    {
        if (OptionalType(type) is { } inner)
            return IsArgument(inner);
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(object))
            return false;
        return type.IsEnum || ScalarName(type) is not null || IsInputClass(type) || (Element(type) is { } element && IsArgument(element));
    }

    private static IEnumerable<Type> Interfaces(Type type) => type.IsInterface ? type.GetInterfaces().Prepend(type) : type.GetInterfaces();
}
