using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation;

/// <summary>
/// Bounds how often one field stands in one selection set, before the rule that compares fields of one name pair by pair looks at them. Nobody
/// repeats himself in a short selection, so only long ones are counted.
/// </summary>
internal static class FieldRepetition
{
    public static GraphQLError? Exceeds(ValidationContext context)
    {
        var most = context.Limits.FieldRepetitions;
        var open = new Stack<SelectionSetNode>(context.Document.Definitions.OfType<ExecutableDefinitionNode>().Select(d => d.SelectionSet));
        while (open.TryPop(out var set))
        {
            if (set.Selections.Count > most
                && set.Selections.OfType<FieldNode>().GroupBy(f => f.ResponseName).FirstOrDefault(f => f.Count() > most) is { } repeated)
            {
                return new GraphQLError(
                    $"\"{repeated.Key}\" is selected {repeated.Count()} times at one place; at most {most} are allowed, and once is enough.")
                {
                    Code = ErrorCodes.TooManyRepetitions,
                    Locations = [repeated.First().Location.LineAndColumn],
                };
            }

            foreach (var selection in set.Selections)
                if (((selection as FieldNode)?.SelectionSet ?? (selection as InlineFragmentNode)?.SelectionSet) is { } below)
                    open.Push(below);
        }

        return null;
    }
}
