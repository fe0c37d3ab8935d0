using System.Text.Json;
using System.Text.Json.Nodes;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Dashboard;

/// <summary>A report while it is written.</summary>
internal sealed class ReportDraft(ReportNow? report)
{
    private static readonly GraphQLLimits _limits = new();

    // A new report begins with something that runs.
    private static readonly ReportParameter[] _firstParameters =
        [new("period", "PeriodInput!", null, JsonSerializer.SerializeToElement(new { last = new { count = 1, unit = "MONTH", complete = true } }), null)];
    private static readonly DashboardTile[] _firstSections =
    [
        new("", null, "query ($period: PeriodInput!) {\n  metrics(period: $period) {\n    currency\n    totals { revenue { value } orders { value } }\n  }\n}",
            "NUMBER", null),
    ];

    public string Key { get; set; } = "";
    public string Title { get; set; } = report?.Title ?? "";
    public string Purpose { get; set; } = report?.Content.Purpose ?? "OTHER";
    public string Audience { get; set; } = report?.Content.Audience ?? "";
    public string? Summary { get; set; } = report?.Content.Summary;
    public string? Conclusion { get; set; } = report?.Content.Conclusion;
    public List<ParameterDraft> Parameters { get; } = [.. (report?.Content.Parameters ?? _firstParameters).Select(p => new ParameterDraft(p))];
    public List<SectionDraft> Sections { get; } = [.. (report?.Content.Sections ?? _firstSections).Select(s => new SectionDraft(s))];

    /// <exception cref="JsonException">A default value is no JSON.</exception>
    public ReportContent Content => new(
        Purpose, Audience, NullIfEmpty(Summary), report?.Content.Layout ?? "PAGE", NullIfEmpty(Conclusion), [.. Parameters.Select(p => p.Parameter)],
        [.. Sections.Select(s => s.Section)]);

    /// <summary>What a section asks, with the parameters' default values; or why it cannot be shown.</summary>
    public (Shown? Shown, string? Problem) Preview(SectionDraft section)
    {
        try
        {
            var operations = Parser.Parse(section.Operation, _limits).Definitions.OfType<OperationDefinitionNode>().ToList();
            // A preview reads: nothing is written by looking at it.
            if (operations is not [{ Operation: OperationKind.Query } query])
                return (null, "A section has one query.");
            var declared = query.VariableDefinitions.Select(v => v.Variable.Name.Value).ToHashSet();
            var values = Parameters.Select(p => p.Parameter).Where(p => declared.Contains(p.Name) && p.Default is not null)
                .Select(p => KeyValuePair.Create(p.Name, JsonSerializer.SerializeToNode(p.Default)));
            return (new(section.Operation, new JsonObject(values).ToJsonString()), null);
        }
        catch (SyntaxException e)
        {
            return (null, e.Message);
        }
        catch (JsonException e)
        {
            return (null, e.Message);
        }
    }

    internal static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

internal sealed class ParameterDraft(ReportParameter? known)
{
    private Condition? _value;
    private string? _typeOfValue;

    public string Name { get; set; } = known?.Name ?? "";
    public string Type { get; set; } = known?.Type ?? "PeriodInput!";
    public string? Label { get; set; } = known?.Label;
    /// <summary>JSON, where the type is unknown or the value says more than a form can show.</summary>
    public string? Standard { get; set; } = known?.Default is { } value ? value.GetRawText() : null;

    public ReportParameter Parameter => new(
        Name, Type, ReportDraft.NullIfEmpty(Label),
        _value is { } form ? form.ToJson() is { } chosen ? JsonSerializer.SerializeToElement(chosen) : null
        : ReportDraft.NullIfEmpty(Standard) is { } json ? JsonSerializer.Deserialize<JsonElement>(json) : null,
        known?.AllowedValues);

    /// <summary>The default as a form; null where there is none for it.</summary>
    public Condition? Form(Schema schema)
    {
        if (_typeOfValue == Type)
            return _value;
        // Of another type, the value of before means nothing.
        var isFirst = _typeOfValue is null;
        (_value, _typeOfValue) = (null, Type);
        try
        {
            if (TypeIn(schema, Type.Trim()) is { } type)
                _value = Condition.Of(type, isFirst && Standard is { } json ? JsonNode.Parse(json) : null);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            // It stays JSON.
        }

        return _value;
    }

    /// <summary>An input type as a parameter writes it; null when there is none of that name.</summary>
    public static GraphQLType? TypeIn(Schema schema, string text) =>
        text is [.. var inner, '!'] ? TypeIn(schema, inner) is { } one ? new NonNullType(one) : null
        : text is ['[', .. var item, ']'] ? TypeIn(schema, item) is { } each ? new ListType(each) : null
        : schema.Type(text) is { } type and (InputObjectType or ScalarType or EnumType) ? type : null;
}

internal sealed class SectionDraft(DashboardTile known)
{
    public string Heading { get; set; } = known.Heading;
    public string? Text { get; set; } = known.Text;
    public string Operation { get; set; } = known.Operation ?? "";
    public string Chart { get; set; } = known.Chart;
    /// <summary>The answer to the last preview.</summary>
    public JsonElement? Answer { get; set; }
    public string? Problem { get; set; }

    public DashboardTile Section => new(Heading, ReportDraft.NullIfEmpty(Text), ReportDraft.NullIfEmpty(Operation), Chart, known.Width);
}
