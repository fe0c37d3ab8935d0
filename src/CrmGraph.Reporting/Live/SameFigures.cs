using CrmGraph.Reporting.Metrics.Assembling;

namespace CrmGraph.Reporting.Live;

/// <summary>Whether two tables of one query show the same, whenever they were computed.</summary>
internal static class SameFigures
{
    public static bool Of(MetricTable a, MetricTable b) =>
        a.GroupCount == b.GroupCount && a.Currency == b.Currency && a.Period == b.Period && a.Comparison == b.Comparison
        && Same(a.Totals, b.Totals) && Same(a.Rows, b.Rows) && Same(a.GroupTotals, b.GroupTotals) && Same(a.BucketTotals, b.BucketTotals);

    private static bool Same(IReadOnlyList<MetricRow> a, IReadOnlyList<MetricRow> b)
    {
        if (a.Count != b.Count)
            return false;
        for (var i = 0; i < a.Count; i++)
            if (!Same(a[i], b[i]))
                return false;
        return true;
    }

    private static bool Same(MetricRow a, MetricRow b)
    {
        if (a.Key != b.Key || a.Bucket != b.Bucket || a.ComparedBucket != b.ComparedBucket || !a.Dimensions.SequenceEqual(b.Dimensions)
            || a.Values.Count != b.Values.Count)
            return false;
        foreach (var (metric, value) in a.Values)
            if (!b.Values.TryGetValue(metric, out var other) || !Same(value, other))
                return false;
        return true;
    }

    private static bool Same(MetricValue a, MetricValue b) =>
        a.Value == b.Value && a.Reason == b.Reason && a.PreviousReason == b.PreviousReason && a.Previous == b.Previous && a.Change == b.Change
            && a.ChangeRatio == b.ChangeRatio && a.Numerator == b.Numerator && a.Denominator == b.Denominator;
}
