using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>Metrics by group and time bucket, with totals computed again at each level.</summary>
public sealed class MetricTable
{
    /// <summary>The same for the same arguments, in queries and subscriptions.</summary>
    [ID] public required string Id { get; init; }
    /// <summary>One row per group and bucket of the period or its comparison; gaps are filled.</summary>
    public required IReadOnlyList<MetricRow> Rows { get; init; }
    /// <summary>Groups there are, before <c>first</c>; 0 without groupBy.</summary>
    public required int GroupCount { get; init; }
    /// <summary>Everything, over the whole period. By segments: the customers in at least one of them, each counted once.</summary>
    public required MetricRow Totals { get; init; }
    /// <summary>Each group over the whole period.</summary>
    public required IReadOnlyList<MetricRow> GroupTotals { get; init; }
    /// <summary>All groups together in each bucket of the period or its comparison.</summary>
    public required IReadOnlyList<MetricRow> BucketTotals { get; init; }
    /// <summary>The moment of the data.</summary>
    public required DateTime AsOf { get; init; }
    /// <summary>Opaque; a later state of the data has a greater one in ordinal order.</summary>
    public required string Version { get; init; }
    public required MetricPeriod Period { get; init; }
    /// <summary>The days compared with; null without compareTo, and when no day of the period has a partner (29 February alone, a year earlier).</summary>
    public required MetricPeriod? Comparison { get; init; }
    /// <summary>ISO 4217 code of all money in the table.</summary>
    public required string Currency { get; init; }
}

/// <summary>A group in a bucket, or a total.</summary>
public sealed class MetricRow
{
    [ID] public required string Id { get; init; }
    /// <summary>The group and bucket as text, unique within its list; the same in every answer.</summary>
    public required string Key { get; init; }
    /// <summary>The interval of the period; one that only the comparison has (29 February, an hour that the clocks skip) is that of the comparison.</summary>
    public required TimeBucket? Bucket { get; init; }
    /// <summary>The interval of the comparison with which the row is compared: the same by the calendar. Null when it has none.</summary>
    public required TimeBucket? ComparedBucket { get; init; }
    /// <summary>In the order of groupBy; empty for totals of all groups.</summary>
    public required IReadOnlyList<DimensionValue> Dimensions { get; init; }
    [GraphQLIgnore] public required IReadOnlyDictionary<string, MetricValue> Values { get; init; }

    internal DimensionValue? Dimension(MetricDimension dimension)
    {
        foreach (var value in Dimensions)
            if (value.Dimension == dimension)
                return value;
        return null;
    }
}
