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

    // A new report begins with a period that has figures.
    private static readonly ReportParameter[] _firstParameters =
        [new("period", "PeriodInput!", null, JsonSerializer.SerializeToElement(new { last = new { count = 12, unit = "MONTH", complete = true } }), null)];

    private MetricCatalog? _catalog;

    public string Key { get; set; } = "";
    public string Title { get; set; } = report?.Title ?? "";
    public string Purpose { get; set; } = report?.Content.Purpose ?? "OTHER";
    public string Audience { get; set; } = report?.Content.Audience ?? "";
    public string? Summary { get; set; } = report?.Content.Summary;
    public string? Conclusion { get; set; } = report?.Content.Conclusion;
    public List<ParameterDraft> Parameters { get; } = [.. (report?.Content.Parameters ?? _firstParameters).Select(p => new ParameterDraft(p))];
    public List<SectionDraft> Sections { get; } = [.. (report?.Content.Sections ?? []).Select(s => new SectionDraft(s))];

    /// <summary>Sections that the controls can show are shown with them, as soon as it is known what there is to choose.</summary>
    public void Know(MetricCatalog catalog, Schema schema)
    {
        _catalog = catalog;
        foreach (var section in Sections)
            Control(section, schema);
        if (Sections.Count == 0)
            Add(schema);
    }

    public void Add(Schema schema) => Sections.Add(new(new("", null, null, "LINE", null))
    {
        Built = new(BuilderChoice.First(null)), Where = Condition.Of(schema.Type(BuilderTile.FilterType)!),
    });

    /// <summary>Shows a section with the controls, if they can say all of it. A filter that it alone has is edited with it.</summary>
    public bool Control(SectionDraft section, Schema schema)
    {
        if (BuilderTile.Of(section.Written, _catalog!) is not { } built)
            return false;
        var own = built.Filter == BuilderTile.SharedFilter || Sections.Count(s => s.Operation.Contains('$' + built.Filter, StringComparison.Ordinal)) > 1
            ? null : Parameters.Find(p => p.Name == built.Filter);
        try
        {
            section.Where = Condition.Of(
                schema.Type(BuilderTile.FilterType)!, own?.Parameter.Default is { ValueKind: JsonValueKind.Object } filter ? JsonObject.Create(filter) : null);
        }
        catch (FormatException)
        {
            return false;
        }

        if (own is not null)
            Parameters.Remove(own);
        section.Built = built;
        return true;
    }

    /// <summary>Writes a section's query down, to be changed by hand.</summary>
    public void Write(SectionDraft section)
    {
        var (sections, parameters) = Parts();
        section.WriteByHand(sections[Sections.IndexOf(section)].Operation ?? "");
        var missing = parameters.Where(p => Parameters.All(k => k.Name != p.Name) && section.Operation.Contains('$' + p.Name, StringComparison.Ordinal));
        Parameters.AddRange(missing.Select(p => new ParameterDraft(p)));
    }

    /// <exception cref="JsonException">A default value is no JSON.</exception>
    public ReportContent Content
    {
        get
        {
            var (sections, parameters) = Parts();
            return new(Purpose, Audience, NullIfEmpty(Summary), report?.Content.Layout ?? "PAGE", NullIfEmpty(Conclusion), parameters, sections);
        }
    }

    /// <summary>The sections as they are saved, and all parameters that they need.</summary>
    private (IReadOnlyList<DashboardTile> Sections, IReadOnlyList<ReportParameter> Parameters) Parts()
    {
        IReadOnlyList<ReportParameter> parameters = [.. Parameters.Select(p => p.Parameter)];
        var sections = new List<DashboardTile>();
        foreach (var section in Sections)
        {
            if (section.Built is not { } built)
            {
                sections.Add(section.Written);
                continue;
            }

            var where = section.Where?.ToJson() is JsonObject { Count: > 0 } filter ? filter : null;
            (var tile, parameters) = (built with { Choice = built.Choice with { Chart = section.Chart } }).In(parameters, section.Heading, _catalog!, where);
            sections.Add(section.Written with { Operation = tile.Operation, Chart = section.Chart });
        }

        return (sections, parameters);
    }

    /// <summary>What a section asks, with the parameters' default values; or why it cannot be shown.</summary>
    public (Shown? Shown, string? Problem) Preview(SectionDraft section)
    {
        try
        {
            var (sections, parameters) = Parts();
            var operation = sections[Sections.IndexOf(section)].Operation ?? "";
            var operations = Parser.Parse(operation, _limits).Definitions.OfType<OperationDefinitionNode>().ToList();
            // A preview reads: nothing is written by looking at it.
            if (operations is not [{ Operation: OperationKind.Query } query])
                return (null, "A section has one query.");
            var declared = query.VariableDefinitions.Select(v => v.Variable.Name.Value).ToHashSet();
            var values = parameters.Where(p => declared.Contains(p.Name) && p.Default is not null)
                .Select(p => KeyValuePair.Create(p.Name, JsonSerializer.SerializeToNode(p.Default)));
            return (new(operation, new JsonObject(values).ToJsonString()), null);
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
    /// <summary>What the controls say; null for a section that is written by hand.</summary>
    public BuilderTile? Built { get; set; }
    /// <summary>The filter of the section alone, beside the controls.</summary>
    public Condition? Where { get; set; }
    /// <summary>How often a preview was asked for.</summary>
    public int Asked { get; set; }
    /// <summary>The answer to the last preview.</summary>
    public JsonElement? Answer { get; set; }
    public string? Problem { get; set; }

    /// <summary>
    /// Lines that are shown of the operation: as many as it had when it was shown first. What is typed is known when the text is left, by pressing the button below
    /// it: if that moved then, it would not be pressed.
    /// </summary>
    public int Lines { get; private set; } = LinesOf(known.Operation ?? "");

    /// <summary>From now on without the controls.</summary>
    public void WriteByHand(string operation) => (Operation, Lines, Built) = (operation, LinesOf(operation), null);

    private static int LinesOf(string operation) => Math.Clamp(operation.Count(c => c == '\n') + 2, 4, 24);

    /// <summary>As it is written by hand.</summary>
    public DashboardTile Written => new(Heading, ReportDraft.NullIfEmpty(Text), ReportDraft.NullIfEmpty(Operation), Chart, known.Width);
}
