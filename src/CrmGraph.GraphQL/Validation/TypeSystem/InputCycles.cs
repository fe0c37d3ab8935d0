using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.TypeSystem;

internal delegate void ReportNodes(string message, params ReadOnlySpan<AstNode?> nodes);

/// <summary>
/// Section 3.10: input objects that no finite value can satisfy, because required fields (of one-of input objects: all fields) lead back to
/// them; and defaults that contain themselves.
/// </summary>
internal sealed class InputCycles
{
    private readonly ReportNodes _report;
    private readonly HashSet<InputObjectType> _finite = [];
    private readonly HashSet<InputObjectType> _visited = [];
    private readonly Dictionary<InputObjectType, int> _open = [];
    private readonly List<(string Field, AstNode? Node)> _path = [];
    private readonly HashSet<InputValueDefinition> _visitedDefaults = [];
    private readonly Dictionary<InputValueDefinition, int> _openDefaults = [];
    private readonly List<(string Field, AstNode? Node)> _defaultPath = [];

    private InputCycles(ReportNodes report) => _report = report;

    public static void Check(Schema schema, ReportNodes report)
    {
        var cycles = new InputCycles(report);
        var inputs = schema.Types.OfType<InputObjectType>().ToList();
        cycles.FindFinite(inputs);
        foreach (var input in inputs)
            if (!cycles._finite.Contains(input))
                cycles.Follow(input);
        foreach (var input in inputs)
            cycles.Defaults(input, new ObjectValueNode([]));
    }

    /// <summary>The input object that a field cannot do without.</summary>
    private static InputObjectType? Target(InputObjectType owner, InputValueDefinition field) =>
        owner.IsOneOf ? field.Type as InputObjectType : field.Type is NonNullType { OfType: InputObjectType target } ? target : null;

    /// <summary>A fixed point: a type is finite when its required fields are; a one-of type when any of its fields is.</summary>
    private void FindFinite(List<InputObjectType> inputs)
    {
        for (var before = -1; before != _finite.Count;)
        {
            before = _finite.Count;
            foreach (var input in inputs)
            {
                bool IsFinite(InputValueDefinition f) => Target(input, f) is not { } target || _finite.Contains(target);
                if (input.IsOneOf ? input.Fields.Count == 0 || input.Fields.Any(IsFinite) : input.Fields.All(IsFinite))
                    _finite.Add(input);
            }
        }
    }

    private void Follow(InputObjectType input)
    {
        if (!_visited.Add(input))
            return;
        _open[input] = _path.Count;
        foreach (var field in input.Fields)
        {
            if (Target(input, field) is not { } target || _finite.Contains(target))
                continue;
            _path.Add(($"{input}.{field.Name}", field.Node));
            if (_open.TryGetValue(target, out var from))
                _report($"No value of \"{target}\" can end, because it needs itself through {Fields(_path, from)}.", Nodes(_path, from));
            else
                Follow(target);
            _path.RemoveAt(_path.Count - 1);
        }

        _open.Remove(input);
    }

    private static string Fields(List<(string Field, AstNode? Node)> path, int from) => string.Join(", ", path.Skip(from).Select(static p => $"\"{p.Field}\""));

    private static AstNode?[] Nodes(List<(string Field, AstNode? Node)> path, int from) => [.. path.Skip(from).Select(static p => p.Node)];

    private void Defaults(InputObjectType input, ValueNode value)
    {
        if (value is ListValueNode list)
            foreach (var item in list.Values)
                Defaults(input, item);
        if (value is not ObjectValueNode obj)
            return;
        foreach (var field in input.Fields)
            if (field.Type.Named is InputObjectType target)
            {
                if (obj.Fields.LastOrDefault(f => f.Name.Value == field.Name) is { } given)
                    Defaults(target, given.Value);
                else
                    DefaultOf(field, target, $"{input}.{field.Name}");
            }
    }

    private void DefaultOf(InputValueDefinition field, InputObjectType type, string name)
    {
        if (field.DefaultValue is null)
            return;
        if (_openDefaults.TryGetValue(field, out var from))
        {
            _report($"The default of \"{name}\" contains itself through {Fields(_defaultPath, from)}.", Nodes(_defaultPath, from));
            return;
        }

        if (!_visitedDefaults.Add(field))
            return;
        _openDefaults[field] = _defaultPath.Count;
        _defaultPath.Add((name, field.Node?.DefaultValue));
        Defaults(type, field.DefaultValue);
        _defaultPath.RemoveAt(_defaultPath.Count - 1);
        _openDefaults.Remove(field);
    }
}
