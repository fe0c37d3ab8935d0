using System.Globalization;
using System.Text.Json;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Costs;

/// <summary>
/// How long a field's list may become with the arguments of a request: the greatest of its slicing arguments, but never more than the
/// assumed size, beyond which the field refuses.
/// </summary>
internal sealed class ListLength
{
    private sealed record Slice(bool CountsValues, double? Length, string? Variable, string[] Path, ValueNode? Default);

    private readonly List<Slice> _slices = [];
    private readonly double _otherwise;
    private readonly double _most;

    public ListLength(
        ListSize size,
        FieldDefinition field,
        IReadOnlyList<ArgumentNode> arguments,
        IReadOnlyDictionary<string, VariableDefinitionNode> variables)
    {
        _most = size.AssumedSize ?? double.PositiveInfinity;
        _otherwise = size.DefaultSize ?? size.AssumedSize ?? 1;
        foreach (var name in size.SlicingArguments)
        {
            var path = name.Split('.');
            var given = arguments.FirstOrDefault(a => a.Name.Value == path[0])?.Value ?? field.Argument(path[0])?.DefaultValue;
            if (given is not null && Find(given, path, IsList(field, path), variables) is { } slice)
                _slices.Add(slice);
        }
    }

    public bool IsConstant => _slices.TrueForAll(s => s.Variable is null);

    public double Of(JsonElement given)
    {
        var longest = double.NaN;
        foreach (var slice in _slices)
            if ((slice.Length ?? Length(slice, given)) is { } length)
                longest = double.IsNaN(longest) ? length : Math.Max(longest, length);
        return Math.Clamp(double.IsNaN(longest) ? _otherwise : longest, 0, _most);
    }

    private static bool IsList(FieldDefinition field, string[] path)
    {
        var definition = field.Argument(path[0]);
        foreach (var step in path.AsSpan(1))
            definition = (definition?.Type.Named as InputObjectType)?.Field(step);
        return definition?.Type.Nullable is ListType;
    }

    private static Slice? Find(ValueNode value, string[] path, bool countsValues, IReadOnlyDictionary<string, VariableDefinitionNode> variables)
    {
        for (var i = 1; i <= path.Length; i++)
        {
            if (value is VariableNode variable)
                return new(countsValues, null, variable.Name.Value, path[i..], variables.GetValueOrDefault(variable.Name.Value)?.DefaultValue);
            if (i == path.Length)
                break;
            if ((value as ObjectValueNode)?.Fields.FirstOrDefault(f => f.Name.Value == path[i])?.Value is not { } inner)
                return null;
            value = inner;
        }

        return Length(value, countsValues) is { } length ? new(countsValues, length, null, [], null) : null;
    }

    private static double? Length(Slice slice, JsonElement given)
    {
        if (given.ValueKind != JsonValueKind.Object || !given.TryGetProperty(slice.Variable!, out var value))
            return slice.Path.Length == 0 && slice.Default is { } literal ? Length(literal, slice.CountsValues) : null;
        foreach (var step in slice.Path)
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(step, out value))
                return null;
        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Array => value.GetArrayLength(),
            // One value in the place of a list is a list of one (section 3.12).
            _ when slice.CountsValues => 1,
            JsonValueKind.Number => value.GetDouble(),
            _ => null,
        };
    }

    private static double? Length(ValueNode value, bool countsValues) => value switch
    {
        NullValueNode => null,
        ListValueNode list => list.Values.Count,
        _ when countsValues => 1,
        IntValueNode number => double.Parse(number.Value, CultureInfo.InvariantCulture),
        _ => null,
    };
}
