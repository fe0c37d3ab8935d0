using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.5.1.3: fragments are on objects, interfaces and unions.</summary>
internal sealed class FragmentsOnCompositeTypes(ValidationContext context) : ValidationRule(context)
{
    public override void InlineFragment(InlineFragmentNode node)
    {
        if (node.TypeCondition is { } condition)
            Check(condition, "A fragment");
    }

    public override void FragmentDefinition(FragmentDefinitionNode node) => Check(node.TypeCondition, $"Fragment \"{node.Name.Value}\"");

    private void Check(NamedTypeNode condition, string fragment)
    {
        if (Schema.Type(condition.Name.Value) is { } type and not CompositeType)
            Report($"{fragment} cannot be on \"{type}\", which has no fields; it must be on an object, interface or union.", condition);
    }
}
