using System.Text.Json;
using System.Text.Json.Serialization;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Reporting.Reports;

/// <summary>What a report is for; decides which figures belong in it.</summary>
public enum ReportPurpose { CustomerNeeds, SalesProgress, CampaignEffect, Satisfaction, CustomerGrowth, Management, Other }

/// <summary>How a section wants to be drawn. The data are the same for all kinds.</summary>
public enum ChartKind { None, Number, Table, Bar, Line, Pie, Scatter, Radar, Funnel }

/// <summary>The content of one version of a report.</summary>
public sealed record ReportContent
{
    public required ReportPurpose Purpose { get; init; }
    /// <summary>Who reads it, such as "sales" or "marketing".</summary>
    public required string Audience { get; init; }
    /// <summary>The main findings in short.</summary>
    public string? Summary { get; init; }
    public IReadOnlyList<ReportParameter> Parameters { get; init; } = [];
    public required IReadOnlyList<ReportSection> Sections { get; init; }
    /// <summary>Recommendations.</summary>
    public string? Conclusion { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Options);

    public static ReportContent FromJson(string json) =>
        JsonSerializer.Deserialize<ReportContent>(json, ReportJson.Options) ?? throw new JsonException("A report's content is an object.");
}

/// <summary>The content of a report as a client gives it.</summary>
public sealed record ReportContentInput
{
    public required ReportPurpose Purpose { get; init; }
    /// <summary>Who reads it, such as "sales" or "marketing".</summary>
    public required string Audience { get; init; }
    /// <summary>The main findings in short.</summary>
    public string? Summary { get; init; }
    public IReadOnlyList<ReportParameter>? Parameters { get; init; }
    public required IReadOnlyList<ReportSection> Sections { get; init; }
    /// <summary>Recommendations.</summary>
    public string? Conclusion { get; init; }

    internal ReportContent ToContent() =>
        new() { Purpose = Purpose, Audience = Audience, Summary = Summary, Parameters = Parameters ?? [], Sections = Sections, Conclusion = Conclusion };
}

/// <summary>A value to give when the report is run. It becomes the variable of the same name in every section that declares it.</summary>
public sealed record ReportParameter
{
    /// <summary>A GraphQL name.</summary>
    public required string Name { get; init; }
    /// <summary>A GraphQL input type as written in a document: <c>PeriodInput!</c>.</summary>
    public required string Type { get; init; }
    public string? Label { get; init; }
    /// <summary>Taken when no value is given.</summary>
    [GraphQLType("Any")] public JsonElement? Default { get; init; }
    /// <summary>When given, no other value is taken.</summary>
    [GraphQLType("[Any!]")] public IReadOnlyList<JsonElement>? AllowedValues { get; init; }
}

/// <summary>A part of a report: text, and the data of one GraphQL query.</summary>
public sealed record ReportSection
{
    public required string Heading { get; init; }
    public string? Text { get; init; }
    /// <summary>A document with one query operation; null for a section of text only.</summary>
    public string? Operation { get; init; }
    [DefaultValue("NONE")] public ChartKind Chart { get; init; }
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
