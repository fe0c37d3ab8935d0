using System.Threading.Channels;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Imports.Reading;
using CrmGraph.Reporting.Imports.Records;
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

    public async Task ReadAsync(ImportFile file, Lanes lanes, CancellationToken cancellationToken)
    {
        await using var opened = await OpenedFile.OpenAsync(file, _map, _limits, cancellationToken);
        if (await opened.ReadFirstAsync(cancellationToken) is not { } reader)
            return;
        var row = new RowValues(_map, reader, file.Name, opened.Header, opened.ColumnCount, today, Tables);
        _absentColumns.AddRange(row.AbsentColumns.Except(_absentColumns));
        _unusedColumns.AddRange(UnusedBy(row).Except(_unusedColumns));
        await opened.GoToFirstRowAsync(cancellationToken);
        if (opened.HasRow)
            await new Rows(this, file, opened.Stream, reader, row, lanes).RunAsync(cancellationToken);
        _tally.Lines(reader.BlankLines, reader.CommentLines);
    }

    private IEnumerable<string> UnusedBy(RowValues row) =>
        _map.Records.Any(record => record.TakesOtherColumns) ? [] : row.Unused.Select(column => column.Name);

    /// <summary>What one lane gets of a file.</summary>
    private sealed class Filling(string fileName, ContentIds contentIds, RecordMerger merger, ChannelWriter<FilledBatch> queue)
    {
        public FilledBatch Batch { get; private set; } = new(fileName, contentIds, merger);
        public string? LastOrder { get; set; }

        public async ValueTask SendAsync(CancellationToken cancellationToken)
        {
            if (Batch.Rows.Count > 0)
                await queue.WriteAsync(Batch, cancellationToken);
            Batch = new FilledBatch(fileName, contentIds, merger);
        }
    }

    /// <summary>The rows of one file.</summary>
    private sealed class Rows(FileImport import, ImportFile file, Stream stream, RecordReader reader, RowValues row, Lanes lanes)
    {
        private readonly RowMapper _mapper = new(import._map, row, import._tally, import._limits);
        private readonly HashSet<ulong> _seen = [];
        private readonly LastRows? _last = import._map.Rows.Key is null ? null : new LastRows(import._limits);
        private Filling[] _fillings = null!;

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            _fillings = [.. Enumerable.Range(0, lanes.Count).Select(lane => new Filling(file.Name, new ContentIds(), _mapper.NewMerger(), lanes.To(lane)))];
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
                    (await RoomAsync(held.OrderKey, held.Records, cancellationToken)).AddRow(held.Line, held.Raw, held.Records);
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
                    var records = _mapper.Records();
                    (await RoomAsync(_mapper.OrderKey, records, cancellationToken)).AddRow(reader.Line, Raw(), records);
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

        /// <summary>The batch that takes the row. It ends between two orders, if they are not very large, so that an order is one write.</summary>
        private async ValueTask<FilledBatch> RoomAsync(
            string? orderKey, List<(int Place, RecordValues Values)> records, CancellationToken cancellationToken)
        {
            // As long as one writer works alone the others wait for what it leaves: that is soon.
            var limit = lanes.Count == 1 || lanes.AreOpen ? import._limits.BatchRows : Math.Max(1, import._limits.BatchRows / 8);
            var filling = _fillings[lanes.Of(records)];
            var isNewOrder = orderKey is null || orderKey != filling.LastOrder;
            filling.LastOrder = orderKey;
            var rows = filling.Batch.Rows.Count;
            if ((rows >= limit && isNewOrder) || rows >= 2 * limit || filling.Batch.RecordCount >= import._limits.BatchRecords)
                await filling.SendAsync(cancellationToken);
            return filling.Batch;
        }

        private async ValueTask SendAsync(CancellationToken cancellationToken)
        {
            foreach (var filling in _fillings)
                await filling.SendAsync(cancellationToken);
        }

        private void CountRepeats()
        {
            if (_seen.Count < import._limits.RememberedKeys && !_seen.Add(TextHash.Of(reader.Raw)))
                import._tally.Repeated();
        }

        private void Report(bool isLast)
        {
            var rows = import._tally.RowsRead;
            if (import._progress is { } progress && (isLast || rows % RowsPerProgress == 0))
                progress.Report(new ImportProgress(file.Name, rows, stream.CanSeek ? stream.Position : null));
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
