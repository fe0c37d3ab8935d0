using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>The cells of one period: groups by buckets, with the whole period as one more bucket and all groups as one more group.</summary>
internal sealed class MetricGrid(MetricWindow window, CellLayout layout)
{
    private readonly Dictionary<string, MetricCell[]> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MetricCell> _openings = new(StringComparer.Ordinal);

    public int Buckets { get; } = window.Buckets.List.Count;
    /// <summary>The index of the whole period.</summary>
    public int Whole => Buckets;
    public MetricCell[] All { get; } = Row(window, layout);
    /// <summary>Stocks at the start of the period, of all groups.</summary>
    public MetricCell AllOpening { get; } = new(layout, default);
    public IEnumerable<string> Groups => _groups.Keys;

    public MetricCell[] Group(string id)
    {
        if (!_groups.TryGetValue(id, out var row))
            _groups[id] = row = Row(window, layout);
        return row;
    }

    public MetricCell[]? Find(string id) => _groups.GetValueOrDefault(id);

    /// <summary>Where nothing was read.</summary>
    public MetricCell Empty(int bucket) => new(CellLayout.Empty, All[bucket].Days);

    public MetricCell Opening(string group)
    {
        if (!_openings.TryGetValue(group, out var cell))
            _openings[group] = cell = new(layout, default);
        return cell;
    }

    /// <summary>Turns what came and went in each bucket into what stood at its end, and for customers at its start.</summary>
    public void AccumulateStocks()
    {
        if (layout.Stocks.Count == 0 && layout.Starts.Count == 0)
            return;
        foreach (var id in _openings.Keys.Union(_groups.Keys).ToList())
            Accumulate(Group(id), Opening(id));
        Accumulate(All, AllOpening);
    }

    private void Accumulate(MetricCell[] row, MetricCell opening)
    {
        foreach (var stock in layout.Stocks)
        {
            row[Whole].Add(stock, opening);
            var before = opening;
            for (var b = 0; b < Buckets; b++)
            {
                row[b].Add(stock, before);
                before = row[b];
            }
        }

        foreach (var start in layout.Starts)
        {
            row[Whole].Set(start, opening.Raw(start.StartOf!));
            for (var b = 0; b < Buckets; b++)
                row[b].Set(start, (b == 0 ? opening : row[b - 1]).Raw(start.StartOf!));
        }
    }

    private static MetricCell[] Row(MetricWindow window, CellLayout layout) =>
        [.. window.Buckets.List.Select(b => new MetricCell(layout, window.PastOf(new(b.Start, b.Until)))), new MetricCell(layout, window.Past)];
}
