using System.Runtime.InteropServices;
using System.Threading.Channels;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Reading;
using CrmGraph.Reporting.Ingest;

namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>The reading half of an import: files into batches of records.</summary>
internal sealed class FileImport(ImportMap map, ImportTally tally, RejectLog rejects, IProgress<ImportProgress>? progress, ImportLimits limits, DateOnly today)
{
    private const int RowsPerProgress = 2_000;

    private readonly ImportMap _map = map;
    private readonly ImportTally _tally = tally;
    private readonly RejectLog _rejects = rejects;
    private readonly IProgress<ImportProgress>? _progress = progress;
    private readonly ImportLimits _limits = limits;
    private readonly List<string> _absentColumns = [];
    private readonly List<string> _unusedColumns = [];

    public IReadOnlyList<string> AbsentColumns => _absentColumns;
    public IReadOnlyList<string> UnusedColumns => _unusedColumns;

    public async Task ReadAsync(ImportFile file, ChannelWriter<FilledBatch> queue, CancellationToken cancellationToken)
    {
        await using var stream = Open(file);
        using var text = await OpenTextAsync(file, stream, cancellationToken);
        var reader = new RecordReader(text, _map.File, _limits);
        if (!await reader.ReadAsync(cancellationToken))
        {
            if (_map.File.HasHeader)
                throw new ImportException(ImportErrorCodes.FileUnreadable, $"{file.Name} is empty; the map expects a header.");
            return;
        }
        var header = _map.File.HasHeader ? ReadHeader(file, reader) : null;
        var row = new RowValues(_map, reader, file.Name, header, header?.Count ?? reader.Count, today);
        _absentColumns.AddRange(row.AbsentColumns.Except(_absentColumns));
        _unusedColumns.AddRange(UnusedBy(row).Except(_unusedColumns));
        if (header is null || await reader.ReadAsync(cancellationToken))
            await new Rows(this, file, stream, reader, row, queue).RunAsync(cancellationToken);
        _tally.Lines(reader.BlankLines, reader.CommentLines);
    }

    private IEnumerable<string> UnusedBy(RowValues row) =>
        _map.Records.Any(record => record.TakesOtherColumns) ? [] : row.Unused.Select(column => column.Name);

    private static Stream Open(ImportFile file)
    {
        try
        {
            return file.Open();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ImportException(ImportErrorCodes.FileUnreadable, $"{file.Name} cannot be opened: {exception.Message}", exception);
        }
    }

    private async Task<StreamReader> OpenTextAsync(ImportFile file, Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            return await SourceText.OpenAsync(stream, _map.File.Encoding, _limits, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new ImportException(ImportErrorCodes.FileUnreadable, $"{file.Name} cannot be read: {exception.Message}", exception);
        }
    }

    private static List<string> ReadHeader(ImportFile file, RecordReader reader)
    {
        if (reader.Fault != RecordFault.None)
            throw new ImportException(ImportErrorCodes.FileUnreadable, $"The header of {file.Name} (line {reader.Line}) cannot be read: {Faults.Of(reader.Fault).Message}. "
                + "Are file.encoding, file.delimiter and file.quote of the map right?");
        var header = new List<string>(reader.Count);
        for (var i = 0; i < reader.Count; i++)
            header.Add(reader.Field(i).Trim().ToString());
        // A trailing delimiter makes a last column without a name.
        return header;
    }

    /// <summary>The rows of one file.</summary>
    private sealed class Rows(FileImport import, ImportFile file, Stream stream, RecordReader reader, RowValues row, ChannelWriter<FilledBatch> queue)
    {
        private readonly RowMapper _mapper = new(import._map, row, import._tally, import._limits);
        private readonly ContentIds _contentIds = new();
        private readonly HashSet<ulong> _seen = [];
        private FilledBatch _batch = null!;
        private string? _lastOrder;

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            _batch = new FilledBatch(file.Name, _contentIds, _mapper.Merger);
            try
            {
                do
                {
                    if (IsFull())
                        await SendAsync(cancellationToken);
                    Take();
                    Report(isLast: false);
                }
                while (await reader.ReadAsync(cancellationToken));
                Report(isLast: true);
            }
            catch (ImportException)
            {
                // What was read before the file broke is whole, and is written.
                await SendAsync(cancellationToken);
                throw;
            }
            await SendAsync(cancellationToken);
        }

