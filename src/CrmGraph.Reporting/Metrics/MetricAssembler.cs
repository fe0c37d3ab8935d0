using CrmGraph.Reporting.Database;

namespace CrmGraph.Reporting.Metrics;

/// <summary>Puts the rows of a plan's statements into the cells of its two periods. No database here.</summary>
/// <param name="scope">The owner of today whose facts count, where rows tell owners apart; null to take all.</param>
internal sealed class MetricAssembler(MetricPlan plan, IReadOnlyList<MetricRead> reads, ExchangeRates rates, Guid? scope)
{
    private readonly Dictionary<string, MetricGroup> _groups = new(StringComparer.Ordinal);

    /// <summary>All groups of both periods, in no order.</summary>
    public IReadOnlyCollection<MetricGroup> Groups => _groups.Values;

    public IReadOnlyList<MetricGrid> Assemble()
    {
        var grids = plan.Windows.Select(w => new MetricGrid(w.Buckets.List.Count)).ToList();
        // Segments are shown even when nothing happened in them.
        if (plan.HasSegments && plan.Columns.Count == 0)
            foreach (var slice in plan.Slices)
                GroupOf(new FactRow(), slice);
        var windows = plan.Windows.ToList();
        foreach (var read in reads.Where(r => r.Kind is not (ReadKind.Opened or ReadKind.Gained or ReadKind.Dropped)))
            foreach (var row in read.Rows)
                if (scope is null || row.Scope == scope)
                    Put(grids[read.Window], windows[read.Window], read, row);
        for (var w = 0; w < grids.Count; w++)
        {
            grids[w].AccumulateStocks();
            foreach (var slice in reads.Where(r => r.Window == w && r.Kind == ReadKind.Opened).Select(r => r.Slice).Distinct().ToList())
                PutRetained(grids[w], windows[w], w, slice);
        }

        return grids;
    }

    private void Put(MetricGrid grid, MetricWindow window, MetricRead read, FactRow row)
    {
        var group = GroupOf(row, read.Slice);
        var target = group is null ? grid.All : grid.Group(group.Id);
        var folds = group is not null && read.Slice!.Folds;
        var bucket = BucketOf(window, read, row);
        switch (read.Kind)
        {
            case ReadKind.Opening:
                PutValues(read, row, group is null ? grid.AllOpening : grid.Opening(group.Id));
                if (folds)
                    PutValues(read, row, grid.AllOpening);
                break;
            case ReadKind.Counts:
                PutCounts(read, row, target[bucket ?? grid.Whole]);
                break;
            default:
                Sum(target);
                if (folds)
                    Sum(grid.All);
                PutCounts(read, row, target[bucket ?? grid.Whole]);
                break;
        }

        void Sum(MetricCell[] cells)
        {
            if (bucket is { } b)
            {
                PutValues(read, row, cells[b]);
                PutNet(read, row, cells[b]);
            }

            // The stock of the whole period is kept apart from its comings and goings until all are known: AccumulateStocks adds the opening.
            PutValues(read, row, cells[grid.Whole]);
            PutNet(read, row, cells[grid.Whole]);
        }
    }

    private static int? BucketOf(MetricWindow window, MetricRead read, FactRow row)
    {
        if (read.AtBucket is { } at)
            return at;
        if (read.ByDay && window.Buckets.Grain is not null)
            return window.Buckets.IndexOf(row.Day.AddDays(read.ShiftDays));
        if (!read.ByBucket)
            return null;
        return window.Buckets.Grain is TimeGrain.Day or TimeGrain.Hour ? window.Buckets.IndexOf(row.Day, row.Hour) : window.Buckets.IndexOfNumber(row.Bucket);
    }

    private void PutValues(MetricRead read, FactRow row, MetricCell cell)
    {
        if (read.As is { } measure)
        {
            cell.Add(measure, row.People);
            return;
        }

        foreach (var column in Summed(read))
            PutValue(read, row, cell, column);
    }

    private void PutValue(MetricRead read, FactRow row, MetricCell cell, Measure measure)
    {
        var stored = FactColumns.Value(row, measure) * read.Sign;
        if (stored == 0)
            return;
        if (!Measures.IsMoney(measure))
        {
            cell.Add(measure, measure == Measure.Units ? FixedPoint.ToDecimal(stored) : stored);
            return;
        }

        var amount = FixedPoint.ToDecimal(stored);
        if (rates.Convert(amount, row.Currency!, row.RateDay) is { } converted)
            cell.Add(measure, converted);
        else
            cell.AddForeign(measure, row.Currency!, amount);
    }

    /// <summary>Customers who come and go change the number of those who are there.</summary>
    private static void PutNet(MetricRead read, FactRow row, MetricCell cell)
    {
        if (read.As is Measure.NewCustomers or Measure.ReactivatedCustomers)
            cell.Add(Measure.ActiveAtEnd, row.People);
        else if (read.As == Measure.LostCustomers)
            cell.Add(Measure.ActiveAtEnd, -row.People);
    }

    private static void PutCounts(MetricRead read, FactRow row, MetricCell cell)
    {
        if (read.As is not null)
            return;
        if (read.Columns.Contains(nameof(FactRow.People)))
            cell.SetPeople(read.Source, row.People);
        foreach (var measure in Counted(read))
            cell.Set(measure, FactColumns.Value(row, measure));
    }

    private static IEnumerable<Measure> Summed(MetricRead read) => Measured(read).Where(m => !Measures.IsDistinct(m, read.Source));

    private static IEnumerable<Measure> Counted(MetricRead read) => Measured(read).Where(m => Measures.IsDistinct(m, read.Source));

    private static IEnumerable<Measure> Measured(MetricRead read) =>
        read.Columns.Where(c => c != nameof(FactRow.People)).Select(Enum.Parse<Measure>);

    /// <summary>Retention of each bucket, from every single customer's comings and goings (R37: the opening set is kept by id).</summary>
    private void PutRetained(MetricGrid grid, MetricWindow window, int w, MetricSlice? slice)
    {
        var lives = new Dictionary<(string? Group, Guid Customer), List<(DateOnly Day, bool Active)>>();
        foreach (var read in reads.Where(r => r.Window == w && r.Slice == slice && r.Kind is (ReadKind.Opened or ReadKind.Gained or ReadKind.Dropped)))
            foreach (var row in read.Rows)
            {
                if (scope is not null && row.Scope != scope)
                    continue;
                var key = (GroupOf(row, slice)?.Id, row.CustomerId);
                if (!lives.TryGetValue(key, out var life))
                    lives[key] = life = [];
                life.Add(read.Kind == ReadKind.Opened ? (DateOnly.MinValue, true) : (row.Day.AddDays(read.ShiftDays), read.Kind == ReadKind.Gained));
            }

        foreach (var ((group, _), life) in lives)
            Follow(life, window, bucket =>
            {
                (group is null ? grid.All : grid.Group(group))[bucket].Add(Measure.Retained, 1);
                if (group is not null && slice!.Folds)
                    grid.All[bucket].Add(Measure.Retained, 1);
            });
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

    private MetricGroup? GroupOf(FactRow row, MetricSlice? slice)
    {
        if (!plan.HasGroups || slice is null)
            return null;
        var group = slice.IsOthers
            ? MetricGroup.Others(plan.Query.GroupBy.Count)
            : MetricGroup.Of([.. plan.Query.GroupBy.Select(d => d == MetricDimension.Segment ? slice.Segment : Metrics.Groups.Value(row, d))]);
        if (_groups.TryAdd(group.Id, group))
            return group;
        return _groups[group.Id];
    }
}
