using System.Collections;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Metrics;

/// <summary>What conditions cost by the directives of their fields, as the engine prices those of arguments: for fields that are asked once for all rows.</summary>
internal static class ConditionPrice
{
    private const double InputObject = 1;

    public static double Of(InputObject conditions) =>
        InputObject + conditions.Fields.Sum(f => conditions.Type.Field(f.Key) is { } field ? Of(field, f.Value) : 0);

    private static double Of(InputValueDefinition field, object? value)
    {
        var isList = field.Type.Nullable is ListType;
        // A comparison with null is one like any other; null in the place of conditions is none.
        if (value is null && (isList || field.Type.Named is InputObjectType))
            return 0;
        var values = value is IEnumerable list and not string ? list.Cast<object?>().ToList() : [value];
        return (Math.Max(1, values.Count) * (CostDirectives.Weight(field.AppliedDirectives) ?? 0)) + (field.InnerTimes * values.OfType<InputObject>().Sum(Of));
    }
}
