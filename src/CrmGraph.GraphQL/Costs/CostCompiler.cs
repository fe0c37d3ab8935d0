using CrmGraph.GraphQL.Coercion;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Costs;

/// <summary>Makes the price list of a plan.</summary>
internal sealed class CostCompiler
{
    /// <summary>
    /// Different selections of one operation. Fragments on many types inside one another can make far more than the document has; the documents
    /// of this repository need at most a few dozen.
    /// </summary>
    private const int MaximumNodes = 5_000;

    private sealed record Key(CompositeType Type, IReadOnlyList<string> Sized, IReadOnlyList<SelectionSetNode> Sets)
    {
        public bool Equals(Key? other) =>
            other is not null && ReferenceEquals(Type, other.Type) && ReferenceEquals(Sized, other.Sized)
                && Sets.SequenceEqual(other.Sets, ReferenceEqualityComparer.Instance);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Type));
            foreach (var set in Sets)
                hash.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(set));
            return hash.ToHashCode();
        }
    }

    private static readonly IReadOnlyList<string> NoSized = [];
    private readonly Dictionary<Key, int> _byKey = [];
    private readonly Dictionary<FieldDefinition, ListSize?> _sizes = [];
    private readonly List<CostNode> _nodes = [];
    private readonly PlanVariant _variant;
    private readonly Dictionary<string, VariableDefinitionNode> _variables;
    private GraphQLError? _error;

    private CostCompiler(PlanVariant variant)
    {
        _variant = variant;
        _variables = variant.Plan.Operation.VariableDefinitions.DistinctBy(v => v.Variable.Name.Value)
            .ToDictionary(v => v.Variable.Name.Value, StringComparer.Ordinal);
    }

    public static CostPlan Of(PlanVariant variant)
    {
        var compiler = new CostCompiler(variant);
        compiler.Node(variant.Plan.RootType, NoSized, [variant.Plan.Operation.SelectionSet]);
        return new CostPlan([.. compiler._nodes], SchemaWeights.Of(variant.Plan.RootType), compiler._error);
    }

    private int Node(CompositeType type, IReadOnlyList<string> sized, IReadOnlyList<SelectionSetNode> sets)
    {
        var key = new Key(type, sized, sets);
        if (_byKey.TryGetValue(key, out var known))
            return known;
        if (_nodes.Count >= MaximumNodes)
        {
            _error ??= new GraphQLError("The operation's fragments combine in more ways than can be priced; write out fewer of them inside one another.")
            {
                Code = ErrorCodes.CostExceeded
            };
            return Add(new([], [], true), key);
        }

        if (type is ObjectType objectType)
        {
            var fields = CollectFields.Grouped(_variant, objectType, sets).Select(f => Field(f.Definition, f.Nodes, sized)).ToList();
            return Add(new(fields, [], fields.TrueForAll(IsConstant)), key);
        }

        var alternatives = _variant.Plan.Schema.PossibleTypes(type).Select(t => Node(t, sized, sets)).Distinct().ToList();
        return Add(new([], alternatives, alternatives.TrueForAll(i => _nodes[i].IsConstant)), key);
    }

    private int Add(CostNode node, Key key)
    {
        _nodes.Add(node);
        return _byKey[key] = _nodes.Count - 1;
    }

    private bool IsConstant(CostField field) =>
        field.Own is null && field.Input.IsConstant && field.Length?.IsConstant != false && (field.Below < 0 || _nodes[field.Below].IsConstant);

    private CostField Field(FieldDefinition definition, List<FieldNode> nodes, IReadOnlyList<string> sizedByParent)
    {
        var arguments = nodes[0].Arguments;
        var input = new InputPrice(_variables, definition.ArgumentShare);
        foreach (var argument in arguments)
            if (definition.Argument(argument.Name.Value) is { } defined)
                input.Add(new InputWeight(defined, _variant.Plan.Schema.Weights), argument.Value);
        var size = SizeOf(definition);
        if (size is { RequireOne: true, SlicingArguments.Count: > 0 })
            RequireOne(size, definition, nodes[0]);
        List<SelectionSetNode> sets = [.. nodes.Where(n => n.SelectionSet is not null).Select(n => n.SelectionSet!)];
        var below = definition.Type.Named is CompositeType type ? Node(type, size?.SizedFields ?? NoSized, sets) : -1;
        return new(
            SchemaWeights.Of(definition),
            SchemaWeights.Of(definition.Type.Named),
            input,
            size is null ? null : new ListLength(size, definition, arguments, _variables),
            below,
            definition.Type.Nullable is ListType,
            size?.SizedFields.Count > 0,
            sizedByParent.Contains(definition.Name))
        {
            Own = definition.Pricing is { } pricing ? Pricing(pricing, definition, arguments, sets) : null,
        };
    }

    private ListSize? SizeOf(FieldDefinition definition)
    {
        // One instance a field: its list of sized fields is part of the keys.
        if (!_sizes.TryGetValue(definition, out var size))
            _sizes[definition] = size = ListSize.Of(definition);
        return size;
    }

    private Func<PricedRequest, FieldPrice?> Pricing(
        FieldPricing pricing, FieldDefinition definition, IReadOnlyList<ArgumentNode> arguments, List<SelectionSetNode> sets) => request =>
    {
        try
        {
            var selections = definition.Type.Named is CompositeType type ? CollectFields.Selected(_variant, type, sets, request.Variables) : [];
            return pricing(new(Values.CoerceArgumentValues(definition.Arguments, arguments, request.Variables), selections, request.Services));
        }
        catch (GraphQLException)
        {
            // The field itself will answer with the error, and do nothing else.
            return null;
        }
    };

    private void RequireOne(ListSize size, FieldDefinition definition, FieldNode node)
    {
        var given = size.SlicingArguments.Count(name => node.Arguments.Any(a => a.Name.Value == name.Split('.')[0] && a.Value is not NullValueNode));
        if (given != 1)
        {
            _error ??= new GraphQLError($"\"{definition.Name}\" needs exactly one of {string.Join(", ", size.SlicingArguments.Select(a => $"\"{a}\""))}.")
            {
                Code = ErrorCodes.OneSlicingArgument,
                Locations = [node.Location.LineAndColumn],
            };
        }
    }
}
