using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.5.1.4: every fragment is used by an operation.</summary>
internal sealed class NoUnusedFragments(ValidationContext context) : ValidationRule(context)
{
    public override void LeaveDocument(DocumentNode node)
    {
        var fragments = node.Definitions.OfType<FragmentDefinitionNode>().ToList();
        if (fragments.Count == 0)
            return;
        var used = Context.Reachable(node.Definitions.OfType<OperationDefinitionNode>().Select(static o => o.SelectionSet)).Select(static f => f.Name.Value)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var fragment in fragments)
            if (!used.Contains(fragment.Name.Value))
                Report($"Fragment \"{fragment.Name.Value}\" is never used.", fragment);
    }
}
