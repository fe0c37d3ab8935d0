using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.1.1: a request holds operations and fragments only.</summary>
internal sealed class ExecutableDefinitions(ValidationContext context) : ValidationRule(context)
{
    public override void EnterDocument(DocumentNode node)
    {
        foreach (var definition in node.Definitions)
            if (definition is not ExecutableDefinitionNode)
                Report($"The {Named(definition)} definition cannot be executed; a request holds operations and fragments only.", definition);
    }

    private static string Named(DefinitionNode definition) => definition switch
    {
        TypeDefinitionNode type => $"\"{type.Name.Value}\"",
        DirectiveDefinitionNode directive => $"\"@{directive.Name.Value}\"",
        _ => "schema",
    };
}
