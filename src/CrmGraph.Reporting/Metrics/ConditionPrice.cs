using System.Collections;
using System.Reflection;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Metrics;

/// <summary>What conditions cost by the directives of their fields, as the engine prices those of arguments: for fields that are asked once for all rows.</summary>
internal static class ConditionPrice
{
    private const double EachObject = 1;
    private const BindingFlags Properties = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;

    public static double Of(InputObject conditions) =>
        EachObject + conditions.Fields.Sum(f => conditions.Type.Field(f.Key) is { } field ? Of(field, f.Value) : 0);

    private static double Of(InputValueDefinition field, object? value)
    {
        var isList = field.Type.Nullable is ListType;
        // A comparison with null is one like any other; null in the place of conditions is none.
        if (value is null && (isList || field.Type.Named is InputObjectType))
            return 0;
        var values = value is IEnumerable list and not string ? list.Cast<object?>().ToList() : [value];
        return (Math.Max(1, values.Count) * (CostDirectives.Weight(field.AppliedDirectives) ?? 0))
            + (field.InnerTimes * values.Sum(v => Inside(field.Type.Named, v)));
    }

    /// <summary>What stands in an input object; of those that are read into classes, such as periods, the objects alone are counted.</summary>
    private static double Inside(NamedType type, object? value) => (type, value) switch
    {
        (_, InputObject conditions) => Of(conditions),
        (InputObjectType input, not null) => EachObject + input.Fields.Where(f => f.Type.Named is InputObjectType)
            .Sum(f => Inside(f.Type.Named, value.GetType().GetProperty(f.Name, Properties)?.GetValue(value))),
        _ => 0,
    };
}
