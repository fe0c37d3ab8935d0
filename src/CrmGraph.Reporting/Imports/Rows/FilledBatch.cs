using System.Buffers;
using System.Globalization;
using CrmGraph.Reporting.Imports.Records;
using CrmGraph.Reporting.Ingest;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>Records of some rows of one file on their way to the database, with the text of the rows in case the database refuses one.</summary>
internal sealed class FilledBatch(string fileName, ContentIds contentIds)
{
    private readonly ArrayBufferWriter<char> _text = new();
    private readonly List<(long Line, int Start, int Length)> _rows = [];

    public string FileName => fileName;
    public ContentIds ContentIds => contentIds;
    public BatchBuilder Builder { get; } = new();
    public int Rows => _rows.Count;

    public void AddRow(long line, ReadOnlySpan<char> raw)
    {
        _rows.Add((line, _text.WrittenCount, raw.Length));
        _text.Write(raw);
    }

    public string RawOf(long line)
    {
        var (low, high) = (0, _rows.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_rows[middle].Line == line)
                return _text.WrittenSpan.Slice(_rows[middle].Start, _rows[middle].Length).ToString();
            (low, high) = _rows[middle].Line < line ? (middle + 1, high) : (low, middle - 1);
        }
        throw new ArgumentOutOfRangeException(nameof(line), line.ToString(CultureInfo.InvariantCulture));
    }
}
