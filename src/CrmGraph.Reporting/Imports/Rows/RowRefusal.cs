namespace CrmGraph.Reporting.Imports.Rows;

/// <summary>Rules under which the importer itself refuses rows. Maps add their own names, the writer its codes.</summary>
public static class RefusalRules
{
    public const string RaggedRow = "ragged-row";
    public const string BadQuote = "bad-quote";
    public const string RecordTooLong = "record-too-long";
    public const string TooManyColumns = "too-many-columns";
    public const string InvalidCharacter = "invalid-character";
    public const string MissingValue = "missing-value";
    public const string InvalidValue = "invalid-value";
    /// <summary>Skipped, not refused: the row is like an earlier one in all columns that the map uses (<c>rows.distinct</c>).</summary>
    public const string RepeatedRow = "repeated-row";
    /// <summary>Skipped, not refused: another row of its key comes after it (<c>rows.last</c>).</summary>
    public const string NotLast = "not-last";
    /// <summary>Skipped, not refused: the map made no record of the row.</summary>
    public const string NoRecord = "no-record";
}

/// <summary>Why a row is refused.</summary>
/// <param name="Rule">A name of <see cref="RefusalRules"/>, of a rule in the map, or a code of the writer.</param>
/// <param name="Field">The field at fault, <c>line.quantity</c>; null when it is the whole row.</param>
public sealed record RowRefusal(string Rule, string? Field, string Message)
{
    /// <summary>Several mistakes of one row: it counts under the first, and tells them all.</summary>
    public static RowRefusal Of(IReadOnlyList<RowRefusal> mistakes) => mistakes[0] with
    {
        Message = string.Join("; ", mistakes.Select((mistake, i) => i == 0 || mistake.Field is null ? mistake.Message : $"{mistake.Field}: {mistake.Message}")
            .Distinct(StringComparer.Ordinal)),
    };
}
