using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Exports;

/// <summary>Codes of what keeps an export from being made.</summary>
public static class ExportErrorCodes
{
    [ErrorCode(ErrorPlace.Request, 429, "the caller has `Crm:ExportsPerCaller` exports under way", "read one to its end first, then send it again")]
    public const string TooMany = "TOO_MANY_EXPORTS";
    [ErrorCode(ErrorPlace.Request, 422, "the export is larger than `Crm:ExportBytes`", "name fewer `fields`, or export a smaller segment")]
    public const string TooLarge = "EXPORT_TOO_LARGE";
}
