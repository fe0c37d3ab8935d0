using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Reading;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>Retention of each bucket, from every single customer's comings and goings (R37: the opening set is kept by id).</summary>
internal static class CustomerLives
{
    /// <param name="reads">Of single customers.</param>
    public static void Put(MetricGrid grid, MetricWindow window, IEnumerable<MetricRead> reads, GroupsOfRows groups)
    {
        foreach (var slice in reads.GroupBy(r => r.Slice))
            foreach (var ((group, _), life) in Lives(slice, groups))
                Follow(life, window, bucket =>
                {
                    foreach (var (measure, sign) in slice.First().Statement.Adds)
                    {
                        (group is null ? grid.All : grid.Group(group))[bucket].Add(measure, sign);
                        if (group is not null && slice.Key!.Folds)
                            grid.All[bucket].Add(measure, sign);
                    }
                });
    }

    private static Dictionary<(string? Group, Guid Customer), List<(DateOnly Day, bool Active)>> Lives(
        IGrouping<MetricSlice?, MetricRead> reads, GroupsOfRows groups)
    {
        var lives = new Dictionary<(string? Group, Guid Customer), List<(DateOnly Day, bool Active)>>();
        foreach (var read in reads)
            foreach (var row in read.Rows)
            {
                var key = (groups.Of(row, reads.Key)?.Id, row.CustomerId);
                if (!lives.TryGetValue(key, out var life))
                    lives[key] = life = [];
                life.Add(read.Statement.ShiftDays is { } shift ? (row.Day.AddDays(shift), read.Statement.Gives == FactRows.Gained) : (DateOnly.MinValue, true));
            }

        return lives;
    }

    private static void Follow(List<(DateOnly Day, bool Active)> life, MetricWindow window, Action<int> retained)
    {
        life.Sort(static (a, b) => a.Day.CompareTo(b.Day));
        var (next, active) = (0, false);
        foreach (var bucket in window.Buckets.List)
        {
            while (next < life.Count && life[next].Day < bucket.Start)
                active = life[next++].Active;
            var atStart = active;
            while (next < life.Count && life[next].Day < bucket.Until)
                active = life[next++].Active;
            if (atStart && active)
                retained(bucket.Index);
        }
    }
}
