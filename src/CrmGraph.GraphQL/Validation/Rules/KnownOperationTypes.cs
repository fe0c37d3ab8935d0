using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.2.1: the schema has a root type for the operation.</summary>
internal sealed class KnownOperationTypes(ValidationContext context) : ValidationRule(context)
{
    public override void EnterOperation(OperationDefinitionNode node)
    {
        if (Schema.RootType(node.Operation) is null)
            Report($"This schema has no {Printer.Word(node.Operation)} operations.", node);
    }
}
