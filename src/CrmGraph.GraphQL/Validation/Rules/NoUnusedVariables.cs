using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.8.4: variables that are defined are used.</summary>
internal sealed class NoUnusedVariables(ValidationContext context) : ValidationRule(context)
{
    public override void EnterOperation(OperationDefinitionNode node)
    {
        if (node.VariableDefinitions.Count == 0)
            return;
        var used = Context.AllVariableUsages(node).Select(static u => u.Node.Name.Value).ToHashSet(StringComparer.Ordinal);
        var by = node.Name is null ? "" : $" in operation \"{node.Name.Value}\"";
        foreach (var variable in node.VariableDefinitions)
            if (!used.Contains(variable.Variable.Name.Value))
                Report($"Variable \"${variable.Variable.Name.Value}\" is never used{by}.", variable);
    }
}
