namespace CrmGraph.Reporting.Ingest.Records;

/// <summary>What happened to an entry of a bulk mutation.</summary>
public enum WriteStatus
{
    /// <summary>The row was created.</summary>
    Created,
    /// <summary>At least one stored value was changed.</summary>
    Updated,
    /// <summary>All values were stored already; nothing was written.</summary>
    Unchanged,
    /// <summary>The entry was not written; `code` and `message` say why.</summary>
    Refused,
}

/// <summary>What became of one record. <see cref="Id"/> is the row's id (empty when refused).</summary>
public readonly record struct RecordResult(WriteStatus Status, Guid Id, Guid CustomerId, Refusal? Refusal);

/// <summary>Why a record was not written.</summary>
/// <param name="Code">One of <see cref="RefusalCodes"/>: stable, for programs and for counting per rule.</param>
/// <param name="Message">What would be right, for people.</param>
/// <param name="Field">The record's property that is at fault, in camelCase; null when it is the whole record.</param>
public sealed record Refusal(RecordKind Kind, long Origin, string Code, string Message, string? Field)
{
    /// <summary>What else is wrong with the record.</summary>
    public IReadOnlyList<Refusal> Further { get; init; } = [];
}

/// <summary>How many records of one kind had which end.</summary>
public struct KindCount : IEquatable<KindCount>
{
    public long Created { get; set; }
    public long Updated { get; set; }
    public long Unchanged { get; set; }
    public long Refused { get; set; }
    public readonly long Total => Created + Updated + Unchanged + Refused;

    public void Add(WriteStatus status)
    {
        switch (status)
        {
            case WriteStatus.Created: Created++; break;
            case WriteStatus.Updated: Updated++; break;
            case WriteStatus.Unchanged: Unchanged++; break;
            default: Refused++; break;
        }
    }

    public readonly bool Equals(KindCount other) =>
        Created == other.Created && Updated == other.Updated && Unchanged == other.Unchanged && Refused == other.Refused;
    public override readonly bool Equals(object? obj) => obj is KindCount other && Equals(other);
    public override readonly int GetHashCode() => HashCode.Combine(Created, Updated, Unchanged, Refused);
    public static bool operator ==(KindCount left, KindCount right) => left.Equals(right);
    public static bool operator !=(KindCount left, KindCount right) => !left.Equals(right);
}

/// <summary>What became of a batch: one result per record, in the order of the batch's lists, and counts per kind.</summary>
public sealed class IngestOutcome
{
    private readonly List<RecordResult>[] _results;
    private readonly KindCount[] _counts;

    internal IngestOutcome()
    {
        var kinds = Enum.GetValues<RecordKind>().Length;
        _results = new List<RecordResult>[kinds];
        for (var i = 0; i < kinds; i++)
            _results[i] = [];
        _counts = new KindCount[kinds];
    }

    /// <summary>False when <see cref="WriteOptions.AllOrNothing"/> was asked and a record was refused: nothing was written.</summary>
    public bool Written { get; internal set; }
    /// <summary>Of a file: the currency that became the reporting currency with this batch; null when none did.</summary>
    public string? AdoptedCurrency { get; internal set; }
    /// <summary>Of a file: currencies of its money that are not the reporting currency and have no rate.</summary>
    public IReadOnlyList<string> UnratedCurrencies { get; internal set; } = [];
    /// <summary>Every refused record (lines included), in the order they were met.</summary>
    public List<Refusal> Refusals { get; } = [];
    /// <summary>Results of the records of a kind, in the order of the batch's list; lines in the order of orders, then lines.</summary>
    public IReadOnlyList<RecordResult> Results(RecordKind kind) => _results[(int)kind];
    public KindCount Count(RecordKind kind) => _counts[(int)kind];

    internal IEnumerable<Guid> Created()
        => _results.SelectMany(results => results).Where(result => result.Status == WriteStatus.Created).Select(result => result.Id);

    internal void Add(RecordKind kind, RecordResult result)
    {
        _results[(int)kind].Add(result);
        _counts[(int)kind].Add(result.Status);
        if (result.Refusal is { } refusal)
            Refusals.Add(refusal);
    }
}
