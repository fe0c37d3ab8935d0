using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Imports;

/// <summary>Rows, values or records under a name.</summary>
public sealed record NamedCount(string Name, long Count);

/// <summary>Rows refused under one rule for one field.</summary>
/// <param name="FirstLine">The first line of the file on which it happened.</param>
/// <param name="Example">The message for that row.</param>
public sealed record RefusedCount(string Rule, string? Field, long Rows, long FirstLine, string Example);

/// <summary>What the database did with the records of one kind.</summary>
public sealed record RecordCount(RecordKind Kind, long Created, long Updated, long Unchanged, long Refused);

/// <summary>One refused row.</summary>
public sealed record RejectedRow(string File, long Line, string Rule, string? Field, string Message, string Row);

/// <summary>What stopped an import before its end.</summary>
public sealed record ImportError(string Code, string Message);

/// <summary>What an import did. <see cref="RowsRead"/> = <see cref="RowsUsed"/> + <see cref="RowsSkipped"/> + <see cref="RowsRefused"/>, unless the database could not take what was read.</summary>
public sealed record ImportReport
{
    public string Map { get; init; } = "";
    public string Source { get; init; } = "";
    public IReadOnlyList<string> Files { get; init; } = [];
    /// <summary>Nothing stays written: the counts are what an import would do.</summary>
    public bool DryRun { get; init; }
    /// <summary>Null when every file was read to its end.</summary>
    public ImportError? Error { get; init; }
    public double Seconds { get; init; }
    /// <summary>Records of the file; the header, blank lines and comment lines are none.</summary>
    public long RowsRead { get; init; }
    public long RowsUsed { get; init; }
    public long RowsSkipped { get; init; }
    public long RowsRefused { get; init; }
    /// <summary>Rows that are exactly like an earlier one of the same file. They are counted, not dropped.</summary>
    public long RepeatedRows { get; init; }
    public long BlankLines { get; init; }
    public long CommentLines { get; init; }
    /// <summary>Rows skipped, by the map's rule.</summary>
    public IReadOnlyList<NamedCount> Skipped { get; init; } = [];
    public IReadOnlyList<RefusedCount> Refused { get; init; } = [];
    public IReadOnlyList<NamedCount> Routed { get; init; } = [];
    /// <summary>Fields of the map that had no value, in rows.</summary>
    public IReadOnlyList<NamedCount> MissingValues { get; init; } = [];
    /// <summary>Values that could not be read and that the map counts as empty (<c>invalid: empty</c>).</summary>
    public IReadOnlyList<NamedCount> IgnoredValues { get; init; } = [];
    /// <summary>Rows whose value differs from what an earlier row said about the same key; the first one holds.</summary>
    public IReadOnlyList<NamedCount> Contradictions { get; init; } = [];
    /// <summary>What people should know before they read figures.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
    public IReadOnlyList<RecordCount> Records { get; init; } = [];
    /// <summary>Columns of the map that the file does not have.</summary>
    public IReadOnlyList<string> AbsentColumns { get; init; } = [];
    /// <summary>Columns of the file that the map does not use.</summary>
    public IReadOnlyList<string> UnusedColumns { get; init; } = [];
    /// <summary>The first refused rows, as many as were asked for.</summary>
    public IReadOnlyList<RejectedRow> Rejected { get; init; } = [];
    /// <summary>In a dry run: the first records that would be written.</summary>
    public IReadOnlyList<object> Samples { get; init; } = [];
}
