using System.Collections.Frozen;
using System.Text.Json;
using CrmGraph.Reporting.Access;

namespace CrmGraph.Reporting.Reports;

/// <summary>The words of the reports that come with the product, in other languages; the English text is their name. What users wrote stays as it is.</summary>
internal static class ReportTexts
{
    private static readonly Lazy<FrozenDictionary<string, string>> _chinese = new(() => Load("zh"));

    public static IEnumerable<string> Known => _chinese.Value.Keys;

    public static string In(Language language, string text) => language == Language.Chinese ? _chinese.Value.GetValueOrDefault(text, text) : text;

    public static ReportContent In(Language language, ReportContent content) => language == Language.English ? content : content with
    {
        Audience = In(language, content.Audience),
        Summary = Of(language, content.Summary),
        Parameters = [.. content.Parameters.Select(p => p with { Label = Of(language, p.Label) })],
        Sections = [.. content.Sections.Select(s => s with { Heading = In(language, s.Heading), Text = Of(language, s.Text) })],
        Conclusion = Of(language, content.Conclusion),
    };

    private static string? Of(Language language, string? text) => text is null ? null : In(language, text);

    private static FrozenDictionary<string, string> Load(string language)
    {
        using var stream = typeof(ReportTexts).Assembly.GetManifestResourceStream($"words/{language}.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
