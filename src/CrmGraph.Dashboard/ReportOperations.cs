using System.Text.Json;

namespace CrmGraph.Dashboard;

/// <summary>The operations of the reports' pages, and their results.</summary>
internal static class ReportOperations
{
    public static readonly Operation<ReportsData> Reports = new("reports");
    public static readonly Operation<ReportData> Report = new("report");
    public static readonly Operation<ReportRanData> Run = new("report-run");
    public static readonly Operation<ReportResultData> Result = new("report-result");
    public static readonly Operation<Outcome<ReportFindings>> Findings = new("report-findings");
    public static readonly Operation<Outcome<ReportSaved>> Create = new("report-create");
    public static readonly Operation<Outcome<ReportSaved>> Update = new("report-update");

    public static readonly Operation<ReportKnown> Known = new("report-known");
    public static readonly Operation<ReportKnown> KnownByKey = new("report-known-by-key");
    public static readonly Operation<ReportVersionsData> Versions = new("report-versions");
    public static readonly Operation<Outcome<ReportShared>> Share = new("report-visibility");

    /// <summary>Whether a page is about a row that there is; what an address has is an ID, or the key of a dashboard.</summary>
    public static async Task<bool> IsThereAsync(Graph graph, string part)
    {
        // Who may not ask is told so by the page.
        if (!graph.TryEnter())
            return true;
        var answer = IsKey(part)
            ? await graph.RunAsync(KnownByKey, new { key = part }, default)
            : await graph.RunAsync(Known, new { id = Routes.IdOf(part) }, default);
        return answer is { Data.Known: not null } or { Problem: not null };
    }

    /// <summary>Keys begin with a small letter, IDs do not.</summary>
    public static bool IsKey(string part) => part.Length > 0 && char.IsAsciiLetterLower(part[0]);

    public static string NewKey(string kind) => $"{kind}-{Guid.NewGuid():n}"[..20];
}

public sealed record ReportsData(Listed<ReportRow> ReportDefinitions);

public sealed record ReportRow(
    string Id, string Key, string Title, int Version, bool IsTemplate, string? BrokenReason, DateTime UpdatedAt, ReportAbout Content);

public sealed record ReportAbout(string Purpose, string Audience, string? Summary);

public sealed record ReportData(ReportNow? ReportDefinition);

public sealed record ReportNow(
    string Id, string Key, string Title, int Version, bool IsTemplate, string? BrokenReason, IReadOnlyList<string> VisibleTo, ReportContent Content,
    Listed<ReportRunRow> Results, ReportOutcome? KeptResult);

public sealed record ReportContent(
    string Purpose, string Audience, string? Summary, string Layout, string? Conclusion, IReadOnlyList<ReportParameter> Parameters,
    IReadOnlyList<DashboardTile> Sections);

public sealed record ReportRunRow(string Id, DateTime AsOf, int Version, IReadOnlyList<ReportDays> Periods);

public sealed record ReportParameter(string Name, string Type, string? Label, JsonElement? Default, IReadOnlyList<JsonElement>? AllowedValues);

public sealed record ReportOutcome(
    DateTime AsOf, int Version, bool IsKept, JsonElement Parameters, IReadOnlyList<ReportDays> Periods, IReadOnlyList<ReportPart> Sections,
    string Id = "", string? Findings = null, string? FindingsBy = null);

public sealed record ReportDays(DateOnly Start, DateOnly Through);

public sealed record ReportPart(string Heading, string? Text, string Chart, JsonElement? Data, IReadOnlyList<JsonElement>? Errors);

public sealed record ReportRanData(ReportRan Ran);

public sealed record ReportRan(ReportOutcome? ReportResult, IReadOnlyList<Refusal>? Errors);

public sealed record ReportResultData(ReportOutcome? Result);

public sealed record ReportFindings(FoundNow? ReportResult, IReadOnlyList<Refusal>? Errors);

public sealed record FoundNow(string Id, string? Findings, string? FindingsBy);

public sealed record ReportSaved(SavedVersion? ReportDefinition, IReadOnlyList<ReportRefusal>? Errors);

public sealed record SavedVersion(string Id, int Version);

public sealed record ReportKnown(OnlyId? Known);

public sealed record ReportVersionsData(ReportVersionsOf? ReportDefinition);

public sealed record ReportVersionsOf(IReadOnlyList<ReportVersionRow> Versions);

public sealed record ReportVersionRow(int Version, string Title, string SavedBy, DateTime SavedAt, ReportContent Content);

public sealed record ReportShared(SharedNow? ReportDefinition, IReadOnlyList<Refusal>? Errors);

public sealed record SharedNow(string Id, IReadOnlyList<string> VisibleTo);

public sealed record ReportRefusal(string Message, string CodeLabel, IReadOnlyList<ReportProblem>? Problems = null) : Refusal(Message, CodeLabel);

public sealed record ReportProblem(string Part, string Message);
