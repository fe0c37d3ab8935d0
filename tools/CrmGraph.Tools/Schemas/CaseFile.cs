using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace CrmGraph.Tools.Schemas;

/// <summary>A file of many cases: one JSON object a line; "-" is standard input.</summary>
public static class CaseFile
{
    /// <exception cref="CommandException">A line is no JSON object.</exception>
    public static IEnumerable<(int Line, JsonElement Case)> Read(string path)
    {
        using var reader = path == "-" ? new StreamReader(Console.OpenStandardInput(), Encoding.UTF8) : new StreamReader(path, Encoding.UTF8);
        for (var line = 1; reader.ReadLine() is { } text; line++)
            if (!string.IsNullOrWhiteSpace(text))
                yield return (line, Parse(text, line));
    }

    private static JsonElement Parse(string text, int line)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new CommandException($"Line {line} is not a JSON object.");
    }

    /// <summary>The name that the case gives itself, any JSON value; its line when it gives none.</summary>
    public static JsonElement Id(JsonElement json, int line) => json.TryGetProperty("id", out var id) ? id : JsonSerializer.SerializeToElement(line);

    /// <summary>A text member; null when the case has none.</summary>
    /// <exception cref="CommandException">It is no string.</exception>
    public static string? Text(JsonElement json, int line, string name)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            throw new CommandException($"Line {line}: \"{name}\" must be a string.");
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return Utf16(JsonMarshal.GetRawUtf8Value(value));
        }
    }

    /// <summary>JSON can write halves of surrogate pairs (\ud83d alone), which no text in UTF-8 can hold and the reader refuses. Here they are cases like others.</summary>
    private static string Utf16(ReadOnlySpan<byte> raw)
    {
        var source = Encoding.UTF8.GetString(raw[1..^1]);
        var text = new StringBuilder(source.Length);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != '\\')
            {
                text.Append(source[i]);
                continue;
            }

            text.Append(source[++i] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)int.Parse(source.AsSpan((i += 4) - 3, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                var c => c,
            });
        }

        return text.ToString();
    }
}
