using System.Runtime.InteropServices;
using System.Text.Json;

namespace CrmGraph.GraphQL.Execution;

/// <summary>
/// JSON can write half of a surrogate pair (<c>"\ud800"</c>), which is no Unicode and cannot become a string. System.Text.Json finds out only when it
/// compares or reads such a text: by an exception, for names even when another name is looked up.
/// </summary>
internal static class JsonText
{
    /// <summary>Whether all names of objects, at every depth, are Unicode.</summary>
    public static bool HasUnicodeNames(JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            return true;
        var text = JsonMarshal.GetRawUtf8Value(value);
        // No escape, no half: bytes that are not UTF-8 did not get here.
        if (text.IndexOf("\\u"u8) < 0)
            return true;
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 1_000 });
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueIsEscaped && !IsUnicode(ref reader))
                return false;
        return true;
    }

    /// <summary>The string; null when it is not Unicode.</summary>
    public static string? Read(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException) when (value.ValueKind == JsonValueKind.String)
        {
            return null;
        }
    }

    private static bool IsUnicode(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
