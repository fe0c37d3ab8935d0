using System.Text.Json;

namespace CrmGraph.Dashboard;

/// <summary>What a value became, beside what it was.</summary>
/// <param name="IsGood">Null where no direction is good news.</param>
internal sealed record Difference(string Label, string Metric, FigureKind Kind, string? Currency, Figure? Now, Figure? Before, bool? IsGood)
{
    public decimal? Change => Now?.Value - Before?.Value;

    /// <summary>Of the earlier value; null where that is nothing, and for shares, whose difference is in points.</summary>
    public decimal? Ratio => Kind is FigureKind.Ratio or FigureKind.Score || Before?.Value is null or 0 ? null : Change / Math.Abs(Before.Value.Value);
}

/// <summary>Two results of the same section against each other: figure by figure, and row by row.</summary>
internal sealed class Differences(MetricCatalog catalog, ResultReader reader)
{
    /// <summary>More of them nobody reads.</summary>
    public const int Most = 500;

    public IReadOnlyList<Difference> Between(JsonElement now, JsonElement before)
    {
        var earlier = reader.Figures(before).ToList();
        var figures = from figure in reader.Figures(now)
                      let then = earlier.Find(e => e.Key == figure.Key && e.Currency == figure.Currency)
                      select Of("", figure.Key, figure.Currency, figure.Value, then?.Value);
        return [.. figures.Concat(reader.Tables(now).Zip(reader.Tables(before)).SelectMany(t => Rows(t.First, t.Second))).Take(Most)];
    }

    private IEnumerable<Difference> Rows(TableView now, TableView before)
    {
        // Months of two periods have no name in common: the first stands against the first.
        var isByPlace = now.Rows.Count == before.Rows.Count && !now.Rows.Intersect(before.Rows).Any();
        var names = isByPlace ? now.Rows : [.. now.Rows.Union(before.Rows)];
        var columns = now.Columns.Where(c => c.Kind is not null && (c.Kind != FigureKind.Money || now.Currency == before.Currency)).ToList();
        foreach (var (at, name) in names.Index())
        {
            var (here, there) = isByPlace ? (at, at) : (IndexOf(now, name), IndexOf(before, name));
            var label = isByPlace ? $"{name} / {before.Rows[at]}" : name;
            foreach (var column in columns)
            {
                // Which is not there stands at -1, where no list has anything.
                var then = before.Columns.FirstOrDefault(c => c.Key == column.Key)?.Values.ElementAtOrDefault(there);
                yield return Of(label, column.Key, now.Currency, column.Values.ElementAtOrDefault(here), then);
            }
        }
    }

    private static int IndexOf(TableView table, string name) => table.Rows.Index().Where(r => r.Item == name).Select(r => r.Index).FirstOrDefault(-1);

    private Difference Of(string label, string metric, string? currency, Figure? now, Figure? before) => new(
        label, catalog.Label(metric), catalog.Kind(metric), currency, now, before,
        now?.Value - before?.Value is { } change ? catalog.IsGood(metric, change) : null);
}
