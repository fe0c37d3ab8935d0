using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace CrmGraph.Reporting.Exports;

/// <summary>
/// CSV by RFC 4180: UTF-8, comma, CRLF, a heading. Null is an empty field, lists are as <see cref="ListText"/> has them, and texts as
/// <see cref="CsvText"/>.
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
            _line.Append(Field(values[i]));
        }

        _line.Append("\r\n");
        foreach (var chunk in _line.GetChunks())
            _encoder.Convert(chunk.Span, Output, flush: false, out _, out _);
    }

    // A number is none of the texts that somebody else wrote: its minus stays.
    private static string Field(object? value) => value switch
    {
        null => "",
        string text => CsvText.Field(text),
        bool b => b ? "true" : "false",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        IEnumerable<string> list => CsvText.Field(ListText.Join(list)),
        IEnumerable<NamedValue> list => CsvText.Field(ListText.Join(list.Select(v => v.ToString()))),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => CsvText.Field(value.ToString() ?? ""),
    };
}
