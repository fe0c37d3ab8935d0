using System.Buffers;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>What a group stands for.</summary>
public enum DimensionValueKind
{
    /// <summary>A known value of the dimension.</summary>
    Value,
    /// <summary>All rows without a value.</summary>
    Unknown,
    /// <summary>All groups that the argument `first` leaves out.</summary>
    Others,
    /// <summary>All values together: the row is a subtotal.</summary>
    Total,
}

/// <summary>The value of one dimension of a group.</summary>
/// <param name="Dimension">The dimension.</param>
/// <param name="Key">The value as text, as stored. Null for unknown values and for others.</param>
/// <param name="Label">The value for people, in English.</param>
/// <param name="Kind">Whether this is a known value, the unknown ones, the others or all together.</param>
public sealed record DimensionValue(
    MetricDimension Dimension, [property: GraphQLIgnore] string? Key, [property: GraphQLIgnore] string Label, DimensionValueKind Kind)
{
    /// <summary>The name of the attribute, of dimensions of attributes.</summary>
    public string? Attribute { get; init; }

    /// <summary>As stored: a text, an enum's value, an id.</summary>
    [GraphQLIgnore] public object? Raw { get; init; }

    /// <summary>As filters take it.</summary>
    internal string? Written => Raw is Guid id ? NodeIds.FormatGuid(TypeNameOf(Dimension), id) : Key;

    /// <summary>Whether a text from outside means this value: as filters take it, or as it is stored.</summary>
    internal bool IsNamed(string? key) => key is not null && (key == Key || key == Written);

    internal static string TypeNameOf(MetricDimension dimension) =>
        dimension is MetricDimension.Owner or MetricDimension.Agent ? nameof(TeamMember) : dimension.ToString();

    internal string LabelIn(Language language) => language == Language.English ? Label : Kind switch
    {
        DimensionValueKind.Total => ChineseWords.Total,
        DimensionValueKind.Others => ChineseWords.Others,
        DimensionValueKind.Unknown => ChineseWords.Unknown,
        _ => Raw switch
        {
            Enum value => ChineseWords.Of(value) ?? Label,
            int month when Dimension == MetricDimension.MonthOfYear => ChineseWords.OfMonth(month),
            AttributeBand band => band.LabelIn(language),
            _ => Label,
        },
    };
}

/// <summary>One group of a table: a value per dimension, or what <c>first</c> left over.</summary>
/// <param name="Values">The raw values in the order of the dimensions, of subtotals those of the first ones; null is unknown.</param>
internal sealed record MetricGroup(string Id, IReadOnlyList<object?> Values, bool IsOthers)
{
    public const string Total = "all";
    private const string LeftOver = "others", Between = "/", Unknown = "?";
    private static readonly SearchValues<char> Signs = SearchValues.Create("/?|%");

    public static MetricGroup Others(int dimensions) => new(LeftOver, new object?[dimensions], true);

    public static MetricGroup Of(IReadOnlyList<MetricDimension> dimensions, IReadOnlyList<object?> values) =>
        new(string.Join(Between, values.Select((v, i) => Escaped(Groups.Key(dimensions[i], v)))), values, false);

    /// <summary>Texts come from outside: what means something here is written as in addresses.</summary>
    private static string Escaped(string? key) => key switch
    {
        null => Unknown,
        "" => "%",
        Total or LeftOver => $"%{(int)key[0]:X2}{key[1..]}",
        _ when key.AsSpan().IndexOfAny(Signs) < 0 => key,
        _ => string.Concat(key.Select(static c => Signs.Contains(c) ? $"%{(int)c:X2}" : c.ToString())),
    };
}

/// <summary>What the dimensions are called in a row, and how their values are shown.</summary>
internal static class Groups
{
    /// <summary>The column of <see cref="FactRow"/>; null for segments, which are no column.</summary>
    public static string? Column(MetricDimension dimension) => dimension switch
    {
        MetricDimension.Segment => null,
        MetricDimension.AttributeBand => nameof(FactRow.Attribute),
        _ => dimension.ToString(),
    };

