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
    [ErrorCode(ErrorPlace.Payload, 200, "parameters of a run are missing, unknown or do not fit; they are listed (`keptResult`: a field's error)", "mend them")]
    public const string InvalidParameter = "REPORT_INVALID_PARAMETER";
}

/// <summary>One thing that is wrong with a report's content.</summary>
/// <param name="Part">Where: <c>parameters[0]</c>, <c>sections[2].operation</c>.</param>
/// <param name="Line">Line in the operation, from 1, when the problem is there.</param>
/// <param name="Column">Column in the operation, from 1.</param>
public sealed record ReportProblem(string Part, string Message, int? Line = null, int? Column = null);
