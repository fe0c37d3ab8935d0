using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>Metrics by group and time bucket. Totals are computed anew at each level, not added up.</summary>
public sealed class MetricTable
{
    /// <summary>An ID of the arguments: the same in all queries and subscriptions with the same arguments.</summary>
    [ID] public required string Id { get; init; }
    /// <summary>One row per group and time bucket, including empty ones; with `subtotals`, those by fewer dimensions after them.</summary>
    public required IReadOnlyList<MetricRow> Rows { get; init; }
    /// <summary>The number of groups before `first` was applied; 0 without `groupBy`.</summary>
    public required int GroupCount { get; init; }
    /// <summary>The total of all groups over the whole period. With segments, each customer in at least one of them counts once.</summary>
    public required MetricRow Totals { get; init; }
    /// <summary>The total of each group over the whole period; with `subtotals`, those by fewer dimensions after them.</summary>
    public required IReadOnlyList<MetricRow> GroupTotals { get; init; }
    /// <summary>The total of all groups in each time bucket.</summary>
    public required IReadOnlyList<MetricRow> BucketTotals { get; init; }
    /// <summary>The moment at which the data was read.</summary>
    public required DateTime AsOf { get; init; }
    /// <summary>An opaque version of the data. A later state has a greater version in ordinal order.</summary>
    public required string Version { get; init; }
    /// <summary>The days of the table.</summary>
    public required MetricPeriod Period { get; init; }
    /// <summary>The days compared with. Null without `compareTo`, or if no day of the period has a match, such as 29 February one year earlier.</summary>
    public required MetricPeriod? Comparison { get; init; }
    /// <summary>The ISO 4217 code of the currency of all money in the table.</summary>
    public required string Currency { get; init; }
}

/// <summary>The metrics of one group in one time bucket, or of a total.</summary>
public sealed class MetricRow
{
    [ID] public required string Id { get; init; }
    /// <summary>
    /// The group and time bucket as text, such as `Web/EUR|2026-10-01` or `all|2026-10-01`: unique within its list and stable over time.
    /// </summary>
    public required string Key { get; init; }
    /// <summary>
    /// The time bucket. An interval that only the comparison has, such as 29 February, is that of the comparison. Null for totals over the whole period.
    /// </summary>
    public required TimeBucket? Bucket { get; init; }
    /// <summary>The time bucket compared with; null if there is none.</summary>
    public required TimeBucket? ComparedBucket { get; init; }
    /// <summary>
    /// The values of the dimensions, in the order of `groupBy`; empty for totals of all groups. Of subtotals, the key of each dimension that is summed up is null.
    /// </summary>
    public required IReadOnlyList<DimensionValue> Dimensions { get; init; }
    /// <summary>By how many of the dimensions, counted from the first, the row is grouped: all of them for groups, 0 for the total.</summary>
    public required int Level { get; init; }
    /// <summary>Whether the row sums up groups: its level is lower than the number of dimensions of the table.</summary>
    public required bool IsSubtotal { get; init; }
    [GraphQLIgnore] public required IReadOnlyDictionary<string, MetricValue> Values { get; init; }

    /// <param name="attribute">Of dimensions of attributes, which; the first when left out.</param>
    internal DimensionValue? Dimension(MetricDimension dimension, string? attribute = null)
    {
        foreach (var value in Dimensions)
            if (value.Dimension == dimension && (attribute is null || value.Attribute == attribute))
                return value;
        return null;
    }
}
