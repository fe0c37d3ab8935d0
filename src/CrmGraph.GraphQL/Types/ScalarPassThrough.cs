using System.Text.Json;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Types;

/// <summary>What a scalar without rules of its own does: any value in, the same value out.</summary>
internal static class ScalarPassThrough
{
    public static object? Literal(ValueNode node) => node switch
    {
        IntValueNode n => long.TryParse(n.Value, System.Globalization.CultureInfo.InvariantCulture, out var l) ? l : n.Value,
        FloatValueNode n => Finite(double.Parse(n.Value, System.Globalization.CultureInfo.InvariantCulture), n.Value),
        StringValueNode n => n.Value,
        BooleanValueNode n => n.Value,
        EnumValueNode n => n.Value,
        ListValueNode n => n.Values.Select(Literal).ToList(),
        ObjectValueNode n => Object(n.Fields.Select(static f => (f.Name.Value, Literal(f.Value)))),
        _ => null,
    };

    public static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var l) ? (object)l : Finite(value.GetDouble(), value.GetRawText()),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => value.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.Object => Object(value.EnumerateObject().Select(static p => (p.Name, Value(p.Value)))),
        _ => null,
    };

    /// <summary>Of a name that is given twice the last value counts, as JSON readers have it.</summary>
    private static Dictionary<string, object?> Object(IEnumerable<(string Name, object? Value)> members)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in members)
            map[name] = value;
        return map;
    }

    // JSON could not write it back.
    private static double Finite(double number, string text) =>
        double.IsFinite(number) ? number : throw new FormatException($"The number {(text.Length <= 40 ? text : text[..40] + "...")} is too large.");

    public static void Write(Utf8JsonWriter writer, object value) => JsonSerializer.Serialize(writer, value, value.GetType());
}
