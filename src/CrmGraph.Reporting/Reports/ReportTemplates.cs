using System.Text.Json;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace CrmGraph.Reporting.Reports;

/// <summary>A report that comes with the product.</summary>
public sealed record ReportTemplate(string Key, string Title, ReportContent Content);

/// <summary>The built-in reports, one file each in <c>Reports/Templates</c>. The defaults of parameters are JSON.</summary>
public static class ReportTemplates
{
    public static IReadOnlyList<ReportTemplate> Load()
    {
        var yaml = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
        var assembly = typeof(ReportTemplates).Assembly;
        return [.. from name in assembly.GetManifestResourceNames()
                   where name.StartsWith("reports/", StringComparison.Ordinal)
                   orderby name
                   select Read(yaml, assembly.GetManifestResourceStream(name)!).ToTemplate()];
    }

    private static TemplateFile Read(IDeserializer yaml, Stream stream)
    {
        using var reader = new StreamReader(stream);
        return yaml.Deserialize<TemplateFile>(reader);
    }

    private sealed class TemplateFile
    {
        public required string Key { get; set; }
        public required string Title { get; set; }
        public required string Purpose { get; set; }
        public required string Audience { get; set; }
        public string? Summary { get; set; }
        public string Layout { get; set; } = nameof(ReportLayout.Page);
        public List<ParameterPart> Parameters { get; set; } = [];
        public required List<SectionPart> Sections { get; set; }
        public string? Conclusion { get; set; }

        public ReportTemplate ToTemplate() => new(Key, Title, new ReportContent
        {
            Purpose = Named<ReportPurpose>(Purpose),
            Audience = Audience,
            Summary = Summary,
            Layout = Named<ReportLayout>(Layout),
            Parameters = Parameters.ConvertAll(p => new ReportParameter
            {
                Name = p.Name,
                Type = p.Type,
                Label = p.Label,
                Default = p.Default is null ? null : JsonSerializer.Deserialize<JsonElement>(p.Default),
            }),
            Sections = Sections.ConvertAll(
                s => new ReportSection { Heading = s.Heading, Text = s.Text, Operation = s.Operation, Chart = Named<ChartKind>(s.Chart), Width = s.Width }),
            Conclusion = Conclusion,
        });

        private static T Named<T>(string text) where T : struct, Enum => Enum.Parse<T>(text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
    }

    private sealed class ParameterPart
    {
        public required string Name { get; set; }
        public required string Type { get; set; }
        public string? Label { get; set; }
        public string? Default { get; set; }
    }

    private sealed class SectionPart
    {
        public required string Heading { get; set; }
        public string? Text { get; set; }
        public string? Operation { get; set; }
        public string Chart { get; set; } = nameof(ChartKind.None);
        public int? Width { get; set; }
    }
}
