using System.Text.Json;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Reports;

/// <summary>A section of a report with its data.</summary>
public sealed record ReportSectionResult
{
    /// <summary>The heading of the section.</summary>
    public required string Heading { get; init; }
    /// <summary>The text of the section.</summary>
    public string? Text { get; init; }
    /// <summary>How the section should be drawn.</summary>
    public required ChartKind Chart { get; init; }
    /// <summary>The `data` of the operation's response; null for a section with text only, or if the operation failed.</summary>
    [GraphQLType("Any")] public JsonElement? Data { get; init; }
    /// <summary>The `errors` of the operation's response; null if there were none.</summary>
    [GraphQLType("[Any!]")] public IReadOnlyList<JsonElement>? Errors { get; init; }

    internal static IReadOnlyList<ReportSectionResult> Read(string document)
    {
        var sections = JsonSerializer.Deserialize<List<Kept>>(document, ReportJson.Options) ?? [];
        return sections.ConvertAll(s => new ReportSectionResult
        {
            Heading = s.Heading,
            Text = s.Text,
            Chart = s.Chart,
            Data = s.Result is { Data: { ValueKind: not JsonValueKind.Null } data } ? data : null,
            Errors = s.Result?.Errors,
        });
    }

    private sealed record Kept(string Heading, string? Text, ChartKind Chart, KeptResponse? Result);

    private sealed record KeptResponse(JsonElement? Data, IReadOnlyList<JsonElement>? Errors);
}
