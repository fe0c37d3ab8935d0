using System.Collections.Concurrent;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;

namespace CrmGraph.GraphQL.Planning;

/// <summary>
/// An operation made ready for many executions. What @skip and @include leave of it depends on Boolean variables only, so there is one
/// <see cref="PlanVariant"/> per combination of their values, made when first needed.
/// </summary>
internal sealed class OperationPlan
{
    private const int MaximumKeptVariants = 64;
    private readonly ConcurrentDictionary<ulong, PlanVariant> _variants = new();
    private readonly string[] _conditions;

    public OperationPlan(Schema schema, DocumentNode document, OperationDefinitionNode operation)
    {
        Schema = schema;
        Operation = operation;
        RootType = schema.RootType(operation.Operation)
            ?? throw new GraphQLException(ErrorCodes.ValidationFailed, $"The schema has no {operation.Operation} operations.");
        Fragments = document.Definitions.OfType<FragmentDefinitionNode>().DistinctBy(f => f.Name.Value).ToDictionary(f => f.Name.Value, StringComparer.Ordinal);
        var conditions = new HashSet<string>(StringComparer.Ordinal);
        foreach (var definition in document.Definitions.OfType<ExecutableDefinitionNode>())
            ConditionVariables(definition.SelectionSet, conditions);
        _conditions = [.. conditions.Order(StringComparer.Ordinal)];
        Introspects = IntrospectionFields.In(operation, Fragments);
        IsTrivial = operation.Operation == OperationKind.Query && operation.SelectionSet.Selections.All(s => s is FieldNode { Name.Value: "__typename" });
    }

    public Schema Schema { get; }
    public OperationDefinitionNode Operation { get; }
    public ObjectType RootType { get; }
    public Dictionary<string, FragmentDefinitionNode> Fragments { get; }
    /// <summary>The field that asks for the schema, if any.</summary>
    public FieldNode? Introspects { get; }
    /// <summary>A query that selects nothing but __typename: no resolver runs, so there is nothing to wait for, to time or to dispose of.</summary>
    public bool IsTrivial { get; }

    public PlanVariant For(IReadOnlyDictionary<string, object?> variables)
    {
        if (_conditions.Length > 64)
            return new PlanVariant(this, variables);
        var key = 0ul;
        for (var i = 0; i < _conditions.Length; i++)
            if (variables.TryGetValue(_conditions[i], out var value) && value is true)
                key |= 1ul << i;
        if (_variants.TryGetValue(key, out var variant))
            return variant;
        // Only the conditions are kept: the other variables differ from request to request.
        variant = new PlanVariant(this, _conditions.Where(variables.ContainsKey).ToDictionary(c => c, c => variables[c], StringComparer.Ordinal));
        return _variants.Count < MaximumKeptVariants ? _variants.GetOrAdd(key, variant) : variant;
    }

    private static void ConditionVariables(SelectionSetNode set, HashSet<string> names)
    {
        foreach (var selection in set.Selections)
        {
            foreach (var directive in selection.Directives)
                if (directive.Name.Value is "skip" or "include")
                    foreach (var argument in directive.Arguments)
                        if (argument.Value is VariableNode v)
                            names.Add(v.Name.Value);
            if ((selection as FieldNode)?.SelectionSet is { } below)
                ConditionVariables(below, names);
            else if (selection is InlineFragmentNode inline)
                ConditionVariables(inline.SelectionSet, names);
        }
    }
}
