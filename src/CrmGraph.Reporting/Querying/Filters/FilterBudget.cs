using System.Collections;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Querying.Filters;

/// <summary>Refuses filters that are larger than the limits, before anything is built from them.</summary>
internal static class FilterBudget
{
    public static void Check(InputObject where, CrmLimits limits)
    {
        var conditions = Count(where, 1, limits);
        if (conditions > limits.FilterConditions)
            throw TooLarge($"The filter has {conditions} conditions; at most {limits.FilterConditions} are allowed.");
    }

    private static int Count(InputObject part, int depth, CrmLimits limits)
    {
        if (depth > limits.FilterDepth)
            throw TooLarge($"The filter is nested deeper than {limits.FilterDepth} levels of and, or, not and related rows.");
        var conditions = 0;
        foreach (var (name, value) in part.Fields)
        {
            if (part.Type.Field(name)?.Tag is FilterOperator)
                conditions += 1 + Values(name, value, limits);
            else if (value is bool)
                conditions++;
            foreach (var inner in FilterBuilder.Parts(value))
                conditions += Count(inner, FilterBuilder.IsRowFilter(inner.Type) || inner.Type == part.Type ? depth + 1 : depth, limits);
        }

        return conditions;
    }

    private static int Values(string name, object? value, CrmLimits limits)
    {
        if (value is string { Length: var length } && length > limits.TextCharacters)
            throw TooLarge($"The text of `{name}` has {length} characters; at most {limits.TextCharacters} are allowed.");
        if (value is not IList { Count: var count } || count <= limits.InListValues)
            return 0;
        throw TooLarge($"The list of `{name}` has {count} values; at most {limits.InListValues} are allowed.");
    }

    private static GraphQLException TooLarge(string message) => new(QueryErrorCodes.FilterTooLarge, message);
}
