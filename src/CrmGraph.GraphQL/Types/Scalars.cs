using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Types;

/// <summary>The scalars of the specification (section 3.5.1 to 3.5.5) and, in the other part, those that reporting needs.</summary>
public static partial class Scalars
{
    public static ScalarType Int { get; } = new("Int")
    {
        Description = "A whole number between -2147483648 and 2147483647.",
        ClrType = typeof(int),
        ParseLiteral = static node => (int)Whole(node, int.MinValue, int.MaxValue, "Int"),
        ParseValue = static value => (int)Whole(value, int.MinValue, int.MaxValue, "Int"),
        Write = static (writer, value) => writer.WriteNumberValue(Whole(value, int.MinValue, int.MaxValue, "Int")),
    };

    public static ScalarType Float { get; } = new("Float")
    {
        Description = "A number in double precision (IEEE 754).",
        ClrType = typeof(double),
        ParseLiteral = static node => Finite(double.Parse(NumberText(node, "Float"), CultureInfo.InvariantCulture)),
        ParseValue = static value => value.ValueKind == JsonValueKind.Number ? Finite(value.GetDouble()) : throw NotA("Float", "a number", value),
        Write = static (writer, value) => WriteDouble(writer, value),
    };

    public static ScalarType String { get; } = new("String")
    {
        Description = "Text.",
        ClrType = typeof(string),
        ParseLiteral = static node => node is StringValueNode s ? s.Value : throw NotA("String", "a string", node),
        ParseValue = static value => value.ValueKind == JsonValueKind.String ? Text(value) : throw NotA("String", "a string", value),
        Write = static (writer, value) => writer.WriteStringValue(TextOf(value) ?? throw NotA("String", "text", value)),
    };

    public static ScalarType Boolean { get; } = new("Boolean")
    {
        Description = "`true` or `false`.",
        ClrType = typeof(bool),
        ParseLiteral = static node => node is BooleanValueNode b ? b.Value : throw NotA("Boolean", "true or false", node),
        ParseValue = static value => value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw NotA("Boolean", "true or false", value),
        Write = static (writer, value) => writer.WriteBooleanValue(value is bool b ? b : throw NotA("Boolean", "true or false", value)),
    };

    public static ScalarType ID { get; } = new("ID")
    {
        Description = "An opaque identifier, written as a string; a string or an integer as input.",
        ClrType = typeof(string),
        ParseLiteral = static node => node switch
        {
            StringValueNode s => s.Value,
            IntValueNode i => i.Value,
            _ => throw NotA("ID", "a string or an integer", node),
        },
        ParseValue = IdOf,
        Write = static (writer, value) => writer.WriteStringValue(value is bool or double or float or decimal or char
            ? throw NotA("ID", "an identifier", value)
            : TextOf(value) ?? throw NotA("ID", "an identifier", value)),
    };

    /// <summary>The five scalars that every schema knows, in the order of introspection.</summary>
    public static IReadOnlyList<ScalarType> Specified { get; } = [String, Int, Float, Boolean, ID];

    private static readonly FrozenSet<string> SpecifiedNames = Specified.Select(static s => s.Name).ToFrozenSet(StringComparer.Ordinal);

    public static bool IsSpecified(string name) => SpecifiedNames.Contains(name);

    private static string IdOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            return Text(value);
        if (value.ValueKind != JsonValueKind.Number)
            throw NotA("ID", "a string or an integer", value);
        var raw = value.GetRawText();
        return raw.AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? raw : throw NotA("ID", "a string or an integer", value);
    }

    /// <summary>Invalid UTF-16 (a lone \uD800 in JSON) is the client's mistake, not ours.</summary>
    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("The string is not valid Unicode: it holds half of a surrogate pair.");
        }
    }

    private static long Whole(ValueNode node, long least, long most, string type) =>
        node is not IntValueNode n ? throw NotA(type, "a whole number", node)
        : long.TryParse(n.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && whole >= least && whole <= most ? whole
        : throw OutOfRange(type, n.Value, least, most);

    private static long Whole(JsonElement value, long least, long most, string type)
    {
        if (value.ValueKind != JsonValueKind.Number)
            throw NotA(type, "a whole number", value);
        if (value.TryGetInt64(out var whole))
            return whole >= least && whole <= most ? whole : throw OutOfRange(type, value.GetRawText(), least, most);
        // JSON does not tell 1 from 1.0 or 1e0.
        if (value.TryGetDecimal(out var number))
            return number != decimal.Truncate(number) ? throw NotA(type, "a whole number", value)
                : number >= least && number <= most ? (long)number : throw OutOfRange(type, value.GetRawText(), least, most);
        throw OutOfRange(type, value.GetRawText(), least, most);
    }

    private static long Whole(object value, long least, long most, string type)
    {
        decimal number;
        try
        {
            number = value switch
            {
                int n => n,
                bool or string or char => throw NotA(type, "a whole number", value),
                System.Enum e => Convert.ToDecimal(e, CultureInfo.InvariantCulture),
                IConvertible n => Convert.ToDecimal(n, CultureInfo.InvariantCulture),
                _ => throw NotA(type, "a whole number", value),
            };
        }
        catch (Exception e) when (e is OverflowException or InvalidCastException)
        {
            throw OutOfRange(type, Shown(value), least, most);
        }

        return number != decimal.Truncate(number) ? throw NotA(type, "a whole number", value)
            : number >= least && number <= most ? (long)number : throw OutOfRange(type, Shown(value), least, most);
    }

    private static string NumberText(ValueNode node, string type) => node switch
    {
        IntValueNode n => n.Value,
        FloatValueNode n => n.Value,
        _ => throw NotA(type, "a number", node),
    };

    private static double Finite(double value) => double.IsFinite(value) ? value : throw new FormatException("Float cannot hold a number so large.");

    private static void WriteDouble(Utf8JsonWriter writer, object value)
    {
        var number = value switch
        {
            double d => d,
            float f => f,
            decimal or int or long or short or byte or sbyte or uint or ulong or ushort => Convert.ToDouble(value, CultureInfo.InvariantCulture),
            _ => throw NotA("Float", "a number", value),
        };
        writer.WriteNumberValue(double.IsFinite(number) ? number : throw new FormatException("Float cannot be infinite or not a number."));
    }

    private static string? TextOf(object value) => value switch
    {
        string s => s,
        bool b => b ? "true" : "false",
        char c => c.ToString(),
        System.Enum e => e.ToString(),
        Guid or int or long or short or byte or sbyte or uint or ulong or ushort or double or float or decimal => ((IFormattable)value).ToString(
            null,
            CultureInfo.InvariantCulture),
        Uri u => u.OriginalString,
        _ => null,
    };

    private static FormatException NotA(string type, string wanted, ValueNode node) => new($"{type} must be {wanted}, not {Cut(Printer.Print(node))}.");

    private static FormatException NotA(string type, string wanted, JsonElement value) => new($"{type} must be {wanted}, not {Cut(value.GetRawText())}.");

    private static FormatException NotA(string type, string wanted, object value) => new($"{type} must be {wanted}, not {Shown(value)}.");

    private static FormatException OutOfRange(string type, string text, long least, long most)
        => new($"{type} must be between {least} and {most}, not {Cut(text)}.");

    private static string Shown(object value) => Cut(Convert.ToString(value, CultureInfo.InvariantCulture) ?? value.GetType().Name);

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
