using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Validation.Rules;

/// <summary>Sections 5.6.1, 5.6.2, 5.6.4 and 3.10.1: literals fit their types.</summary>
internal sealed class ValuesOfCorrectType(ValidationContext context) : ValidationRule(context)
{
    public override void InputValue(ValueNode node, GraphQLType? type)
    {
        if (type is not null && node is not VariableNode)
            InputLiterals.Check(node, type, Context, (at, message) => Report(message, at));
    }
}
