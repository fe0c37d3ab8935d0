namespace CrmGraph.Reporting.Imports;

/// <summary>Codes of everything that stops an import before or while it runs. Single rows that are refused have rules instead.</summary>
public static class ImportErrorCodes
{
    public const string MapInvalid = "MAP_INVALID";
    public const string MapUnknown = "MAP_UNKNOWN";
    public const string ColumnMissing = "COLUMN_MISSING";
    public const string FileUnreadable = "FILE_UNREADABLE";
    public const string LimitExceeded = "IMPORT_LIMIT_EXCEEDED";
}

/// <summary>The import cannot be done as asked: the code, and a message that says what would be right.</summary>
public sealed class ImportException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
