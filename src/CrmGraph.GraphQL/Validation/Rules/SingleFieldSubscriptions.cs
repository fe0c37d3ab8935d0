using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.2.4.1: a subscription selects one root field, no introspection field, without @skip and @include.</summary>
internal sealed class SingleFieldSubscriptions(ValidationContext context) : ValidationRule(context)
{
    public override void EnterOperation(OperationDefinitionNode node)
    {
        if (node.Operation != OperationKind.Subscription || Schema.SubscriptionType is not { } root)
            return;
        var name = node.Name is null ? "This subscription" : $"Subscription \"{node.Name.Value}\"";
        var collected = new Collected(Context, root);
        collected.Add(node.SelectionSet);
        if (collected.Conditions.Count > 0)
        {
            Report($"{name} must not use @skip or @include on its root selections.", [.. collected.Conditions]);
            return;
        }

        if (collected.Fields.Count == 0)
            Report($"{name} must select one root field.", node.SelectionSet);
        else if (collected.Fields.Count > 1)
            Report($"{name} must select only one root field.", [.. collected.Fields.Skip(1).SelectMany(static f => f.Value)]);
        foreach (var (_, fields) in collected.Fields)
            if (fields[0].Name.Value.StartsWith("__", StringComparison.Ordinal))
                Report($"{name} must not select an introspection field at its root.", [.. fields]);
    }

    /// <summary>CollectSubscriptionFields: fields by response name, in order; conditional selections are set apart.</summary>
    private sealed class Collected(ValidationContext context, ObjectType root)
    {
        private readonly HashSet<string> _visited = new(StringComparer.Ordinal);

        public OrderedDictionary<string, List<FieldNode>> Fields { get; } = new(StringComparer.Ordinal);

        public List<DirectiveNode> Conditions { get; } = [];

        public void Add(SelectionSetNode set)
        {
            foreach (var selection in set.Selections)
            {
                var condition = selection.Directives.FirstOrDefault(static d => d.Name.Value == "skip")
                    ?? selection.Directives.FirstOrDefault(static d => d.Name.Value == "include");
                if (condition is not null)
                    Conditions.Add(condition);
                else
                    Add(selection);
            }
        }

        private void Add(SelectionNode selection)
        {
            switch (selection)
            {
                case FieldNode field:
                    if (!Fields.TryGetValue(field.ResponseName, out var same))
                        Fields.Add(field.ResponseName, same = []);
                    same.Add(field);
                    break;
                case InlineFragmentNode inline when Applies(inline.TypeCondition):
                    Add(inline.SelectionSet);
                    break;
                case FragmentSpreadNode spread:
                    if (context.Fragment(spread.Name.Value) is { } fragment && Applies(fragment.TypeCondition) && _visited.Add(spread.Name.Value))
                        Add(fragment.SelectionSet);
                    break;
            }
        }

        private bool Applies(NamedTypeNode? condition) =>
            condition is null || (context.TypeOf(condition) is CompositeType type && (type == root || context.Schema.PossibleTypes(type).Contains(root)));
    }
}
