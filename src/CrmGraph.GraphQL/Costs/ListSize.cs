using System.Globalization;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Costs;

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

/// <summary>The two directives as applied to parts of a schema that is made in code.</summary>
public static class CostDirectives
{
    public const string CostName = "cost";
    public const string ListSizeName = "listSize";

    public static AppliedDirective Cost(double weight) => new(CostName, [new ArgumentNode(new NameNode("weight"), new StringValueNode(weight.ToString(CultureInfo.InvariantCulture)))]);

    public static AppliedDirective ListSize(ListSize size)
    {
        var arguments = new List<ArgumentNode>();
        if (size.AssumedSize is { } assumed)
            arguments.Add(new(new("assumedSize"), Number(assumed)));
        if (size.SlicingArguments.Count > 0)
            arguments.Add(new(new("slicingArguments"), Texts(size.SlicingArguments)));
        if (size.DefaultSize is { } fallback)
            arguments.Add(new(new("slicingArgumentDefaultValue"), Number(fallback)));
        if (size.SizedFields.Count > 0)
            arguments.Add(new(new("sizedFields"), Texts(size.SizedFields)));
        if (!size.RequireOne)
            arguments.Add(new(new("requireOneSlicingArgument"), new BooleanValueNode(false)));
        return new(ListSizeName, arguments);
    }

    private static IntValueNode Number(int value) => new(value.ToString(CultureInfo.InvariantCulture));

    private static ListValueNode Texts(IReadOnlyList<string> values) => new([.. values.Select(v => new StringValueNode(v))]);
}
