namespace CrmGraph.Reporting.Reports;

/// <summary>Codes of errors about reports.</summary>
public static class ReportCodes
{
    public const string NotFound = "REPORT_NOT_FOUND";
    public const string Invalid = "REPORT_INVALID";
    /// <summary>The saved definition does not fit today's schema.</summary>
    public const string Broken = "REPORT_BROKEN";
    public const string VersionConflict = "REPORT_VERSION_CONFLICT";
    public const string KeyTaken = "REPORT_KEY_TAKEN";
    public const string InvalidParameter = "REPORT_INVALID_PARAMETER";
}

/// <summary>One thing that is wrong with a report's content.</summary>
/// <param name="Part">Where: <c>parameters[0]</c>, <c>sections[2].operation</c>.</param>
/// <param name="Line">Line in the operation, from 1, when the problem is there.</param>
/// <param name="Column">Column in the operation, from 1.</param>
public sealed record ReportProblem(string Part, string Message, int? Line = null, int? Column = null);
