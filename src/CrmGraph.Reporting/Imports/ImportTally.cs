using CrmGraph.Reporting.Imports.Rows;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Imports;

/// <summary>Counts what happens to rows and records. Reader and writers count at the same time; every row is counted once, as used, skipped or refused.</summary>
internal sealed class ImportTally
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _skipped = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _routed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _missing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _ignored = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _conflicts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Rule, string? Field), RefusedCount> _refused = [];
    private readonly SortedSet<string> _unrated = new(StringComparer.OrdinalIgnoreCase);
    private string? _adopted;
    private readonly SortedDictionary<RecordKind, KindCount> _records = [];
    private long _read, _used, _repeated, _blankLines, _commentLines;

    public long RowsRead => Interlocked.Read(ref _read);

    public void Read() => Interlocked.Increment(ref _read);

    public void Repeated() => _repeated++;

    public void Used(long rows) => Interlocked.Add(ref _used, rows);

    public void Skipped(string rule) => Add(_skipped, rule);
    public void Routed(string route) => Add(_routed, route);
    public void Missing(string field) => Add(_missing, field);
    public void Ignored(string field) => Add(_ignored, field);
    public void Conflict(string field) => Add(_conflicts, field);

    public void Refused(long line, RowRefusal refusal)
    {
        lock (_lock)
        {
            var key = (refusal.Rule, refusal.Field);
            var earlier = _refused.GetValueOrDefault(key) ?? new RefusedCount(refusal.Rule, refusal.Field, 0, line, refusal.Message);
            var first = line < earlier.FirstLine ? earlier with { FirstLine = line, Example = refusal.Message } : earlier;
            _refused[key] = first with { Rows = first.Rows + 1 };
        }
    }

    public void Written(RecordKind kind, KindCount count)
    {
        if (count.Total == 0)
            return;
        lock (_lock)
        {
            var sum = _records.GetValueOrDefault(kind);
            sum.Created += count.Created;
            sum.Updated += count.Updated;
            sum.Unchanged += count.Unchanged;
            sum.Refused += count.Refused;
            _records[kind] = sum;
        }
    }

    /// <param name="rated">Currencies for which the batch brings a rate.</param>
    public void Money(IngestOutcome outcome, IEnumerable<string> rated)
    {
        lock (_lock)
        {
            _adopted ??= outcome.AdoptedCurrency;
            _unrated.UnionWith(outcome.UnratedCurrencies);
            _unrated.ExceptWith(rated);
        }
    }

    public void Lines(long blank, long comments)
    {
        _blankLines += blank;
        _commentLines += comments;
    }

    public ImportReport ToReport() => new()
    {
        RowsRead = _read,
        RowsUsed = _used,
        RowsSkipped = _skipped.Values.Sum(),
        RowsRefused = _refused.Values.Sum(refused => refused.Rows),
        RepeatedRows = _repeated,
        BlankLines = _blankLines,
        CommentLines = _commentLines,
        Skipped = Counts(_skipped),
        Refused = [.. _refused.Values.OrderByDescending(refused => refused.Rows).ThenBy(refused => refused.Rule, StringComparer.Ordinal)
            .ThenBy(refused => refused.Field, StringComparer.Ordinal)],
        Routed = Counts(_routed),
        MissingValues = Counts(_missing),
        IgnoredValues = Counts(_ignored),
        Contradictions = Counts(_conflicts),
        Warnings = [.. Warnings()],
        Records = [.. _records.Select(pair => new RecordCount(pair.Key, pair.Value.Created, pair.Value.Updated, pair.Value.Unchanged, pair.Value.Refused))],
    };

    private IEnumerable<string> Warnings()
    {
        if (_adopted is not null)
            yield return $"The reporting currency is now {_adopted}: this is the first money in the database. The settings change it.";
        foreach (var currency in _unrated)
            yield return $"Money in {currency} is not in the reporting currency and has no exchange rate: it has no place in sums and orders until rates are "
                + $"imported (record exchangeRate) or the reporting currency is {currency}.";
    }

    private static IReadOnlyList<NamedCount> Counts(Dictionary<string, long> counts)
        => [.. counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new NamedCount(pair.Key, pair.Value))];

    private void Add(Dictionary<string, long> counts, string name)
    {
        lock (_lock)
            counts[name] = counts.GetValueOrDefault(name) + 1;
    }
}
