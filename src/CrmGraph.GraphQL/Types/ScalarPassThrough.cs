using System.Text.Json;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Types;

/// <summary>What a scalar without rules of its own does: any value in, the same value out.</summary>
internal static class ScalarPassThrough
{
    public static object? Literal(ValueNode node) => node switch
    {
        IntValueNode n => long.TryParse(n.Value, System.Globalization.CultureInfo.InvariantCulture, out var l) ? l : n.Value,
        FloatValueNode n => double.Parse(n.Value, System.Globalization.CultureInfo.InvariantCulture),
        StringValueNode n => n.Value,
        BooleanValueNode n => n.Value,
        EnumValueNode n => n.Value,
        ListValueNode n => n.Values.Select(Literal).ToList(),
        ObjectValueNode n => n.Fields.ToDictionary(f => f.Name.Value, f => Literal(f.Value), StringComparer.Ordinal),
        _ => null,
    };

    public static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var l) ? l : value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => value.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.Object => value.EnumerateObject().ToDictionary(p => p.Name, p => Value(p.Value), StringComparer.Ordinal),
        _ => null,
    };

    public static void Write(Utf8JsonWriter writer, object value) => JsonSerializer.Serialize(writer, value, value.GetType());
}
