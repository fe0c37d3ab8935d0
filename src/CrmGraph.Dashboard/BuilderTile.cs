using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.Dashboard;

/// <summary>
/// What the builder's controls say, as a tile of a dashboard or a section of a report: it follows their period, comparison and filters.
/// </summary>
/// <param name="Filter">The name of the parameter that filters it.</param>
/// <param name="Compare">
/// What it is compared with, whatever the report's parameter says: a value of the graph's <c>Comparison</c>, or <see cref="PeriodChoice.None"/>; empty to
/// follow the parameter.
/// </param>
internal sealed record BuilderTile(BuilderChoice Choice, string Filter = BuilderTile.SharedFilter, string Compare = "")
{
    public const string SharedFilter = "where", FilterType = "MetricFilterInput";
    private const string Dimensions = "dimensions { dimension key label kind }", NamedDimensions = "dimensions { dimension attribute key label kind }";
    private static readonly GraphQLLimits _limits = new();
    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// A filter of its own is a parameter of its own, so that those of a dashboard narrow it further. Answers the parameters with those that it needs, too.
    /// </summary>
    /// <param name="known">The parameters that there are already.</param>
    /// <param name="where">Its own filter; null to follow the one that all share.</param>
    public (DashboardTile Tile, IReadOnlyList<ReportParameter> Parameters) In(
        IReadOnlyList<ReportParameter> known, string heading, MetricCatalog catalog, JsonObject? where)
    {
        var filter = where is null ? SharedFilter : Filter != SharedFilter && known.All(k => k.Name != Filter) ? Filter
            : Enumerable.Range(2, known.Count + 1).Select(i => SharedFilter + i).First(name => known.All(k => k.Name != name));
        var tile = this with { Filter = filter };
        List<ReportParameter> needed = [new("period", "PeriodInput!", null, JsonSerializer.SerializeToElement(Choice.Period.Input), null)];
        if (Compare.Length == 0)
            needed.Add(new("compareTo", "Comparison", null, Json(Choice.Period.CompareTo), null));
        needed.Add(new(filter, FilterType, where is null ? null : heading, Json(where), null));
        return (new(heading, null, tile.Operation(catalog), ChartOf, null), [.. known, .. needed.Where(n => known.All(k => k.Name != n.Name))]);
    }

    private static JsonElement? Json(object? value) => value is null ? null : JsonSerializer.SerializeToElement(value);

    private string ChartOf => Choice.Grain.Length + Choice.Splits.Count == 0 ? "NUMBER" : Choice.Chart;

