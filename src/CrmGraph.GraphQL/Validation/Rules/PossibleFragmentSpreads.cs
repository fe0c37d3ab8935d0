using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.5.2.3: a fragment can apply where it is spread: some object type fits both.</summary>
internal sealed class PossibleFragmentSpreads(ValidationContext context) : ValidationRule(context)
{
    public override void InlineFragment(InlineFragmentNode node)
    {
        if (node.TypeCondition is not null)
            Check(node, "This fragment", Context.Type);
    }

    public override void FragmentSpread(FragmentSpreadNode node)
    {
        if (Context.Fragment(node.Name.Value) is { } fragment)
            Check(node, $"Fragment \"{node.Name.Value}\"", Context.TypeOf(fragment.TypeCondition));
    }

    private void Check(SelectionNode node, string fragment, GraphQLType? type)
    {
        if (type is CompositeType on && Context.ParentType is { } parent && on != parent && !Schema.PossibleTypes(on).Overlaps(Schema.PossibleTypes(parent)))
            Report($"{fragment} on \"{on}\" can never apply here, where the type is \"{parent}\".", node);
    }
}
