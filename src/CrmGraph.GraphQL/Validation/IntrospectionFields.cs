using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation;

/// <summary>Where an operation asks for the schema.</summary>
internal static class IntrospectionFields
{
    /// <summary>The first <c>__schema</c> or <c>__type</c> of an operation, fragments followed; null when it has none. What @skip takes out counts too.</summary>
    public static FieldNode? In(OperationDefinitionNode operation, IReadOnlyDictionary<string, FragmentDefinitionNode> fragments)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        // Both are fields of the query root only, so that nothing below a field need be looked at.
        var open = new Stack<SelectionSetNode>([operation.SelectionSet]);
        while (open.TryPop(out var set))
            foreach (var selection in set.Selections)
                switch (selection)
                {
                    case FieldNode { Name.Value: "__schema" or "__type" } found:
                        return found;
                    case InlineFragmentNode inline:
                        open.Push(inline.SelectionSet);
                        break;
                    case FragmentSpreadNode spread when seen.Add(spread.Name.Value) && fragments.TryGetValue(spread.Name.Value, out var fragment):
                        open.Push(fragment.SelectionSet);
                        break;
                }

        return null;
    }

    public static GraphQLError Refused(FieldNode field) => new("Introspection is not allowed for the current request.")
    {
        Code = ErrorCodes.IntrospectionNotAllowed,
        Locations = [field.Location.LineAndColumn],
        Extensions = new Dictionary<string, object?> { ["field"] = field.Name.Value },
    };
}
