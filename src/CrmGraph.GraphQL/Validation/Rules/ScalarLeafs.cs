using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.3.3: leaves have no selections, everything else has.</summary>
internal sealed class ScalarLeafs(ValidationContext context) : ValidationRule(context)
{
    public override void EnterField(FieldNode node)
    {
        if (Context.Type is not { } type)
            return;
        var leaf = type.Named is ScalarType or EnumType;
        if (leaf && node.SelectionSet is { } selections)
            Report($"Field \"{node.Name.Value}\" of type \"{type}\" has no fields to select.", selections);
        else if (!leaf && node.SelectionSet is null)
            Report($"Field \"{node.Name.Value}\" of type \"{type}\" needs a selection of its fields: \"{node.Name.Value} {{ ... }}\".", node);
    }
}
