using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>Which cells of a table are hidden because too few customers stand behind them, or behind others that they would give away.</summary>
/// <param name="groups">In the order of the table.</param>
internal sealed class HiddenCells(MetricPlan plan, IReadOnlyList<MetricGroup> groups)
{
    private readonly Dictionary<Population, bool[,]> _hidden = [];
    private readonly Dictionary<(AssembledPlan Part, int Window), HiddenLives> _lives = [];
    private IReadOnlyList<int[]>? _lines;

    /// <param name="row">The group, or null for all.</param>
    public bool IsHidden(AssembledPlan part, MetricDefinition metric, int window, int? row, int bucket)
    {
        var at = row ?? (plan.HasGroups ? groups.Count : 0);
        foreach (var measure in metric.Reads)
        {
            var source = FactSources.Of(measure, part.Plan.IsByLine);
            if (source.IsOfCustomers
                && (source == CustomerFacts.Source ? Lives(part, window).IsHidden(measure, at, bucket) : Of(part, window, source)[at, bucket]))
                return true;
        }

        return false;
    }

    private HiddenLives Lives(AssembledPlan part, int window)
    {
        if (_lives.TryGetValue((part, window), out var lives))
            return lives;
        var asked = part.Plan.Selection.Metrics.SelectMany(m => m.Reads).ToHashSet();
        return _lives[(part, window)] = new(Cells(part, window), asked, _lines ??= Lines(), plan.Settings.SmallGroupMinimum);
    }

    private bool[,] Of(AssembledPlan part, int window, FactSource source)
    {
        var population = new Population(part, window, source);
        if (_hidden.TryGetValue(population, out var hidden))
            return hidden;
        var cells = Cells(part, window);
        var people = new long[cells.GetLength(0), cells.GetLength(1)];
        for (var r = 0; r < cells.GetLength(0); r++)
            for (var b = 0; b < cells.GetLength(1); b++)
                people[r, b] = cells[r, b] is { } cell ? source.PeopleIn(cell) : 0;
        return _hidden[population] = SmallGroups.Hidden(people, _lines ??= Lines(), plan.Settings.SmallGroupMinimum);
    }

    /// <summary>The rows that add up to another one, which stands last: the groups to their subtotals, and those to the total.</summary>
    private IReadOnlyList<int[]> Lines()
    {
        var total = plan.HasGroups ? groups.Count : 0;
        var places = plan.Query.Subtotals ? groups.Index().ToDictionary(g => g.Item.Id, g => g.Index, StringComparer.Ordinal) : [];
        return [.. Enumerable.Range(0, total).GroupBy(Parent).Select(line => line.Append(line.Key).ToArray())];

        int Parent(int row) => plan.Query.Subtotals && groups[row].Values is { Count: > 1 } values
            ? places[MetricGroup.Of(plan.Query.GroupBy, [.. values.Take(values.Count - 1)]).Id]
            : total;
    }

    /// <summary>All cells, in the order of the groups, totals last.</summary>
    private MetricCell?[,] Cells(AssembledPlan part, int window)
    {
        var grid = part.Grids[window];
        var rows = plan.HasGroups ? groups.Count : 0;
        var cells = new MetricCell?[rows + 1, grid.Buckets + 1];
        for (var r = 0; r <= rows; r++)
            for (var b = 0; b <= grid.Buckets; b++)
                cells[r, b] = (r == rows ? grid.All : grid.Find(groups[r].Id))?[b];
        return cells;
    }

    /// <summary>Whose customers are counted.</summary>
    private sealed record Population(AssembledPlan Part, int Window, FactSource Source);
}
