using CrmGraph.Reporting.Ingest;

namespace CrmGraph.Reporting.Imports;

/// <summary>Every limit of an import. Units stand last in the names.</summary>
public sealed record ImportLimits
{
    /// <summary>One record of the file; a longer one is refused, and reading goes on at the next line</summary>
    public int RecordCharacters { get; init; } = 1_000_000;
    /// <summary>Records that a quote makes longer than one may be, or wider, over several lines; one more ends the import</summary>
    public int UnclosedRecords { get; init; } = 100;
    /// <summary>What gzip may unpack to, in times of its size; what the first 64 MiB are is not asked</summary>
    public int UnpackedRatio { get; init; } = 250;
    /// <summary>Columns of a file</summary>
    public int Columns { get; init; } = 4_096;
    /// <summary>Bytes of a map</summary>
    public int MapBytes { get; init; } = 1_048_576;
    /// <summary>Nesting in a map</summary>
    public int MapDepth { get; init; } = 16;
    /// <summary>Mistakes of a map told at once</summary>
    public int MapErrors { get; init; } = 20;
    /// <summary>Characters of an expression in a map</summary>
    public int ExpressionCharacters { get; init; } = 4_000;
    /// <summary>Nesting of an expression</summary>
    public int ExpressionDepth { get; init; } = 50;
    /// <summary>Outside ids remembered while a file is read (about 60 bytes each)</summary>
    public int RememberedKeys { get; init; } = 20_000_000;
    /// <summary>Keys of a lookup of a map; all are held</summary>
    public int LookupKeys { get; init; } = 1_000_000;
    /// <summary>Bytes of the files to look up in of one HTTP request</summary>
    public int LookupBytes { get; init; } = 67_108_864;
    /// <summary>Rows that are held where only the last row of each key counts</summary>
    public int HeldRows { get; init; } = 1_000_000;
    /// <summary>Characters of a refused row that are kept with it</summary>
    public int RejectedRowCharacters { get; init; } = 10_000;
    /// <summary>Rows that go to the database together</summary>
    public int BatchRows { get; init; } = 10_000;
    /// <summary>Records that go to the database together, lines of orders not counted</summary>
    public int BatchRecords { get; init; } = 30_000;
    /// <summary>Batches that wait for the database; the reader then waits too</summary>
    public int WaitingBatches { get; init; } = 2;

    /// <summary>With as many batches that wait as the database makes use of.</summary>
    public static ImportLimits For(CrmWriter writer) => writer.HasOneWriter ? new ImportLimits { WaitingBatches = 1 } : new ImportLimits();
}
