using System.Text.Json;

namespace CrmGraph.Dashboard;

/// <summary>The operations of the reports' pages, and their results.</summary>
internal static class ReportOperations
{
    public static readonly Operation<ReportsData> Reports = new("reports");
    public static readonly Operation<ReportData> Report = new("report");
    public static readonly Operation<ReportRanData> Run = new("report-run");
}

public sealed record ReportsData(Listed<ReportRow> ReportDefinitions);

public sealed record ReportRow(
    string Id, string Key, string Title, int Version, bool IsTemplate, string? BrokenReason, DateTime UpdatedAt, ReportAbout Content);

public sealed record ReportAbout(string Purpose, string Audience, string? Summary);

public sealed record ReportData(ReportNow? ReportDefinition);

public sealed record ReportNow(
    string Id, string Key, string Title, int Version, bool IsTemplate, string? BrokenReason, ReportTexts Content, ReportOutcome? KeptResult);

public sealed record ReportTexts(string Audience, string? Summary, string? Conclusion, IReadOnlyList<ReportParameter> Parameters);

public sealed record ReportParameter(string Name, string Type, string? Label, JsonElement? Default, IReadOnlyList<JsonElement>? AllowedValues);

public sealed record ReportOutcome(
    DateTime AsOf, int Version, bool IsKept, JsonElement Parameters, IReadOnlyList<ReportDays> Periods, IReadOnlyList<ReportPart> Sections);

public sealed record ReportDays(DateOnly From, DateOnly Until);

public sealed record ReportPart(string Heading, string? Text, string Chart, JsonElement? Data, IReadOnlyList<JsonElement>? Errors);

public sealed record ReportRanData(ReportRan Ran);

public sealed record ReportRan(ReportOutcome? ReportResult, IReadOnlyList<Refusal>? Errors);
