using CrmGraph.GraphQL.Coercion;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Planning;

/// <summary>CollectFields and CollectSubfields (section 6.3.2 of the September 2025 edition).</summary>
internal static class CollectFields
{
    public static ObjectSelection Of(PlanVariant variant, ObjectType type, IReadOnlyList<SelectionSetNode> sets)
    {
        var grouped = Grouped(variant, type, sets);
        var fields = new PlannedField[grouped.Count];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = new PlannedField(variant, type, grouped[i].Definition, grouped[i].Nodes);
        return new ObjectSelection(type, fields);
    }

    /// <summary>The fields of an object type under merged selections: for each response name its definition and its nodes.</summary>
    public static List<(FieldDefinition Definition, List<FieldNode> Nodes)> Grouped(PlanVariant variant, ObjectType type, IReadOnlyList<SelectionSetNode> sets)
    {
        var grouped = new OrderedDictionary<string, List<FieldNode>>(StringComparer.Ordinal);
        var visited = new HashSet<string>(StringComparer.Ordinal);
        foreach (var set in sets)
            Collect(variant, type, set, grouped, visited);
        var fields = new List<(FieldDefinition, List<FieldNode>)>(grouped.Count);
        foreach (var (_, nodes) in grouped)
            if (Definition(variant.Plan.Schema, type, nodes[0].Name.Value) is { } definition)
                fields.Add((definition, nodes));
        return fields;
    }

    /// <summary>The merged selections as resolvers see them: abstract types keep the conditions of their fragments.</summary>
    public static IReadOnlyList<SelectedField> Selected(
        PlanVariant variant,
        CompositeType type,
        IReadOnlyList<SelectionSetNode> sets,
        IReadOnlyDictionary<string, object?> variables)
    {
        var grouped = new OrderedDictionary<(CompositeType On, string Name), List<FieldNode>>();
        foreach (var set in sets)
            CollectAll(variant, type, set, grouped, []);
        var fields = new List<SelectedField>(grouped.Count);
        foreach (var ((on, name), nodes) in grouped)
        {
            if (Definition(variant.Plan.Schema, on, nodes[0].Name.Value) is not { } definition)
                continue;
            IReadOnlyList<SelectedField> below = definition.Type.Named is CompositeType composite
                ? Selected(variant, composite, [.. nodes.Where(n => n.SelectionSet is not null).Select(n => n.SelectionSet!)], variables) : [];
            fields.Add(new SelectedField(definition.Name, name, on, definition, ArgumentsOrNone(definition, nodes[0], variables), below));
        }

        return fields;
    }

    private static IReadOnlyDictionary<string, object?> ArgumentsOrNone(
        FieldDefinition definition,
        FieldNode node,
        IReadOnlyDictionary<string, object?> variables)
    {
        try
        {
            return Values.CoerceArgumentValues(definition.Arguments, node.Arguments, variables);
        }
        catch (GraphQLException)
        {
            // The field itself answers with the error.
            return new Dictionary<string, object?>();
        }
    }

    private static void Collect(
        PlanVariant variant,
        ObjectType type,
        SelectionSetNode set,
        OrderedDictionary<string, List<FieldNode>> grouped,
        HashSet<string> visited)
    {
        foreach (var selection in set.Selections)
        {
            if (!IsIncluded(selection.Directives, variant.Conditions))
                continue;
            switch (selection)
            {
                case FieldNode field:
                    if (!grouped.TryGetValue(field.ResponseName, out var nodes))
                        grouped[field.ResponseName] = nodes = [];
                    nodes.Add(field);
                    break;
                case InlineFragmentNode inline when inline.TypeCondition is null || Applies(variant.Plan.Schema, type, inline.TypeCondition):
                    Collect(variant, type, inline.SelectionSet, grouped, visited);
                    break;
                case FragmentSpreadNode spread when visited.Add(spread.Name.Value) && variant.Plan.Fragments.TryGetValue(spread.Name.Value, out var fragment)
                    && Applies(variant.Plan.Schema, type, fragment.TypeCondition):
                    Collect(variant, type, fragment.SelectionSet, grouped, visited);
                    break;
            }
        }
    }

    private static void CollectAll(
        PlanVariant variant,
        CompositeType on,
        SelectionSetNode set,
        OrderedDictionary<(CompositeType, string), List<FieldNode>> grouped,
        HashSet<string> visited)
    {
        foreach (var selection in set.Selections)
        {
            if (!IsIncluded(selection.Directives, variant.Conditions))
                continue;
            switch (selection)
            {
                case FieldNode field:
                    if (!grouped.TryGetValue((on, field.ResponseName), out var nodes))
                        grouped[(on, field.ResponseName)] = nodes = [];
                    nodes.Add(field);
                    break;
                case InlineFragmentNode inline:
                    CollectAll(variant, Narrower(variant.Plan.Schema, on, inline.TypeCondition), inline.SelectionSet, grouped, visited);
                    break;
                case FragmentSpreadNode spread when visited.Add(spread.Name.Value) && variant.Plan.Fragments.TryGetValue(spread.Name.Value, out var fragment):
                    CollectAll(variant, Narrower(variant.Plan.Schema, on, fragment.TypeCondition), fragment.SelectionSet, grouped, visited);
                    break;
            }
        }
    }

    private static FieldDefinition? Definition(Schema schema, CompositeType type, string name) =>
        Introspection.MetaField(schema, type, name) ?? (type as FieldsType)?.Field(name);

    // An object type stays itself under a fragment on one of its interfaces.
    private static CompositeType Narrower(Schema schema, CompositeType on, NamedTypeNode? condition) =>
        condition is null || on is ObjectType ? on : schema.Type(condition.Name.Value) as CompositeType ?? on;

    /// <summary>DoesFragmentTypeApply.</summary>
    private static bool Applies(Schema schema, ObjectType type, NamedTypeNode condition)
    {
        var named = schema.Type(condition.Name.Value) ?? Introspection.TypeNamed(condition.Name.Value);
        return ReferenceEquals(named, type) || (named is InterfaceType or UnionType && schema.PossibleTypes((CompositeType)named).Contains(type));
    }

    private static bool IsIncluded(IReadOnlyList<DirectiveNode> directives, IReadOnlyDictionary<string, object?> conditions)
    {
        for (var i = 0; i < directives.Count; i++)
        {
            var name = directives[i].Name.Value;
            if ((name == "skip" && Condition(directives[i], conditions)) || (name == "include" && !Condition(directives[i], conditions)))
                return false;
        }

        return true;
    }

    private static bool Condition(DirectiveNode directive, IReadOnlyDictionary<string, object?> conditions) =>
        directive.Arguments is [{ Value: var value }] && value switch
        {
            BooleanValueNode b => b.Value,
            VariableNode v => conditions.GetValueOrDefault(v.Name.Value) is true,
            _ => false,
        };
}
