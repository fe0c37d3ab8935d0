using System.Text.Json;
using CrmGraph.GraphQL.Language;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Reports;

/// <summary>The metrics that a section's operation asks for, as far as the document and the parameters' defaults say: what can never be answered is refused when it is saved.</summary>
/// <param name="document">Valid on the schema.</param>
/// <param name="defaults">Values of variables, by name.</param>
internal sealed class SectionMetrics(DocumentNode document, IReadOnlyDictionary<string, JsonElement> defaults)
{
    private static readonly Dictionary<string, MetricDimension> Dimensions =
        Enum.GetValues<MetricDimension>().ToDictionary(d => MetricGroupings.Name(d), StringComparer.Ordinal);

    private readonly Dictionary<string, FragmentDefinitionNode> _fragments = document.Definitions.OfType<FragmentDefinitionNode>()
        .ToDictionary(f => f.Name.Value, StringComparer.Ordinal);
    private Dictionary<string, VariableDefinitionNode> _variables = [];

    public IEnumerable<(string Message, Location At)> Problems(OperationDefinitionNode operation)
    {
        _variables = operation.VariableDefinitions.ToDictionary(v => v.Variable.Name.Value, StringComparer.Ordinal);
        foreach (var table in Fields(operation.SelectionSet).Where(f => f.Name.Value == "metrics"))
            if (MetricGroupings.Problem(
                MetricsOf(table).OfType<MetricDefinition>().Distinct(),
                [.. Names(table, "groupBy").Where(Dimensions.ContainsKey).Select(d => Dimensions[d])]) is { } problem)
                yield return (problem, table.Location);
    }

    private IEnumerable<MetricDefinition?> MetricsOf(FieldNode table) =>
        Fields(table.SelectionSet).SelectMany(rows => rows.Name.Value is MetricCharts.Series or MetricCharts.Pivot ? [rows] : Fields(rows.SelectionSet))
            .SelectMany(f => f.Name.Value is MetricFields.Values or MetricCharts.Series or MetricCharts.Pivot ? Names(f, "metrics") : [f.Name.Value])
            .Concat(Names(table, "order"))
            .Select(MetricCatalog.Find);

    private IEnumerable<FieldNode> Fields(SelectionSetNode? selections) => (selections?.Selections ?? []).SelectMany(s => s switch
    {
        FieldNode field => [field],
        InlineFragmentNode inline => Fields(inline.SelectionSet),
        FragmentSpreadNode spread => Fields(_fragments[spread.Name.Value].SelectionSet),
        _ => [],
    });

    private IEnumerable<string> Names(FieldNode field, string argument) => field.Arguments.Where(a => a.Name.Value == argument).SelectMany(a => Names(a.Value));

    /// <summary>The names in a value: of enums, texts and the fields of inputs.</summary>
    private IEnumerable<string> Names(ValueNode? value) => value switch
    {
        EnumValueNode name => [name.Value],
        StringValueNode text => [text.Value],
        ListValueNode list => list.Values.SelectMany(Names),
        ObjectValueNode input => input.Fields.Select(f => f.Name.Value),
        VariableNode variable => defaults.TryGetValue(variable.Name.Value, out var given) ? Names(given) : Names(_variables[variable.Name.Value].DefaultValue),
        _ => [],
    };

    private static IEnumerable<string> Names(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Names),
        JsonValueKind.Object => value.EnumerateObject().Select(p => p.Name),
        _ => [],
    };
}
