using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation;

/// <summary>
/// Bounds how many fragments may spread one another in a chain, before anything follows them by recursion: a chain needs no nesting in the
/// text, so the parser's limit does not see it.
/// </summary>
internal static class FragmentNesting
{
    public static GraphQLError? Exceeds(ValidationContext context)
    {
        var heights = new Dictionary<FragmentDefinitionNode, int>();
        foreach (var definition in context.Document.Definitions)
            if (definition is FragmentDefinitionNode fragment && Height(fragment, context, heights) > context.Limits.ParserDepth)
                return new GraphQLError($"More than {context.Limits.ParserDepth} fragments spread one another in a chain, the most that is allowed.")
                {
                    Code = ErrorCodes.TooDeep,
                    Locations = [fragment.Location.LineAndColumn],
                };
        return null;
    }

    /// <summary>Post-order with a stack of its own. A fragment that is still open is a cycle, which is reported elsewhere, and counts as nothing.</summary>
    private static int Height(FragmentDefinitionNode root, ValidationContext context, Dictionary<FragmentDefinitionNode, int> heights)
    {
        var open = new Stack<FragmentDefinitionNode>([root]);
        while (open.TryPeek(out var fragment))
        {
            var spreads = context.Spreads(fragment.SelectionSet);
            if (heights.TryAdd(fragment, 0))
            {
                foreach (var spread in spreads)
                    if (context.Fragment(spread.Name.Value) is { } next && !heights.ContainsKey(next))
                        open.Push(next);
                continue;
            }

            open.Pop();
            if (heights[fragment] > 0)
                continue;
            var below = 0;
            foreach (var spread in spreads)
                if (context.Fragment(spread.Name.Value) is { } next)
                    below = Math.Max(below, heights.GetValueOrDefault(next));
            heights[fragment] = below + 1;
        }

        return heights[root];
    }
}
