using System.Globalization;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Types;

/// <summary>The two directives as applied to parts of a schema that is made in code.</summary>
public static class CostDirectives
{
    public const string CostName = "cost";
    public const string ListSizeName = "listSize";

    public static AppliedDirective Cost(double weight)
        => new(CostName, [new ArgumentNode(new NameNode("weight"), new StringValueNode(weight.ToString(CultureInfo.InvariantCulture)))]);

    /// <summary>What <c>@cost</c> says; null when it is not applied.</summary>
    public static double? Weight(IReadOnlyList<AppliedDirective> directives)
    {
        foreach (var directive in directives)
            if (directive.Name == CostName && directive.Arguments is [{ Value: StringValueNode text }]
                && double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) && double.IsFinite(weight))
                return weight;
        return null;
    }

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
