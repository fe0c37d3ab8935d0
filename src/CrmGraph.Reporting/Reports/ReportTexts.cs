using System.Collections.Frozen;
using CrmGraph.Reporting.Access;

namespace CrmGraph.Reporting.Reports;

/// <summary>The words of the reports that come with the product, in other languages; the English text is their name. What users wrote stays as it is.</summary>
internal static class ReportTexts
{
    private static readonly Lazy<FrozenDictionary<string, string>> _chinese = new(() => Language.ChineseWords("reports"));

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
}
