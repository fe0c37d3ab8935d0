using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.5.2.1: fragments that are spread exist.</summary>
internal sealed class KnownFragmentNames(ValidationContext context) : ValidationRule(context)
{
    public override void FragmentSpread(FragmentSpreadNode node)
    {
        if (Context.Fragment(node.Name.Value) is null)
            Report($"There is no fragment \"{node.Name.Value}\" in this document.", node.Name);
    }
}
