using System.Globalization;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>Writes refused rows as CSV, and keeps the first few for the report. Reader and writer both use it.</summary>
internal sealed class RejectLog(TextWriter? file, int kept, int rowCharacters)
{
    private readonly Lock _lock = new();
    private readonly List<RejectedRow> _kept = [];
    private bool _hasHeader;

    /// <summary>In the order of the files: reader and writer refuse at the same time.</summary>
    public IReadOnlyList<RejectedRow> Kept(List<string> files) => [.. _kept.OrderBy(row => files.IndexOf(row.File)).ThenBy(row => row.Line)];

    public void Add(string fileName, long line, RowRefusal refusal, ReadOnlySpan<char> row)
    {
        if (file is null && _kept.Count >= kept)
            return;
        var rejected = new RejectedRow(fileName, line, refusal.Rule, refusal.Field, refusal.Message, row[..Math.Min(row.Length, rowCharacters)].ToString());
        lock (_lock)
        {
            if (_kept.Count < kept)
                _kept.Add(rejected);
            Write(rejected);
        }
    }

    public void Flush() => file?.Flush();

    private void Write(RejectedRow rejected)
    {
        if (file is null)
            return;
        if (!_hasHeader)
            file.Write("file,line,rule,field,message,row\r\n");
        _hasHeader = true;
        file.Write(string.Join(
            ',',
            CsvText.Field(rejected.File),
            rejected.Line.ToString(CultureInfo.InvariantCulture),
            CsvText.Field(rejected.Rule),
            CsvText.Field(rejected.Field ?? ""),
            CsvText.Field(rejected.Message),
            CsvText.Field(rejected.Row)));
        file.Write("\r\n");
    }
}
