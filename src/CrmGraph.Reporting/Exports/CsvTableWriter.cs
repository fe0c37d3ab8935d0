using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace CrmGraph.Reporting.Exports;

/// <summary>
/// CSV by RFC 4180: UTF-8, comma, CRLF, a heading. Null is an empty field, a list is joined by semicolons. A text that a spreadsheet would
/// take for a formula gets an apostrophe before it.
/// </summary>
public sealed class CsvTableWriter(PipeWriter output) : TableWriter(output)
{
    private readonly StringBuilder _line = new();
    // Keeps the first half of a character beyond U+FFFF that stands at the end of a chunk.
    private readonly Encoder _encoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetEncoder();

    public override void Begin(IReadOnlyList<ExportColumn> columns) => Row([.. columns.Select(c => c.Name)]);

    public override void Row(IReadOnlyList<object?> values)
    {
        _line.Clear();
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0)
                _line.Append(',');
            Field(values[i]);
        }

        _line.Append("\r\n");
        foreach (var chunk in _line.GetChunks())
            _encoder.Convert(chunk.Span, Output, flush: false, out _, out _);
    }

    private void Field(object? value)
    {
        var text = value switch
        {
            null => "",
            string s => Harmless(s),
            bool b => b ? "true" : "false",
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
            IEnumerable<string> list => Harmless(string.Join(';', list)),
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        if (text.AsSpan().IndexOfAny(",\"\r\n") < 0)
            _line.Append(text);
        else
            _line.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    private static string Harmless(string text) => text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
}
