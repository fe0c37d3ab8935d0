using System.Text.Json;

namespace CrmGraph.Dashboard;

/// <summary>A cell of a pivot table: its number, and what it is of where that can be asked about.</summary>
internal sealed record PivotCell(Figure? Figure, Pointed? Point);

/// <summary>
/// Two parts of a name against each other, with all metrics side by side. Sums stand there as the operation has them: they are asked for, and not added up, which
/// would be wrong for rates and for customers who are counted once.
/// </summary>
internal sealed record PivotView(
    IReadOnlyList<string> Rows, IReadOnlyList<string> Columns, IReadOnlyList<ColumnView> Metrics, string? Currency, Func<int?, int?, int, PivotCell?> Cell)
{
    public const int MostRows = 200, MostColumns = 40;

    /// <summary>Whether a column, or a row, of sums has a number.</summary>
    public bool HasRowTotals { get; init; }
    public bool HasColumnTotals { get; init; }

    /// <summary>How many there are; no more than the most are shown.</summary>
    public int RowCount { get; init; }
    public int ColumnCount { get; init; }

    /// <summary>Null where the rows do not have two parts.</summary>
    public static PivotView? Of(PivotParts parts)
    {
        var (cells, isTurned) = (parts.Cells, parts.Cells.IsInTime);
        var metrics = cells.Columns.Where(c => c.Kind is not null).ToList();
        if (metrics.Count == 0 || cells.Keys.Count == 0 || cells.Keys.Any(k => k.Count != 2))
            return null;
        // Time goes to the right.
        var (down, across) = isTurned ? (1, 0) : (0, 1);
        var rows = Named(cells, down);
        var columns = Named(cells, across);
        var at = cells.Keys.Select((key, i) => (key, i)).GroupBy(c => (c.key[down], c.key[across])).ToDictionary(g => g.Key, g => g.First().i);
        var rowTotals = At(parts.RowTotals);
        var columnTotals = At(parts.ColumnTotals);
        return new([.. rows.Take(MostRows).Select(r => r.Label)], [.. columns.Take(MostColumns).Select(c => c.Label)], metrics, cells.Currency, Cell)
        {
            HasRowTotals = rowTotals.Count > 0,
            HasColumnTotals = columnTotals.Count > 0,
            RowCount = rows.Count,
            ColumnCount = columns.Count,
        };

        PivotCell? Cell(int? row, int? column, int metric) => (row, column) switch
        {
            ({ } r, { } c) => at.TryGetValue((rows[r].Key, columns[c].Key), out var i) ? Number(cells, i, metric) : null,
            ({ } r, null) => rowTotals.TryGetValue(rows[r].Key, out var i) ? Number(parts.RowTotals!, i, metric) : null,
            (null, { } c) => columnTotals.TryGetValue(columns[c].Key, out var i) ? Number(parts.ColumnTotals!, i, metric) : null,
            _ => parts.Total is { Rows.Count: > 0 } total ? Number(total, 0, metric) : null,
        };

        PivotCell? Number(TableView table, int row, int metric) => table.Columns.FirstOrDefault(c => c.Key == metrics[metric].Key) is { Kind: not null } column
            ? new(column.Values[row], table.Point(row, column))
            : null;
    }

    private static List<(string Key, string Label)> Named(TableView cells, int part) =>
        [.. cells.Keys.Select((key, i) => (Key: key[part], Label: cells.Parts[i][part])).DistinctBy(n => n.Key)];

    private static Dictionary<string, int> At(TableView? totals) => totals is null ? []
        : totals.Keys.Select((key, i) => (Key: key.Count > 0 ? key[0] : "", i)).GroupBy(k => k.Key).ToDictionary(g => g.Key, g => g.First().i);
}

/// <summary>The rows that a pivot table is made of, and those of its sums.</summary>
internal sealed record PivotParts(TableView Cells, TableView? RowTotals = null, TableView? ColumnTotals = null, TableView? Total = null)
{
    /// <summary>Of an operation's data: two dimensions with <c>subtotals</c> and a second table by the second dimension, or one dimension and an interval.</summary>
    public static PivotParts? Of(JsonElement data, Func<JsonElement, IReadOnlyList<JsonElement>, TableView> read)
    {
        if (data.ValueKind != JsonValueKind.Object || data.EnumerateObject().Select(p => p.Value).FirstOrDefault(r => Rows(r, "rows").Count > 0) is not
            { ValueKind: JsonValueKind.Object } root)
            return null;
        var rows = Rows(root, "rows");
        if (rows[0].TryGetProperty("bucket", out _))
        {
            return new(read(root, rows), read(root, Rows(root, "groupTotals")), read(root, Rows(root, "bucketTotals")),
                root.TryGetProperty("totals", out var totals) ? read(root, [totals]) : null);
        }

        var others = data.EnumerateObject().Select(p => p.Value).Where(r => !r.Equals(root)).FirstOrDefault(r => Rows(r, "rows").Count > 0);
        return new(
            read(root, [.. rows.Where(r => Totals(r) == 0)]), read(root, [.. rows.Where(r => Totals(r) == 1)]),
            others.ValueKind == JsonValueKind.Object ? read(others, Rows(others, "rows")) : null, read(root, [.. rows.Where(r => Totals(r) > 1)]));
    }

    private static List<JsonElement> Rows(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var rows) && rows.ValueKind == JsonValueKind.Array
            ? [.. rows.EnumerateArray()]
            : [];

    /// <summary>Over how many dimensions a row is summed; the total of all names none.</summary>
    private static int Totals(JsonElement row) => !row.TryGetProperty("dimensions", out var dimensions) || dimensions.GetArrayLength() == 0
        ? 2
        : dimensions.EnumerateArray().Count(d => d.TryGetProperty("kind", out var kind) && kind.GetString() == "TOTAL");
}
