using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Section 5.8.1: the variables of an operation have different names.</summary>
internal sealed class UniqueVariableNames(ValidationContext context) : ValidationRule(context)
{
    public override void EnterOperation(OperationDefinitionNode node)
    {
        if (node.VariableDefinitions.Count < 2)
            return;
        foreach (var same in node.VariableDefinitions.GroupBy(static v => v.Variable.Name.Value, StringComparer.Ordinal))
            if (same.Skip(1).Any())
                Report($"There is more than one variable named \"${same.Key}\".", [.. same.Select(static v => v.Variable.Name)]);
    }
}