    /// <summary>The value for programs.</summary>
    public static string? Key(MetricDimension dimension, object? value) => value switch
    {
        null => null,
        Guid id => id.ToString(),
        Enum e => SnakeCase.Upper(e.ToString()),
        int number => NumberedGroups.Key(dimension, number),
        _ => (string)value,
    };

    /// <summary>Whether rows can have the key: of a dimension with known values it is one of them. Which ids and texts there are, the data says.</summary>
    public static bool CanHave(MetricDimension dimension, string key)
    {
        var type = typeof(FactRow).GetProperty(Column(dimension)!)!.PropertyType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(Guid) || (type == typeof(string)
            ? dimension != MetricDimension.AttributeBand || AttributeBand.Parse(key) is not null
            : OfNames(type, dimension, key) is not null);
    }

    private static object? OfNames(Type type, MetricDimension dimension, string key) => type.IsEnum
        ? Enum.GetValues(type).Cast<object>().FirstOrDefault(value => SnakeCase.Upper(value.ToString()!) == key)
        : NumberedGroups.Parse(dimension, key);

    /// <summary>From the value for programs, as rows tell it, to that of the column.</summary>
    /// <exception cref="GraphQLException">METRIC_INVALID_ARGUMENT or INVALID_ID: the dimension has no such value.</exception>
    public static object? Parse(Grouping grouping, string? key, NodeIds ids)
    {
        if (key is null)
            return null;
        var dimension = grouping.Dimension;
        var type = typeof(FactRow).GetProperty(Column(dimension)!)!.PropertyType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) && (grouping.IsBanded ? AttributeBand.Parse(key) is not null : FoldedText.IsStorable(key)))
            return key;
        if (type == typeof(Guid))
            return ids.Parse<Guid>(key, DimensionValue.TypeNameOf(dimension));
        return (type == typeof(string) ? null : OfNames(type, dimension, key)) ?? throw new GraphQLException(
                MetricErrorCodes.InvalidArgument, $"{SnakeCase.Upper(dimension.ToString())} has no value \"{key}\"; give the `key` of a row's dimension.");
    }

    /// <summary>The group's values as shown. Names of what has an id are looked up once for all groups.</summary>
    public static IReadOnlyList<DimensionValue> Show(MetricGroup group, IReadOnlyList<Grouping> groupings, IReadOnlyDictionary<Guid, string> names)
    {
        var shown = new DimensionValue[groupings.Count];
        for (var i = 0; i < shown.Length; i++)
        {
            shown[i] = i < group.Values.Count
                ? Show(groupings[i], group.IsOthers, group.Values[i], names)
                : new(groupings[i].Dimension, null, "Total", DimensionValueKind.Total);
            if (groupings[i].Attribute is { } attribute)
                shown[i] = shown[i] with { Attribute = attribute.Key };
        }

        return shown;
    }

    private static DimensionValue Show(Grouping grouping, bool others, object? value, IReadOnlyDictionary<Guid, string> names)
    {
        var dimension = grouping.Dimension;
        if (others)
            return new(dimension, null, "Others", DimensionValueKind.Others);
        if (value is null)
            return new(dimension, null, "Unknown", DimensionValueKind.Unknown);
        var key = Key(dimension, value)!;
        return value switch
        {
            Guid id => new(dimension, key, names.GetValueOrDefault(id, key), DimensionValueKind.Value) { Raw = id },
            Enum e => new(dimension, key, Words(e.ToString()), DimensionValueKind.Value) { Raw = e },
            int number => new(dimension, key, NumberedGroups.Label(dimension, number), DimensionValueKind.Value)
            {
                Raw = NumberedGroups.Raw(dimension, number),
            },
            _ when grouping.IsBanded && AttributeBand.Parse(key) is { } band =>
                new(dimension, key, band.LabelIn(Language.English), DimensionValueKind.Value) { Raw = band },
            _ => new(dimension, key, key, DimensionValueKind.Value) { Raw = value },
        };
    }

    private static string Words(string name) => string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()));
}
