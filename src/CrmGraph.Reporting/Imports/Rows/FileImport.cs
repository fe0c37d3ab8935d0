using System.Runtime.InteropServices;
using System.Threading.Channels;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Reading;
using CrmGraph.Reporting.Ingest.Records;

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

    /// <summary>What the map's lookups look up in.</summary>
    public IReadOnlyList<LookupTable> Tables { get; set; } = [];
    public IReadOnlyList<string> AbsentColumns => _absentColumns;
    public IReadOnlyList<string> UnusedColumns => _unusedColumns;

    public async Task ReadAsync(ImportFile file, ChannelWriter<FilledBatch> queue, CancellationToken cancellationToken)
    {
        await using var opened = await OpenedFile.OpenAsync(file, _map, _limits, cancellationToken);
        if (await opened.ReadFirstAsync(cancellationToken) is not { } reader)
            return;
        var row = new RowValues(_map, reader, file.Name, opened.Header, opened.ColumnCount, today, Tables);
        _absentColumns.AddRange(row.AbsentColumns.Except(_absentColumns));
        _unusedColumns.AddRange(UnusedBy(row).Except(_unusedColumns));
        await opened.GoToFirstRowAsync(cancellationToken);
        if (opened.HasRow)
            await new Rows(this, file, opened.Stream, reader, row, queue).RunAsync(cancellationToken);
        _tally.Lines(reader.BlankLines, reader.CommentLines);
    }

    private IEnumerable<string> UnusedBy(RowValues row) =>
        _map.Records.Any(record => record.TakesOtherColumns) ? [] : row.Unused.Select(column => column.Name);

    /// <summary>The rows of one file.</summary>
    private sealed class Rows(FileImport import, ImportFile file, Stream stream, RecordReader reader, RowValues row, ChannelWriter<FilledBatch> queue)
    {
        private readonly RowMapper _mapper = new(import._map, row, import._tally, import._limits);
        private readonly ContentIds _contentIds = new();
        private readonly HashSet<ulong> _seen = [];
        private readonly LastRows? _last = import._map.Rows.Key is null ? null : new LastRows(import._limits);
        private FilledBatch _batch = null!;
        private string? _lastOrder;

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            _batch = new FilledBatch(file.Name, _contentIds, _mapper.Merger);
            try
            {
                do
                {
                    await TakeAsync(cancellationToken);
                    Report(isLast: false);
                }
                while (await reader.ReadAsync(cancellationToken));
                Report(isLast: true);
                foreach (var held in _last?.Rows ?? [])
                {
                    await MakeRoomAsync(held.OrderKey, cancellationToken);
                    _batch.AddRow(held.Line, held.Raw, held.Records);
                }
            }
            catch (ImportException)
            {
                // What was read before the file broke is whole, and is written.
                await SendAsync(cancellationToken);
                throw;
            }
            await SendAsync(cancellationToken);
        }

        private async ValueTask TakeAsync(CancellationToken cancellationToken)
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
                case RowEnd.Used when _last is not null:
                    if (!_last.Add(_mapper.SelectionKey, new HeldRow(_mapper.SelectedBy, reader.Line, Raw().ToString(), _mapper.OrderKey, _mapper.Records())))
                        import._tally.Skipped(RefusalRules.NotLast);
                    break;
                case RowEnd.Used:
                    await MakeRoomAsync(_mapper.OrderKey, cancellationToken);
                    _batch.AddRow(reader.Line, Raw(), _mapper.Records());
                    break;
                case RowEnd.Skipped:
                    import._tally.Skipped(result.Rule!);
                    break;
                default:
                    Refuse(result.Refusal!);
                    break;
            }
        }

        private ReadOnlySpan<char> Raw() => reader.Raw[..Math.Min(reader.Raw.Length, import._limits.RejectedRowCharacters)];

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
            return new RowRefusal(
                RefusalRules.RaggedRow,
                null,
                $"{reader.Count} fields where {row.ColumnCount} are expected; 'file.raggedRows: pad' fills short rows");
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
        private async ValueTask MakeRoomAsync(string? orderKey, CancellationToken cancellationToken)
        {
            var limit = import._limits.BatchRows;
            var isNewOrder = orderKey is null || orderKey != _lastOrder;
            _lastOrder = orderKey;
            if ((_batch.Rows.Count >= limit && isNewOrder) || _batch.Rows.Count >= 2 * limit || _batch.RecordCount >= import._limits.BatchRecords)
                await SendAsync(cancellationToken);
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
        RecordFault.TextAfterQuote => new(
            RefusalRules.BadQuote,
            null,
            "text stands between a closing quote and the delimiter; a quote inside a quoted field is written twice"),
        RecordFault.QuoteNotClosed => new(RefusalRules.BadQuote, null, "a quote is opened and never closed"),
        RecordFault.TooManyColumns => new(RefusalRules.TooManyColumns, null, "more fields than an import takes"),
        RecordFault.InvalidCharacter => new(
            RefusalRules.InvalidCharacter,
            null,
            "bytes that are no characters of the encoding that the map says (file.encoding)"),
        _ => new(RefusalRules.RecordTooLong, null, "a record longer than an import takes"),
    };
}
