using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Coercion;

/// <summary>What literals and JSON have in common for input objects (section 3.10).</summary>
internal static class InputObjects
{
    public static object Bind(InputObjectType type, Dictionary<string, object?> fields)
    {
        var made = new InputObject(type, fields);
        return type.Bind is { } bind ? bind(made) : made;
    }

    public static string NotOne(InputObjectType type) => $"Exactly one key must be specified for OneOf type \"{type}\".";

    public static string? OneOfMistake(InputObjectType type, Dictionary<string, object?> fields)
    {
        if (fields.Count != 1)
            return NotOne(type);
        var (name, value) = fields.First();
        return value is null ? $"Field \"{name}\" must be non-null." : null;
    }
}
