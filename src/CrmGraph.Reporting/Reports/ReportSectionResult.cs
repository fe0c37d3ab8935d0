using System.Text.Json;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Reports;

/// <summary>A section of a report with its data.</summary>
public sealed record ReportSectionResult
{
    public required string Heading { get; init; }
    public string? Text { get; init; }
    public required ChartKind Chart { get; init; }
    /// <summary>The <c>data</c> of the operation's response; null for a section of text or when the operation failed.</summary>
    [GraphQLType("Any")] public JsonElement? Data { get; init; }
    /// <summary>The <c>errors</c> of the operation's response; null when there were none.</summary>
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
