using System.Globalization;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CrmGraph.Reporting.Exports;

/// <summary>One JSON object a line. The last line says that the table is whole: <c>{"complete":true,"rows":N}</c>.</summary>
public sealed class NdjsonTableWriter(PipeWriter output) : TableWriter(output)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private JsonEncodedText[] _names = [];
    private long _rows;

    public override void Begin(IReadOnlyList<ExportColumn> columns) => _names = [.. columns.Select(c => JsonEncodedText.Encode(c.Name, Options.Encoder))];

    public override void Row(IReadOnlyList<object?> values)
    {
        using (var json = new Utf8JsonWriter(Output, Options))
        {
            json.WriteStartObject();
            for (var i = 0; i < values.Count; i++)
                Field(json, _names[i], values[i]);
            json.WriteEndObject();
        }

        EndLine();
        _rows++;
    }

    public override async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        using (var json = new Utf8JsonWriter(Output, Options))
        {
            json.WriteStartObject();
            json.WriteBoolean("complete", true);
            json.WriteNumber("rows", _rows);
            json.WriteEndObject();
        }

        EndLine();
        await base.EndAsync(cancellationToken);
    }

    private static void Field(Utf8JsonWriter json, JsonEncodedText name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool b:
                json.WriteBoolean(name, b);
                break;
            case long l:
                json.WriteNumber(name, l);
                break;
            case int n:
                json.WriteNumber(name, n);
                break;
            case decimal d:
                json.WriteNumber(name, d);
                break;
            case DateOnly day:
                json.WriteString(name, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case DateTime instant:
                json.WriteString(name, instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
                break;
            case IEnumerable<string> list:
                json.WriteStartArray(name);
                foreach (var item in list)
                    json.WriteStringValue(item);
                json.WriteEndArray();
                break;
            case IEnumerable<NamedValue> list:
                json.WriteStartArray(name);
                foreach (var item in list)
                {
                    json.WriteStartObject();
                    json.WriteString(item.NameField, item.Name);
                    Field(json, JsonEncodedText.Encode(item.ValueField, Options.Encoder), item.Value);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                break;
            default:
                json.WriteString(name, value.ToString());
                break;
        }
    }

    private void EndLine()
    {
        Output.GetSpan(1)[0] = (byte)'\n';
        Output.Advance(1);
    }
}
