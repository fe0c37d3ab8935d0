using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.5.1.1: fragments have different names.</summary>
internal sealed class UniqueFragmentNames(ValidationContext context) : ValidationRule(context)
{
    private readonly Dictionary<string, NameNode> _known = new(StringComparer.Ordinal);

    public override void FragmentDefinition(FragmentDefinitionNode node)
    {
        if (!_known.TryAdd(node.Name.Value, node.Name))
            Report($"There is more than one fragment named \"{node.Name.Value}\".", _known[node.Name.Value], node.Name);
    }
}
