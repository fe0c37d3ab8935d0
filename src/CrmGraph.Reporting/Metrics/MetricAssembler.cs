using System.Collections.Frozen;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics;

/// <summary>Puts the rows of a plan's statements into the cells of its two periods. No database here.</summary>
internal sealed class MetricAssembler(MetricPlan plan, IReadOnlyList<MetricRead> reads, ExchangeRates rates)
{
    private static readonly FrozenDictionary<string, Measure> Columns = Enum.GetValues<Measure>().ToFrozenDictionary(m => m.ToString(), StringComparer.Ordinal);

    private readonly Dictionary<string, MetricGroup> _groups = new(StringComparer.Ordinal);
    /// <summary>By their values: the text of an id is made once per group, not per row.</summary>
    private readonly Dictionary<object?[], MetricGroup> _byValues = new(new SameValues());
    private Measure[] _summed = [];
    private Measure[] _counted = [];

    /// <summary>Keys of metrics of which nothing was ever recorded.</summary>
    public IReadOnlySet<string> Missing() => FactKinds.Missing(plan, reads);

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
        foreach (var read in reads.Where(r => r.Kind is not (ReadKind.Opened or ReadKind.Gained or ReadKind.Dropped or ReadKind.Recorded)))
        {
            Measure[] measured = [.. read.Columns.Where(c => c != nameof(FactRow.People)).Select(c => Columns[c])];
            // What was read beside it for other tables is left out.
            _summed = [.. measured.Where(m => !Measures.IsDistinct(m, read.Source) && plan.Reads[read.Source].Contains(m))];
            _counted = [.. measured.Where(m => Measures.IsDistinct(m, read.Source))];
            foreach (var row in read.Rows)
                Put(grids[read.Window], windows[read.Window], read, row);
        }

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

        foreach (var column in _summed)
            PutValue(read, row, cell, column);
    }

    private void PutValue(MetricRead read, FactRow row, MetricCell cell, Measure measure)
    {
        var stored = FactColumns.Value(row, measure) * read.Sign * WideSums.Scale(read.Part);
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

    private void PutCounts(MetricRead read, FactRow row, MetricCell cell)
    {
        if (read.As is not null)
            return;
        if (read.Columns.Contains(nameof(FactRow.People)))
            cell.SetPeople(read.Source, row.People);
        foreach (var measure in _counted)
            cell.Set(measure, FactColumns.Value(row, measure));
    }

    /// <summary>Retention of each bucket, from every single customer's comings and goings (R37: the opening set is kept by id).</summary>
    private void PutRetained(MetricGrid grid, MetricWindow window, int w, MetricSlice? slice)
    {
        var lives = new Dictionary<(string? Group, Guid Customer), List<(DateOnly Day, bool Active)>>();
        foreach (var read in reads.Where(r => r.Window == w && r.Slice == slice && r.Kind is (ReadKind.Opened or ReadKind.Gained or ReadKind.Dropped)))
            foreach (var row in read.Rows)
            {
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
        if (slice.IsOthers)
            return Known(MetricGroup.Others(plan.Query.GroupBy.Count));
        var values = new object?[plan.Query.GroupBy.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = plan.Query.GroupBy[i] == MetricDimension.Segment ? slice.Segment : Metrics.Groups.Value(row, plan.Query.GroupBy[i]);
        if (!_byValues.TryGetValue(values, out var group))
            _byValues[values] = group = Known(MetricGroup.Of(values));
        return group;
    }

    private MetricGroup Known(MetricGroup group) => _groups.TryAdd(group.Id, group) ? group : _groups[group.Id];

    private sealed class SameValues : IEqualityComparer<object?[]>
    {
        public bool Equals(object?[]? x, object?[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(object?[] values)
        {
            var hash = new HashCode();
            foreach (var value in values)
                hash.Add(value);
            return hash.ToHashCode();
        }
    }
}
