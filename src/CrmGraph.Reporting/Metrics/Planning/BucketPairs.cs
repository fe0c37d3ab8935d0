using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>A place on the time axis of a table: a bucket of the period, and the one of the comparison that stands beside it. One of them can be missing.</summary>
internal sealed record BucketPair(int Index, TimeBucket? Current, TimeBucket? Compared)
{
    /// <summary>As shown: what only the comparison has is shown by its own days.</summary>
    public TimeBucket Bucket => (Current ?? Compared)! with { Index = Index };

    /// <summary>Unique on the axis: a long period can hold the very day that its comparison has without a partner.</summary>
    public string Key => Current?.Key ?? "compared:" + Compared!.Key;
}

/// <summary>
/// The time axis of a table: both periods' buckets, paired by the calendar. A day stands beside its partner, an hour beside the same hour of that day,
/// weeks, months, quarters and years beside the one as far back as the comparison is; where that is no whole number of them, by their number within the
/// period.
/// </summary>
internal static class BucketPairs
{
    public static IReadOnlyList<BucketPair> Of(TimeGrain grain, TimeBuckets current, TimeBuckets? compared, CalendarShift shift, ReportingMoment moment)
    {
        var others = compared?.List ?? [];
        var partners = PartnersOf(grain, current.List, others, shift, moment);
        var pairs = new List<BucketPair>(current.List.Count);
        var next = 0;
        foreach (var bucket in current.List)
        {
            var partner = partners[bucket.Index];
            while (next < partner)
                Add(null, others[next++]);
            Add(bucket, partner is { } p ? others[p] : null);
            next = partner + 1 ?? next;
        }

        while (next < others.Count)
            Add(null, others[next++]);
        return pairs;

        void Add(TimeBucket? bucket, TimeBucket? partner) => pairs.Add(new(pairs.Count, bucket, partner));
    }

    private static int?[] PartnersOf(
        TimeGrain grain,
        IReadOnlyList<TimeBucket> current,
        IReadOnlyList<TimeBucket> compared,
        CalendarShift shift,
        ReportingMoment moment)
    {
        if (compared.Count == 0)
            return new int?[current.Count];
        var number = BucketNumber.For(grain, moment).Of;
        var back = shift.Buckets(grain) ?? number(current[0].Start) - number(compared[0].Start);
        Func<TimeBucket, (int?, int?)> partner = grain is TimeGrain.Day or TimeGrain.Hour
            ? b => (shift.Partner(b.Start)?.DayNumber, b.Hour)
            : b => (number(b.Start) - back, null);
        var indexes = compared.ToDictionary(b => ((int?)number(b.Start), b.Hour), b => (int?)b.Index);
        return [.. current.Select(b => indexes.GetValueOrDefault(partner(b)))];
    }
}
