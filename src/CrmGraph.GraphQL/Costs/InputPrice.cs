using System.Text.Json;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Costs;

/// <summary>What the input values of one field cost: the literals once and for all, the variables by what each request sends.</summary>
internal sealed class InputPrice(IReadOnlyDictionary<string, VariableDefinitionNode> variables, double share)
{
    /// <param name="Times">How often the fields around the variable count what they hold.</param>
    private sealed record Part(string Variable, InputWeight? Weight, InputWeights Type, double DefaultPrice, double Times);

    private List<Part>? _parts;

    public double Constant { get; private set; }
    public bool IsConstant => _parts is null;

    /// <summary>Adds an argument of the document.</summary>
    public void Add(InputWeight weight, ValueNode value)
    {
        if (weight.IsPriced)
            Constant += share * Of(weight, value, share);
    }

    public double Of(JsonElement given)
    {
        var price = Constant;
        if (_parts is not null)
            foreach (var part in _parts)
                price += part.Times * Of(part, given);
        return price;
    }

    private static double Of(Part part, JsonElement given)
    {
        if (given.ValueKind != JsonValueKind.Object || !given.TryGetProperty(part.Variable, out var value))
            return part.DefaultPrice;
        return part.Weight is { } weight ? Of(weight, value) : Of(part.Type, value);
    }

    // Literals.

    private double Of(InputWeight weight, ValueNode value, double times)
    {
        if (value is VariableNode variable)
        {
            (_parts ??= []).Add(new(variable.Name.Value, weight, weight.Type, DefaultOf(variable) is { } fallback ? Of(weight, fallback, times) : 0, times));
            return 0;
        }

        if (value is NullValueNode)
            return weight.IsLeaf && !weight.IsList ? weight.Weight : 0;
        var values = weight.IsList && value is ListValueNode list ? Math.Max(1, list.Values.Count) : 1;
        return (values * weight.Weight) + (weight.InnerTimes * Of(weight.Type, value, times * weight.InnerTimes));
    }

    private double Of(InputWeights type, ValueNode value, double times)
    {
        switch (value)
        {
            case ListValueNode list:
                var sum = 0d;
                foreach (var item in list.Values)
                    sum += Of(type, item, times);
                return sum;
            case VariableNode variable when type.Weight != 0 || type.HasFields:
                (_parts ??= []).Add(new(variable.Name.Value, null, type, DefaultOf(variable) is { } fallback ? Of(type, fallback, times) : 0, times));
                return 0;
            case ObjectValueNode input:
                var price = type.Weight;
                foreach (var field in input.Fields)
                    if (type.Field(field.Name.Value) is { IsPriced: true } weight)
                        price += Of(weight, field.Value, times);
                return price;
            case NullValueNode or VariableNode:
                return 0;
            default:
                return type.Weight;
        }
    }

    private ValueNode? DefaultOf(VariableNode variable) => variables.GetValueOrDefault(variable.Name.Value)?.DefaultValue;

    // Variables. Their values were coerced before, so every name is known and every value fits.

    private static double Of(InputWeight weight, JsonElement value)
    {
        if (!weight.IsPriced)
            return 0;
        if (value.ValueKind == JsonValueKind.Null)
            return weight.IsLeaf && !weight.IsList ? weight.Weight : 0;
        var values = weight.IsList && value.ValueKind == JsonValueKind.Array ? Math.Max(1, value.GetArrayLength()) : 1;
        return (values * weight.Weight) + (weight.InnerTimes * Of(weight.Type, value));
    }

    private static double Of(InputWeights type, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array when type.Weight != 0 || type.HasFields:
                var sum = 0d;
                foreach (var item in value.EnumerateArray())
                    sum += Of(type, item);
                return sum;
            case JsonValueKind.Object when type.HasFields:
                var price = type.Weight;
                foreach (var field in value.EnumerateObject())
                    if (type.Field(field.Name) is { } weight)
                        price += Of(weight, field.Value);
                return price;
            case JsonValueKind.Null or JsonValueKind.Array:
                return 0;
            default:
                return type.Weight;
        }
    }
}
