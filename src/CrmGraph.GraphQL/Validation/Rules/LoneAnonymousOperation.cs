using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.2.3: an operation without a name is the only one.</summary>
internal sealed class LoneAnonymousOperation(ValidationContext context) : ValidationRule(context)
{
    private int _operations;

    public override void EnterDocument(DocumentNode node)
    {
        foreach (var definition in node.Definitions)
            if (definition is OperationDefinitionNode)
                _operations++;
    }

    public override void EnterOperation(OperationDefinitionNode node)
    {
        if (node.Name is null && _operations > 1)
            Report("An operation without a name must be the only operation of the document.", node);
    }
}
