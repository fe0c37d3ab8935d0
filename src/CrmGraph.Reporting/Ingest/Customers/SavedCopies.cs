using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Ingest.Customers;

/// <summary>
/// Copies of personal data in what users saved. Kept results that show rows go, whoever they name, for a figure or a city tells a person too; of the
/// others those that name him. Segments, reports with all their versions, goals, annotations, and the old rows of all lose the names.
/// </summary>
internal sealed partial class SavedCopies(CrmDbContext context, PersonalNames names)
{
    private static readonly string[] Definitions = ["segments", "report_definitions", "goals", "annotations", "custom_metrics"];
    // Texts of a definition that are words of the schema.
    private static readonly string[] SchemaWords = ["purpose", "chart", "type"];
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task EraseAsync(CancellationToken cancellationToken)
    {
        foreach (var segment in await context.Segments.ToListAsync(cancellationToken))
        {
            (segment.Name, segment.Description) = (names.Without(segment.Name), Text(segment.Description));
            (segment.Definition, segment.BrokenReason) = (Document(segment.Definition), Text(segment.BrokenReason));
        }

        foreach (var report in await context.ReportDefinitions.ToListAsync(cancellationToken))
            (report.Title, report.Document, report.BrokenReason)
                = (names.Without(report.Title), Document(report.Document)!, Text(report.BrokenReason));
        foreach (var version in await context.ReportVersions.ToListAsync(cancellationToken))
            (version.Title, version.Document) = (names.Without(version.Title), Document(version.Document)!);
        foreach (var goal in await context.Goals.ToListAsync(cancellationToken))
            (goal.Name, goal.Description, goal.Condition) = (names.Without(goal.Name), Text(goal.Description), Document(goal.Condition));
        foreach (var metric in await context.CustomMetrics.ToListAsync(cancellationToken))
        {
            (metric.Label, metric.LabelZh) = (names.Without(metric.Label), Text(metric.LabelZh));
            (metric.Description, metric.Condition) = (Text(metric.Description), Document(metric.Condition));
        }

        foreach (var version in await context.CustomMetricVersions.ToListAsync(cancellationToken))
            version.Condition = Document(version.Condition);
        foreach (var annotation in await context.Annotations.ToListAsync(cancellationToken))
            (annotation.Text, annotation.DimensionKey) = (names.Without(annotation.Text), Text(annotation.DimensionKey));
        await context.SaveChangesAsync(cancellationToken);
        await DropResultsAsync(cancellationToken);
        await BlankOldRowsAsync(cancellationToken);
    }

    private async Task DropResultsAsync(CancellationToken cancellationToken)
    {
        await context.ReportResults.Where(r => r.HasRows).ExecuteDeleteAsync(cancellationToken);
        var naming = new List<Guid>();
        await foreach (var result in context.ReportResults.AsNoTracking().Select(r => new { r.Id, r.Parameters, r.Document }).AsAsyncEnumerable()
            .WithCancellation(cancellationToken))
            if (names.AreIn(result.Parameters) || names.AreIn(result.Document))
                naming.Add(result.Id);
        await context.ReportResults.Where(r => naming.Contains(r.Id)).ExecuteDeleteAsync(cancellationToken);
        foreach (var result in await context.ReportResults.AsNoTracking().Where(r => r.Findings != null).Select(r => new { r.Id, r.Findings })
            .ToListAsync(cancellationToken))
            if (names.AreIn(result.Findings!))
                await context.ReportResults.Where(r => r.Id == result.Id)
                    .ExecuteUpdateAsync(x => x.SetProperty(r => r.Findings, names.Without(result.Findings!)), cancellationToken);
    }

    private async Task BlankOldRowsAsync(CancellationToken cancellationToken)
    {
        var naming = new List<long>();
        await foreach (var old in context.History.AsNoTracking().Where(h => Definitions.Contains(h.Table)).Select(h => new { h.Sequence, h.Row })
            .AsAsyncEnumerable()
            .WithCancellation(cancellationToken))
            if (Document(old.Row) != old.Row)
                naming.Add(old.Sequence);
        await context.History.Where(h => naming.Contains(h.Sequence)).ExecuteUpdateAsync(x => x.SetProperty(h => h.Row, "{}"), cancellationToken);
    }

    private string? Text(string? text) => text is null ? null : names.Without(text);

    /// <summary>A JSON document without the names; one that holds none stays letter by letter.</summary>
    internal string? Document(string? document)
    {
        if (document is null)
            return null;
        try
        {
            var root = JsonNode.Parse(document);
            return Change(root, null) ? root!.ToJsonString(Json) : document;
        }
        catch (JsonException)
        {
            return names.Without(document);
        }
    }

    private bool Change(JsonNode? node, string? name)
    {
        switch (node)
        {
            case JsonObject o:
                return o.ToList().Aggregate(false, (changed, p) => Change(p.Value, p.Key) || changed);
            case JsonArray a:
                return a.ToList().Aggregate(false, (changed, item) => Change(item, name) || changed);
            case JsonValue value when value.TryGetValue<string>(out var text) && !SchemaWords.Contains(name):
                var without = name switch
                {
                    "operation" => Operation(text),
                    // Inside an old row.
                    "document" or "definition" or "condition" => Document(text)!,
                    _ => names.Without(text),
                };
                if (without == text)
                    return false;
                value.ReplaceWith(without);
                return true;
            default:
                return false;
        }
    }

    /// <summary>An operation keeps the words of its language: only what stands in quotes or is a comment loses the names.</summary>
    private string Operation(string text) => Quoted().Replace(text, match => match.Value[0] == '#' || match.Value.StartsWith("\"\"\"", StringComparison.Ordinal)
        ? names.Without(match.Value)
        : Unescaped(match.Value) is { } value && names.AreIn(value) ? JsonSerializer.Serialize(names.Without(value), Json) : match.Value);

    private static string? Unescaped(string literal)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(literal);
        }
        catch (JsonException)
        {
            return literal[1..^1];
        }
    }

    [GeneratedRegex("\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|#[^\\n]*")]
    private static partial Regex Quoted();
}
