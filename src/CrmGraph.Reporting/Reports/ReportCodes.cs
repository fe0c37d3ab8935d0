using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Reports;

/// <summary>Codes of errors about reports.</summary>
public static class ReportCodes
{
    [ErrorCode(ErrorPlace.Payload, 200, "no such report or version", "look it up again")]
    public const string NotFound = "REPORT_NOT_FOUND";
    [ErrorCode(ErrorPlace.Payload, 200, "the content has problems; they are listed", "mend them")]
    public const string Invalid = "REPORT_INVALID";
    [ErrorCode(ErrorPlace.Field, 200, "the saved report does not fit today's schema", "save it anew")]
    public const string Broken = "REPORT_BROKEN";
    [ErrorCode(ErrorPlace.Payload, 200, "somebody else saved a newer version", "take theirs, change it again")]
    public const string VersionConflict = "REPORT_VERSION_CONFLICT";
    [ErrorCode(ErrorPlace.Payload, 200, "another report has the key", "choose another")]
    public const string KeyTaken = "REPORT_KEY_TAKEN";
    [ErrorCode(
        ErrorPlace.Payload,
        200,
        "parameters of a run are missing, unknown or do not fit; they are listed (`keptResult`, `currentReportResult`: a field's error)",
        "mend them")]
    public const string InvalidParameter = "REPORT_INVALID_PARAMETER";
}

/// <summary>Something that is wrong with the content of a report.</summary>
/// <param name="Part">The part at fault, such as `parameters[0]` or `sections[2].operation`.</param>
/// <param name="Message">What is wrong and how to correct it.</param>
/// <param name="Line">The line in the operation, counted from 1; null if the problem is not in one.</param>
/// <param name="Column">The column in the operation, counted from 1; null if the problem is not in one.</param>
public sealed record ReportProblem(string Part, string Message, int? Line = null, int? Column = null);
