using System.Collections.Concurrent;

namespace CrmGraph.GraphQL.Types;

/// <summary>
/// The weights of a schema's parts: what <c>@cost</c> says, and otherwise 1 for fields and types that hold others, 1 for an input object, 0 for leaves
/// and arguments (IBM cost specification, "Weights"). Read once for each part.
/// </summary>
internal sealed class SchemaWeights
{
    private readonly ConcurrentDictionary<NamedType, InputWeights> _inputs = new();

    public static double Of(FieldDefinition field)
        => CostDirectives.Weight(field.AppliedDirectives) ?? (field.Type.Named is CompositeType || field.Type.Nullable is ListType ? 1 : 0);

    public static double Of(NamedType type) => CostDirectives.Weight(type.AppliedDirectives) ?? (type is CompositeType or InputObjectType ? 1 : 0);

    public static double Of(InputValueDefinition input) => CostDirectives.Weight(input.AppliedDirectives) ?? 0;

    public InputWeights Input(NamedType type) => _inputs.GetOrAdd(type, static (t, weights) => new InputWeights(t, weights), this);
}

/// <summary>The weight of a value of one input type, and of its fields.</summary>
internal sealed class InputWeights(NamedType type, SchemaWeights weights)
{
    private readonly Lazy<Dictionary<string, InputWeight>?> _fields = new(() => type is not InputObjectType input ? null
        : input.Fields.DistinctBy(f => f.Name).ToDictionary(f => f.Name, f => new InputWeight(f, weights), StringComparer.Ordinal));

    /// <summary>Of one value.</summary>
    public double Weight { get; } = SchemaWeights.Of(type);

    /// <summary>Whether a value has parts with a price of their own.</summary>
    public bool HasFields => _fields.Value is not null;

    public InputWeight? Field(string name) => _fields.Value?.GetValueOrDefault(name);
}

/// <summary>
/// The weight of an argument or input field. It counts once for every value of a list: <c>in: [a, b]</c> is priced as the two comparisons
/// that it stands for, so that no way of writing a filter is cheaper than another.
/// </summary>
internal sealed class InputWeight(InputValueDefinition definition, SchemaWeights weights)
{
    public double Weight { get; } = SchemaWeights.Of(definition);
    public double InnerTimes { get; } = definition.InnerTimes;
    public bool IsList { get; } = definition.Type.Nullable is ListType;
    public bool IsLeaf { get; } = definition.Type.Named is not InputObjectType;
    public InputWeights Type { get; } = weights.Input(definition.Type.Named);
    /// <summary>Whether any value can have a price.</summary>
    public bool IsPriced => Weight != 0 || Type.Weight != 0 || Type.HasFields;
}
