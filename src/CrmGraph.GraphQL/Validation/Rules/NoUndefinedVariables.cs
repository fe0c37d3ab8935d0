using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.8.3: variables that are used are defined by the operation.</summary>
internal sealed class NoUndefinedVariables(ValidationContext context) : ValidationRule(context)
{
    public override void EnterOperation(OperationDefinitionNode node)
    {
        var usages = Context.AllVariableUsages(node);
        if (usages.Count == 0)
            return;
        var defined = node.VariableDefinitions.Select(static v => v.Variable.Name.Value).ToHashSet(StringComparer.Ordinal);
        var by = node.Name is null ? "" : $" by operation \"{node.Name.Value}\"";
        foreach (var usage in usages)
            if (!defined.Contains(usage.Node.Name.Value))
                Report($"Variable \"${usage.Node.Name.Value}\" is not defined{by}.", usage.Node, node);
    }
}
