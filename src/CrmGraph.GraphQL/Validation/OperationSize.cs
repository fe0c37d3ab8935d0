using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Validation;

/// <summary>How big an operation becomes when its fragments are followed. Counts stop at <see cref="int.MaxValue"/>.</summary>
internal readonly record struct OperationSize(int Depth, int Aliases, int Directives)
{
    /// <summary>Measures each fragment once, whatever the number of its spreads. A cycle of fragments, an error of its own, counts as nothing.</summary>
    public static OperationSize Of(OperationDefinitionNode operation, ValidationContext context, Dictionary<string, OperationSize> fragments)
    {
        var size = Of(operation.SelectionSet, context, fragments);
        return size with { Directives = Add(size.Directives, operation.Directives.Count) };
    }

    private static OperationSize Of(SelectionSetNode set, ValidationContext context, Dictionary<string, OperationSize> fragments)
    {
        var total = default(OperationSize);
        foreach (var selection in set.Selections)
        {
            var size = selection switch
            {
                FieldNode field => OfField(field, field.SelectionSet is null ? default : Of(field.SelectionSet, context, fragments)),
                InlineFragmentNode inline => Of(inline.SelectionSet, context, fragments),
                FragmentSpreadNode spread => OfFragment(spread.Name.Value, context, fragments),
                _ => default,
            };
            total = new(
                Math.Max(total.Depth, size.Depth),
                Add(total.Aliases, size.Aliases),
                Add(total.Directives, Add(size.Directives, selection.Directives.Count)));
        }

        return total;
    }

    private static OperationSize OfField(FieldNode field, OperationSize below) =>
        new(Add(below.Depth, 1), Add(below.Aliases, field.Alias is null ? 0 : 1), below.Directives);

    private static OperationSize OfFragment(string name, ValidationContext context, Dictionary<string, OperationSize> fragments)
    {
        if (fragments.TryGetValue(name, out var known))
            return known;
        fragments[name] = default;
        return context.Fragment(name) is { } fragment ? fragments[name] = Of(fragment.SelectionSet, context, fragments) : default;
    }

    private static int Add(int a, int b) => (int)Math.Min((long)a + b, int.MaxValue);
}