        private void Take()
        {
            import._tally.Read();
            if (Fault() is { } fault)
            {
                Refuse(fault);
                return;
            }
            CountRepeats();
            var result = _mapper.Map();
            switch (result.End)
            {
                case RowEnd.Used:
                    _batch.AddRow(reader.Line, reader.Raw[..Math.Min(reader.Raw.Length, import._limits.RejectedRowCharacters)], _mapper.Records());
                    break;
                case RowEnd.Skipped:
                    import._tally.Skipped(result.Rule!);
                    break;
                default:
                    Refuse(result.Refusal!);
                    break;
            }
        }

        private void Refuse(RowRefusal refusal)
        {
            import._tally.Refused(reader.Line, refusal);
            import._rejects.Add(file.Name, reader.Line, refusal, reader.Raw);
        }

        private RowRefusal? Fault()
        {
            if (reader.Fault != RecordFault.None)
                return Faults.Of(reader.Fault);
            if (reader.Count == row.ColumnCount || (import._map.File.PadsRaggedRows && (reader.Count < row.ColumnCount || TailIsEmpty())))
                return null;
            return new RowRefusal(RefusalRules.RaggedRow, null, $"{reader.Count} fields where {row.ColumnCount} are expected; 'file.raggedRows: pad' fills short rows");
        }

        private bool TailIsEmpty()
        {
            for (var i = row.ColumnCount; i < reader.Count; i++)
            {
                if (!reader.Field(i).Trim().IsEmpty)
                    return false;
            }
            return true;
        }

        /// <summary>A batch ends between two orders, if they are not very large, so that an order is one write.</summary>
        private bool IsFull()
        {
            var limit = import._limits.BatchRows;
            var isNewOrder = _mapper.OrderKey is null || _mapper.OrderKey != _lastOrder;
            _lastOrder = _mapper.OrderKey;
            return (_batch.Rows.Count >= limit && isNewOrder) || _batch.Rows.Count >= 2 * limit || _batch.RecordCount >= import._limits.BatchRecords;
        }

        private async ValueTask SendAsync(CancellationToken cancellationToken)
        {
            if (_batch.Rows.Count > 0)
                await queue.WriteAsync(_batch, cancellationToken);
            _batch = new FilledBatch(file.Name, _contentIds, _mapper.Merger);
        }

        private void CountRepeats()
        {
            if (_seen.Count < import._limits.RememberedKeys && !_seen.Add(Hash(reader.Raw)))
                import._tally.Repeated();
        }

        private void Report(bool isLast)
        {
            var rows = import._tally.RowsRead;
            if (import._progress is { } progress && (isLast || rows % RowsPerProgress == 0))
                progress.Report(new ImportProgress(file.Name, rows, stream.CanSeek ? stream.Position : null));
        }

        /// <summary>64 bits of a row's text, four characters at a time: half a million rows collide with a chance of one in a hundred million, and only a count would be wrong.</summary>
        private static ulong Hash(ReadOnlySpan<char> text)
        {
            var hash = 14695981039346656037UL ^ (ulong)text.Length;
            var words = MemoryMarshal.Cast<char, ulong>(text);
            foreach (var word in words)
                hash = ulong.RotateLeft((hash ^ word) * 0x9E3779B97F4A7C15UL, 29);
            foreach (var character in text[(words.Length * 4)..])
                hash = ulong.RotateLeft((hash ^ character) * 0x9E3779B97F4A7C15UL, 29);
            return (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93UL;
        }
    }
}

/// <summary>What people are told about a record that has no fields.</summary>
internal static class Faults
{
    public static RowRefusal Of(RecordFault fault) => fault switch
    {
        RecordFault.TextAfterQuote => new(RefusalRules.BadQuote, null, "text stands between a closing quote and the delimiter; a quote inside a quoted field is written twice"),
        RecordFault.QuoteNotClosed => new(RefusalRules.BadQuote, null, "a quote is opened and never closed"),
        RecordFault.TooManyColumns => new(RefusalRules.TooManyColumns, null, "more fields than an import takes"),
        RecordFault.InvalidCharacter => new(RefusalRules.InvalidCharacter, null, "bytes that are no characters of the encoding that the map says (file.encoding)"),
        _ => new(RefusalRules.RecordTooLong, null, "a record longer than an import takes"),
    };
}
