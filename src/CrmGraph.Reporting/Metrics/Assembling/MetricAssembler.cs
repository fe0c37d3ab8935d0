using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Reading;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>What was read for a plan: its metrics' cells in its two periods.</summary>
/// <param name="Missing">Metrics of which nothing was ever recorded.</param>
/// <param name="Groups">All groups of both periods, in no order.</param>
internal sealed record AssembledPlan(
    MetricPlan Plan, IReadOnlyList<MetricGrid> Grids, IReadOnlySet<string> Missing, IReadOnlyCollection<MetricGroup> Groups);

/// <summary>Puts the rows of a plan's statements into the cells of its two periods. No database here.</summary>
/// <param name="reads">Those of the plan.</param>
internal sealed class MetricAssembler(MetricPlan plan, IReadOnlyList<MetricRead> reads, ExchangeRates rates)
{
    private readonly GroupsOfRows _groups = new(plan);

    /// <summary>Every part of a table.</summary>
    /// <param name="plan">With what stands beside it.</param>
    public static IReadOnlyList<AssembledPlan> Assemble(MetricPlan plan, IReadOnlyList<MetricRead> reads, ExchangeRates rates) =>
        [.. plan.Parts.Select(part => new MetricAssembler(part, [.. reads.Where(r => r.Plan == part)], rates).Assembled())];

    private AssembledPlan Assembled()
    {
        var grids = Assemble();
        return new(plan, grids, Missing(), _groups.All);
    }

    private HashSet<string> Missing()
    {
        var missing = plan.Kinds.Where(kind => !reads.Any(read => read.Shows(kind, _ => true))).ToHashSet();
        return plan.Selection.Metrics.Where(m => m.Reads.Any(r => r.Kind is { } kind && missing.Contains(kind))).Select(m => m.Asked).ToHashSet();
    }

    private List<MetricGrid> Assemble()
    {
        var layout = new CellLayout([.. plan.Reads.Keys]);
        var windows = plan.Windows.ToList();
        var grids = windows.ConvertAll(w => new MetricGrid(w, layout));
        // Segments are shown even when nothing happened in them.
        if (plan.HasSegments && plan.Columns.Count == 0)
            foreach (var slice in plan.Slices)
                _groups.Of(new FactRow(), slice);
        foreach (var read in reads.Where(r => r.Statement.Gives is FactRows.Cells or FactRows.Opening))
            foreach (var row in read.Rows)
                Put(grids[read.Window], windows[read.Window], read, row);
        for (var w = 0; w < grids.Count; w++)
        {
            grids[w].AccumulateStocks();
            CustomerLives.Put(grids[w], windows[w], reads.Where(r => r.Window == w && r.Statement.IsOfSingleCustomers), _groups);
        }

        return grids;
    }

    private void Put(MetricGrid grid, MetricWindow window, MetricRead read, FactRow row)
    {
        var group = _groups.Of(row, read.Slice);
        var folds = group is not null && read.Slice!.Folds && read.Statement.Folds;
        if (read.Statement.Gives == FactRows.Opening)
        {
            Add(read, row, group is null ? grid.AllOpening : grid.Opening(group.Id));
            if (folds)
                Add(read, row, grid.AllOpening);
            return;
        }

        var cells = group is null ? grid.All : grid.Group(group.Id);
        var bucket = BucketOf(window, read.Statement, row);
        Add(read, row, grid, cells, bucket);
        if (folds)
            Add(read, row, grid, grid.All, bucket);
        Set(read, row, cells[bucket ?? grid.Whole]);
    }

    private static int? BucketOf(MetricWindow window, FactStatement statement, FactRow row)
    {
        var buckets = window.Buckets;
        if (statement.AtBucket is { } at)
            return at;
        if (statement.ShiftDays is { } shift && buckets.Grain is not null)
            return buckets.IndexOf(row.Day.AddDays(shift));
        if (!statement.ByBucket)
            return null;
        return buckets.Grain is TimeGrain.Day or TimeGrain.Hour ? buckets.IndexOf(row.Day, row.Hour) : buckets.IndexOfNumber(row.Bucket);
    }

    private void Add(MetricRead read, FactRow row, MetricGrid grid, MetricCell[] cells, int? bucket)
    {
        if (bucket is { } b)
            Add(read, row, cells[b]);
        if (read.Statement.IsOfItsCell)
            return;
        // The stock of the whole period is kept apart from its comings and goings until all are known: AccumulateStocks adds the opening.
        Add(read, row, cells[grid.Whole]);
    }

    private void Add(MetricRead read, FactRow row, MetricCell cell)
    {
        foreach (var (measure, sign) in read.Statement.Adds)
            if (measure.IsMoney && row.Converted is { } money && money.Currency == rates.Target)
                cell.Add(measure, sign * money.Of(measure));
            else if (measure.Stored(row) is not 0 and var stored)
                if (measure.Ranked is not null)
                    AddRanked(row, cell, measure, stored * sign);
                else
                    Add(row, cell, measure, measure.Value(stored * sign * WideSums.Scale(read.Part)));
    }

    private void AddRanked(FactRow row, MetricCell cell, Measure measure, long facts)
    {
        if (row.Values is { } values)
            AddRanked(row, cell, measure, values);
        else if (Converted(row, measure, measure.RankedOf(row)) is { } converted)
            cell.AddRanked(measure, converted, facts);
        else
            cell.AddForeign(measure, row.Currency!, facts);
    }

    private void AddRanked(FactRow row, MetricCell cell, Measure measure, long[] values)
    {
        if (Converted(row, measure, 0) is null)
            cell.AddForeign(measure, row.Currency!, values.Length);
        else
            cell.AddRanked(measure, new RankedBlock(
                values, row.Currency == rates.Target ? default : (row.Currency, row.RateDay), v => Converted(row, measure, measure.Value(v))!.Value));
    }

    /// <summary>Null for money without an exchange rate.</summary>
    private decimal? Converted(FactRow row, Measure measure, decimal value) =>
        measure.IsMoney ? rates.Convert(value, row.Currency!, row.RateDay) : value;

    private void Add(FactRow row, MetricCell cell, Measure measure, decimal value)
    {
        if (!measure.IsMoney)
            cell.Add(measure, value);
        else if (rates.Convert(value, row.Currency!, row.RateDay) is { } converted)
            cell.Add(measure, converted);
        else
            cell.AddForeign(measure, row.Currency!, value);
    }

    private static void Set(MetricRead read, FactRow row, MetricCell cell)
    {
        foreach (var measure in read.Statement.Sets)
            if (measure == FactSource.People)
                cell.SetPeople(read.Source, row.People);
            else
                cell.Set(measure, measure.Stored(row));
    }
}
