using System.Globalization;
using System.Reflection;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>Turns coerced input values (scalars, enum values, lists of objects, bound inputs) into the CLR type that a parameter or property has.</summary>
internal static class InputConverter
{
    /// <param name="ids">Given for [ID]: strings are global ids of <paramref name="idType"/> (null: of any type).</param>
    public static Func<object?, object?> For(Type target, NodeIds? ids = null, string? idType = null)
    {
        if (Nullable.GetUnderlyingType(target) is { } underlying)
            return For(underlying, ids, idType);
        if (ids is not null && ids.Handles(target) && (target != typeof(string) || idType is not null))
            return value => value is string id ? ids.Parse(id, target, idType) : value;
        if (ClrTypes.Element(target) is { } element)
            return ForList(target, element, For(element, ids, idType));
        return value => value is null || target.IsInstanceOfType(value) ? value : Change(value, target);
    }

    /// <summary>The value of an absent argument: null, or what <c>default</c> is for the type.</summary>
    public static object? Default(Type type) => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null;

    private static Func<object?, object?> ForList(Type target, Type element, Func<object?, object?> convert)
    {
        var make = typeof(InputConverter)
            .GetMethod(nameof(List), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(element).CreateDelegate<Func<IEnumerable<object?>, Func<object?, object?>, Type, object>>();
        return value => value is IEnumerable<object?> items ? make(items, convert, target) : value;
    }

    private static object List<T>(IEnumerable<object?> items, Func<object?, object?> convert, Type target)
    {
        var list = new List<T>();
        foreach (var item in items)
            list.Add((T)convert(item)!);
        if (target.IsArray)
            return list.ToArray();
        if (target.IsInstanceOfType(list))
            return list;
        var set = new HashSet<T>(list);
        return target.IsInstanceOfType(set)
            ? set
            : throw new InvalidOperationException($"A list cannot become {target}; use IReadOnlyList<T>, List<T>, an array or a set.");
    }

    private static object Change(object value, Type target)
    {
        try
        {
            return (value, target) switch
            {
                (DateTimeOffset d, _) when target == typeof(DateTime) => d.UtcDateTime,
                (DateTime d, _) when target == typeof(DateTimeOffset) => new DateTimeOffset(DateTime.SpecifyKind(d, DateTimeKind.Utc)),
                (string s, _) when target == typeof(Guid) => Guid.Parse(s),
                // A value of the scalar Any: text, numbers, lists and dictionaries.
                _ when target == typeof(JsonElement) => JsonSerializer.SerializeToElement(value),
                (_, { IsEnum: true }) => Enum.ToObject(target, value),
                _ => Convert.ChangeType(value, target, CultureInfo.InvariantCulture),
            };
        }
        catch (Exception e) when (e is OverflowException or FormatException or InvalidCastException)
        {
            throw new GraphQLException(
                ErrorCodes.InvalidArgument,
                $"The value {Convert.ToString(value, CultureInfo.InvariantCulture)} does not fit {target.Name}.");
        }
    }
}
