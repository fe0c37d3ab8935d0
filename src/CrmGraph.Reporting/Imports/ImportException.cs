using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Imports;

/// <summary>Codes of everything that stops an import before or while it runs. Single rows that are refused have rules instead.</summary>
public static class ImportErrorCodes
{
    [ErrorCode(ErrorPlace.Import, 400, "the map cannot be; the message names every mistake with its line", "mend it")]
    public const string MapInvalid = "MAP_INVALID";
    [ErrorCode(ErrorPlace.Import, 400, "no map of that name, or none given", "`?map=NAME` with one of those listed")]
    public const string MapUnknown = "MAP_UNKNOWN";
    [ErrorCode(ErrorPlace.Import, 422, "the file lacks a column that the map needs", "use the map of this file")]
    public const string ColumnMissing = "COLUMN_MISSING";
    [ErrorCode(ErrorPlace.Import, 422, "empty, broken, not the text that the map says", "say the right encoding and delimiter in the map")]
    public const string FileUnreadable = "FILE_UNREADABLE";
    [ErrorCode(ErrorPlace.Import, 422, "every row was refused; `refused` in the report says why", "mend the map, or the file")]
    public const string NothingUsed = "NOTHING_USED";
    [ErrorCode(ErrorPlace.Import, 422, "what the map looks up in is not there, cannot be read, or has two values for one key", "send it, make it right")]
    public const string LookupInvalid = "LOOKUP_INVALID";
    [ErrorCode(ErrorPlace.Import, 422, "one of the limits of imports", "split the file")]
    public const string LimitExceeded = "IMPORT_LIMIT_EXCEEDED";
    [ErrorCode(
        ErrorPlace.Import,
        507,
        "the disk of the database is full; what was written until then stays. A mutation has it as the error of its field, with 200 and nothing written",
        "make room and send it again")]
    public const string StorageFull = "STORAGE_FULL";
}

/// <summary>The import cannot be done as asked: the code, and a message that says what would be right.</summary>
public sealed class ImportException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