    public string Operation(MetricCatalog catalog)
    {
        var compare = Compare switch { "" => ", compareTo: $compareTo", PeriodChoice.None => "", _ => $", compareTo: {Compare}" };
        var shared = $"period: $period{compare}, where: ${Filter}";
        const string value = "value previous change changeRatio favourable reason";
        var chosen = Choice.Metrics.Select(catalog.Find).OfType<MetricEntry>().ToLookup(m => m.IsCustom, m => m.Key);
        var order = catalog.Find(Choice.Metrics[0]) is { IsCustom: true }
            ? $"custom: {{ key: \"{Choice.Metrics[0]}\", direction: DESC }}"
            : $"{Choice.Metrics[0]}: DESC";
        var fields = string.Join('\n', chosen[false].Select(m => $"      {m} {{ {value} }}"));
        if (chosen[true].Any())
            fields += $"\n      values(metrics: [{string.Join(", ", chosen[true].Select(m => $"\"{m}\""))}]) {{ metric {{ key }} {value} }}";
        var arguments = string.Concat(
            Choice.Grain.Length == 0 ? "" : $", grain: {Choice.Grain}",
            Choice.Splits.Count == 0 ? "" : $"{By(Choice.Splits)}, order: [{{ {order} }}], first: {BuilderChoice.GroupsAtMost}");
        var names = string.Concat(
            Choice.Grain.Length == 0 ? "" : "      bucket { label incomplete }\n",
            Choice.Splits.Count == 0 ? "" : $"      {Names(Choice.Splits)}\n");
        var rows = $"    {(names.Length == 0 ? "totals" : "rows")} {{\n{names}{fields}\n    }}";
        var others = "";
        if (Choice.IsPivot)
            (arguments, rows, others) = Crossed(shared, arguments, rows, fields);
        var compared = Compare.Length == 0 ? ", $compareTo: Comparison" : "";
        return $"query Tile($period: PeriodInput!{compared}, ${Filter}: {FilterType}) {{\n"
            + $"  metrics({shared}{arguments}) {{\n    currency\n{rows}\n  }}\n{others}}}\n";
    }

    private static string By(IReadOnlyList<Split> splits)
    {
        var attributes = splits.Where(s => s.Attribute is not null)
            .Select(s => $"{{ key: {JsonSerializer.Serialize(s.Attribute, _plain)}{(s.Bands.Length == 0 ? "" : $", bands: [{s.Listed}]")} }}");
        return $", groupBy: [{string.Join(", ", splits.Select(s => s.Dimension))}]"
            + (splits.Any(s => s.Attribute is not null) ? $", attributes: [{string.Join(", ", attributes)}]" : "");
    }

    private static string Names(IReadOnlyList<Split> splits) => splits.Any(s => s.Attribute is not null) ? NamedDimensions : Dimensions;

    /// <summary>With the sums of a pivot table: those of an interval stand in the same table, those of a second dimension in one of their own.</summary>
    private (string Arguments, string Rows, string Others) Crossed(string shared, string arguments, string rows, string fields)
    {
        if (Choice.Grain.Length > 0)
        {
            var sums = $"    groupTotals {{\n      {Names(Choice.Splits)}\n{fields}\n    }}\n"
                + $"    bucketTotals {{\n      bucket {{ label incomplete }}\n{fields}\n    }}\n";
            return (arguments, $"{rows}\n{sums}    totals {{\n{fields}\n    }}", "");
        }

        IReadOnlyList<Split> across = [Choice.Splits[1]];
        return ($"{By(Choice.Splits)}, subtotals: true", rows,
            $"  columns: metrics({shared}{By(across)}) {{\n    rows {{\n      {Names(across)}\n{fields}\n    }}\n  }}\n");
    }

    /// <summary>What the controls would have to say for a section; null when they cannot say it, so that nothing of it is lost by them.</summary>
    public static BuilderTile? Of(DashboardTile section, MetricCatalog catalog)
    {
        try
        {
            if (section.Operation is not { } text || Parser.Parse(text, _limits) is not { Definitions: [OperationDefinitionNode query, ..] } document
                || query.SelectionSet.Selections is not [FieldNode { Name.Value: "metrics", Alias: null, SelectionSet: { } table } field, ..])
                return null;
            var arguments = field.Arguments.ToDictionary(a => a.Name.Value, a => a.Value);
            var rows = table.Selections.OfType<FieldNode>().FirstOrDefault(f => f.Name.Value is "rows" or "totals")?
                .SelectionSet?.Selections.OfType<FieldNode>() ?? [];
            List<string> metrics = [.. rows.SelectMany(f => MetricsOf(f, catalog))];
            if (metrics.Count is 0 or > BuilderChoice.MetricsAtMost || arguments.GetValueOrDefault("where") is not VariableNode where)
                return null;
            var choice = BuilderChoice.First(null) with
            {
                Metrics = metrics,
                Grain = (arguments.GetValueOrDefault("grain") as EnumValueNode)?.Value ?? "",
                Splits = SplitsOf(arguments),
                Chart = section.Chart,
            };
            var compare = arguments.GetValueOrDefault("compareTo") switch { null => PeriodChoice.None, EnumValueNode fixedly => fixedly.Value, _ => "" };
            var read = new BuilderTile(choice, where.Name.Value, compare);
            return Printer.Print(Parser.Parse(read.Operation(catalog), _limits)) == Printer.Print(document) ? read : null;
        }
        catch (SyntaxException)
        {
            return null;
        }
    }

    private static IEnumerable<string> MetricsOf(FieldNode field, MetricCatalog catalog) => field switch
    {
        { Name.Value: "values" } => field.Arguments is [{ Value: ListValueNode keys }, ..] ? keys.Values.OfType<StringValueNode>().Select(v => v.Value) : [],
        { Name.Value: var name } when catalog.Find(name) is { IsCustom: false } => [name],
        _ => [],
    };

    private static List<Split> SplitsOf(Dictionary<string, ValueNode> arguments)
    {
        var dimensions = (arguments.GetValueOrDefault("groupBy") as ListValueNode)?.Values.OfType<EnumValueNode>().Select(v => v.Value) ?? [];
        var attributes = new Queue<ObjectValueNode>((arguments.GetValueOrDefault("attributes") as ListValueNode)?.Values.OfType<ObjectValueNode>() ?? []);
        return [.. dimensions.Select(d => Split.IsOfAttribute(d) && attributes.TryDequeue(out var of) ? new Split(d, Text(of), Bands(of)) : new(d))];

        static string? Text(ObjectValueNode of) => of.Fields.Select(f => f.Value).OfType<StringValueNode>().FirstOrDefault()?.Value;

        static string Bands(ObjectValueNode of) =>
            string.Join(';', of.Fields.Select(f => f.Value).OfType<ListValueNode>().SelectMany(l => l.Values).Select(Printer.Print));
    }
}
