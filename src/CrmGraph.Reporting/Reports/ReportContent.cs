using System.Text.Json;
using System.Text.Json.Serialization;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Reports;

/// <summary>What a report is for.</summary>
public enum ReportPurpose
{
    /// <summary>What customers need and are interested in.</summary>
    CustomerNeeds,
    /// <summary>How sales are doing.</summary>
    SalesProgress,
    /// <summary>What marketing campaigns achieve.</summary>
    CampaignEffect,
    /// <summary>How satisfied customers are.</summary>
    Satisfaction,
    /// <summary>How many customers are won and lost.</summary>
    CustomerGrowth,
    /// <summary>An overview for management.</summary>
    Management,
    /// <summary>Any other purpose.</summary>
    Other,
}

/// <summary>How a section should be drawn. The data is the same for all kinds.</summary>
public enum ChartKind
{
    /// <summary>No chart.</summary>
    None,
    /// <summary>A single number.</summary>
    Number,
    /// <summary>A table.</summary>
    Table,
    /// <summary>A bar chart.</summary>
    Bar,
    /// <summary>A line chart.</summary>
    Line,
    /// <summary>A pie chart.</summary>
    Pie,
    /// <summary>A scatter plot.</summary>
    Scatter,
    /// <summary>A radar chart.</summary>
    Radar,
    /// <summary>A funnel chart.</summary>
    Funnel,
    /// <summary>A bar chart whose series stand on top of each other.</summary>
    StackedBar,
    /// <summary>A table of colours: the darker a cell, the greater its value.</summary>
    HeatMap,
    /// <summary>A table of two dimensions, or of one and the time, against each other, with the sums that the operation asks for.</summary>
    Pivot,
}

/// <summary>How the sections of a report are arranged on a screen. The data is the same.</summary>
public enum ReportLayout
{
    /// <summary>Below each other with their texts, as on paper.</summary>
    Page,
    /// <summary>As tiles in rows of twelve columns.</summary>
    Dashboard,
}

/// <summary>The content of one version of a report.</summary>
public sealed record ReportContent
{
    /// <summary>What the report is for.</summary>
    public required ReportPurpose Purpose { get; init; }
    /// <summary>Who the report is written for, such as "sales" or "marketing".</summary>
    public required string Audience { get; init; }
    /// <summary>The main findings in brief.</summary>
    public string? Summary { get; init; }
    /// <summary>How the sections are arranged.</summary>
    // Left out as in the documents of before, so that those are not other ones now.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public ReportLayout Layout { get; init; }
    /// <summary>The values to give when the report is run.</summary>
    public IReadOnlyList<ReportParameter> Parameters { get; init; } = [];
    /// <summary>The sections of the report.</summary>
    public required IReadOnlyList<ReportSection> Sections { get; init; }
    /// <summary>Recommendations.</summary>
    public string? Conclusion { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Options);

    public static ReportContent FromJson(string json)
    {
        var content = JsonSerializer.Deserialize<ReportContent>(json, ReportJson.Options) ?? throw new JsonException("A report's content is an object.");
        return content with
        {
            Parameters = [.. content.Parameters.Select(p => p with { Type = FormerNames.Renew(p.Type) })],
            Sections = [.. content.Sections.Select(s => s with { Operation = s.Operation is { } operation ? FormerNames.Renew(operation) : null })],
        };
    }
}

/// <summary>The content of a report.</summary>
public sealed record ReportContentInput
{
    /// <summary>What the report is for.</summary>
    public required ReportPurpose Purpose { get; init; }
    /// <summary>Who the report is written for, such as "sales" or "marketing".</summary>
    public required string Audience { get; init; }
    /// <summary>The main findings in brief.</summary>
    public string? Summary { get; init; }
    /// <summary>How the sections are arranged.</summary>
    [DefaultValue("PAGE")] public ReportLayout Layout { get; init; }
    /// <summary>The values to give when the report is run.</summary>
    public IReadOnlyList<ReportParameter>? Parameters { get; init; }
    /// <summary>The sections of the report.</summary>
    public required IReadOnlyList<ReportSection> Sections { get; init; }
    /// <summary>Recommendations.</summary>
    public string? Conclusion { get; init; }

    internal ReportContent ToContent() =>
        new()
        {
            Purpose = Purpose,
            Audience = Audience,
            Summary = Summary,
            Layout = Layout,
            Parameters = Parameters ?? [],
            Sections = Sections,
            Conclusion = Conclusion,
        };
}

/// <summary>A value to give when a report is run. It becomes the variable of the same name in every section that declares it.</summary>
public sealed record ReportParameter
{
    /// <summary>The name of the variable.</summary>
    public required string Name { get; init; }
    /// <summary>The GraphQL input type, written as in a document: `PeriodInput!`.</summary>
    public required string Type { get; init; }
    /// <summary>The name of the parameter for people.</summary>
    public string? Label { get; init; }
    /// <summary>The value used if none is given.</summary>
    [GraphQLType("Any")] public JsonElement? Default { get; init; }
    /// <summary>The only values allowed; if omitted, any value is.</summary>
    [GraphQLType("[Any!]")] public IReadOnlyList<JsonElement>? AllowedValues { get; init; }
}

/// <summary>A section of a report: text, and the data of one GraphQL query.</summary>
public sealed record ReportSection
{
    /// <summary>The heading of the section.</summary>
    public required string Heading { get; init; }
    /// <summary>The text of the section.</summary>
    public string? Text { get; init; }
    /// <summary>A document with one query operation; null for a section with text only.</summary>
    public string? Operation { get; init; }
    /// <summary>How the section should be drawn.</summary>
    [DefaultValue("NONE")] public ChartKind Chart { get; init; }
    /// <summary>How many of the twelve columns of a dashboard the section takes; if null, what suits its chart.</summary>
    public int? Width { get; init; }
}

internal static class ReportJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
