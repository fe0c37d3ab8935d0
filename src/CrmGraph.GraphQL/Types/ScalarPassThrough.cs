using System.Text.Json;
using CrmGraph.GraphQL.Execution;
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
        ObjectValueNode n => n.Fields.ToDictionary(f => f.Name.Value, f => Literal(f.Value), StringComparer.Ordinal),
        _ => null,
    };

    public static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonText.Read(value) ?? throw new FormatException("The string is not valid Unicode: it holds half of a surrogate pair."),
        JsonValueKind.Number => value.TryGetInt64(out var l) ? l : Finite(value.GetDouble(), value.GetRawText()),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => value.EnumerateArray().Select(Value).ToList(),
        // Of equal names the last counts, as everywhere in JSON.
        JsonValueKind.Object => value.EnumerateObject().GroupBy(p => p.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => Value(g.Last().Value), StringComparer.Ordinal),
        _ => null,
    };

    private static double Finite(double number, string text) =>
        double.IsFinite(number) ? number : throw new FormatException($"The number {(text.Length <= 40 ? text : text[..40] + "...")} is too large.");

    public static void Write(Utf8JsonWriter writer, object value) => JsonSerializer.Serialize(writer, value, value.GetType());
}
