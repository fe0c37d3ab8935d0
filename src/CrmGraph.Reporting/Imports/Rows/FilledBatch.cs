using System.Buffers;
using CrmGraph.Reporting.Imports.Records;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>A row on its way to the database.</summary>
/// <param name="Start">Where its text begins in the batch.</param>
/// <param name="Records">Each with its place in the map.</param>
internal sealed record FilledRow(long Line, int Start, int Length, List<(int Place, RecordValues Values)> Records);

/// <summary>Some rows of one file on their way to the database, with their text in case the database refuses one.</summary>
internal sealed class FilledBatch(string fileName, ContentIds contentIds, RecordMerger merger)
{
    private readonly ArrayBufferWriter<char> _text = new();
    private readonly List<FilledRow> _rows = [];

    public string FileName => fileName;
    public ContentIds ContentIds => contentIds;
    public RecordMerger Merger => merger;
    public IReadOnlyList<FilledRow> Rows => _rows;
    public int RecordCount { get; private set; }

    public void AddRow(long line, ReadOnlySpan<char> raw, List<(int Place, RecordValues Values)> records)
    {
        _rows.Add(new FilledRow(line, _text.WrittenCount, raw.Length, records));
        _text.Write(raw);
        RecordCount += records.Count;
    }

    public string RawOf(FilledRow row) => _text.WrittenSpan.Slice(row.Start, row.Length).ToString();
}
