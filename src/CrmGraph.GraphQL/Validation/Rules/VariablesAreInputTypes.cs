using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.8.2: variables have input types.</summary>
internal sealed class VariablesAreInputTypes(ValidationContext context) : ValidationRule(context)
{
    public override void VariableDefinition(VariableDefinitionNode node)
    {
        if (Context.TypeOf(node.Type) is { IsInput: false } type)
            Report($"Variable \"${node.Variable.Name.Value}\" cannot have the type \"{type}\", which is for output only.", node.Type);
    }
}
