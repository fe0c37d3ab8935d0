using System.Collections;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Metrics;

/// <summary>What conditions cost by the directives of their fields, as the engine prices those of arguments: for fields that are asked once for all rows.</summary>
internal static class ConditionPrice
{
    public static double Of(InputObject conditions)
    {
        var price = 0d;
        foreach (var (name, value) in conditions.Fields)
            if (conditions.Type.Field(name) is { } field)
                price += (Math.Max(1, Items(value).Count()) * (CostDirectives.Weight(field.AppliedDirectives) ?? 0))
                    + (field.InnerTimes * Items(value).OfType<InputObject>().Sum(Of));
        return price;
    }

    private static IEnumerable<object?> Items(object? value) => value is IEnumerable list and not string ? list.Cast<object?>() : [value];
}
