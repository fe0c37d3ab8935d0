using System.Globalization;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Types;

/// <summary>What <c>@listSize</c> says of a field.</summary>
/// <param name="AssumedSize">The greatest length there can be; null when unknown.</param>
/// <param name="SlicingArguments">Arguments (or, with dots, fields in them) whose number, or whose number of values, is the length.</param>
/// <param name="DefaultSize">The length when no slicing argument is given.</param>
/// <param name="SizedFields">The fields below that hold the list; empty when the field itself is it.</param>
/// <param name="RequireOne">Exactly one slicing argument must be given.</param>
public sealed record ListSize(int? AssumedSize, IReadOnlyList<string> SlicingArguments, int? DefaultSize, IReadOnlyList<string> SizedFields, bool RequireOne)
{
    public static ListSize? Of(FieldDefinition field) => field.AppliedDirectives.FirstOrDefault(d => d.Name == CostDirectives.ListSizeName) is { } applied
        ? new(
            Number(applied, "assumedSize"),
            Texts(applied, "slicingArguments"),
            Number(applied, "slicingArgumentDefaultValue"),
            Texts(applied, "sizedFields"),
            Argument(applied, "requireOneSlicingArgument") is not BooleanValueNode { Value: false })
        : null;

    private static ValueNode? Argument(AppliedDirective applied, string name) => applied.Arguments.FirstOrDefault(a => a.Name.Value == name)?.Value;

    private static int? Number(AppliedDirective applied, string name) =>
        Argument(applied, name) is IntValueNode number && int.TryParse(number.Value, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static IReadOnlyList<string> Texts(AppliedDirective applied, string name) => Argument(applied, name) switch
    {
        ListValueNode list => [.. list.Values.OfType<StringValueNode>().Select(t => t.Value)],
        StringValueNode one => [one.Value],
        _ => [],
    };
}
