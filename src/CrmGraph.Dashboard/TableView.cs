using System.Globalization;
using System.Text.Json;

namespace CrmGraph.Dashboard;

/// <summary>A figure of a result that stands for itself.</summary>
internal sealed record FigureView(string Key, string Label, FigureKind Kind, string? Currency, Figure Value, string Root);

/// <summary>A column of a table: its cells are values of a metric, or texts.</summary>
internal sealed record ColumnView(string Key, string Label, FigureKind? Kind, IReadOnlyList<Figure?> Values, IReadOnlyList<string> Texts)
{
    /// <summary>The cells of a column of plain numbers, which say nothing of what they are; empty for every other column.</summary>
    public IReadOnlyList<decimal?> Numbers { get; init; } = [];
}

/// <summary>Rows of a result: what they are called, and their columns.</summary>
internal sealed record TableView(IReadOnlyList<string> Rows, IReadOnlyList<ColumnView> Columns, string? Currency, IReadOnlyList<int> Incomplete)
{
    /// <summary>What each row is called, part by part: its bucket, and its value of each dimension.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Parts { get; init; } = [];

    /// <summary>What tells the parts of names apart: two of equal name are two.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Keys { get; init; } = [];

    /// <summary>Whether the rows follow each other in time.</summary>
    public bool IsInTime { get; init; }

    /// <summary>What each row stands for; null for what cannot be chosen.</summary>
    public IReadOnlyList<Mark?> Marks { get; init; } = [];

    /// <summary>The field of the operation that the rows are under.</summary>
    public string Root { get; init; } = "";

    /// <summary>Of what each row has the numbers: the label of its bucket, and its group. Null where a row does not say it.</summary>
    public IReadOnlyList<(string? Bucket, IReadOnlyList<Mark> Group)?> Places { get; init; } = [];

    /// <summary>What a number is of, for asking what is behind it; null for what is no number of a metric.</summary>
    public Pointed? Point(int row, ColumnView column) => column.Kind is not null && Places.ElementAtOrDefault(row) is { } place
        ? new(Root, column.Key, place.Bucket, place.Group)
        : null;

    /// <summary>The row and the metric of a mark of its chart.</summary>
    public (int Row, ColumnView Column) At(ChartPick pick)
    {
        var metrics = Columns.Where(c => c.Kind is not null).ToList();
        if (Parts.Count == 0 || Parts.Any(p => p.Count != 2))
            return (pick.Category, metrics[pick.Series < metrics.Count ? pick.Series : 0]);
        var (row, column) = (Parts.Select(p => p[0]).Distinct().ElementAtOrDefault(pick.Category), Seconds.ElementAtOrDefault(pick.Series));
        return (Parts.Index().Where(p => p.Item[0] == row && p.Item[1] == column).Select(p => p.Index).FirstOrDefault(-1), metrics[0]);
    }

    /// <summary>Numbers alone, as a chart; null where there is nothing to draw.</summary>
    public ChartSpec? Chart(string kind, Preferences say)
    {
        var metrics = Columns.Where(c => c.Kind is not null).ToList();
        if (metrics.Count == 0 && kind == "FUNNEL")
            return Steps();
        if (metrics.Count == 0 || Rows.Count == 0)
            return null;
        if (Parts.Count > 0 && Parts.All(p => p.Count == 2) && kind is not ("PIE" or "RADAR" or "SCATTER" or "FUNNEL"))
            return Crossed(kind, metrics[0]);
        var form = kind switch
        {
            "LINE" => "lines",
            "PIE" or "RADAR" or "SCATTER" or "FUNNEL" => kind.ToLowerInvariant(),
            "STACKED_BAR" => "stacked",
            _ => "columns",
        };
        var first = metrics[0].Kind;
        var series = metrics.Select(c => Series(c, c.Label, v => v.Value, c.Kind == first ? 0 : 1, false)).ToList();
        if (form is "lines" or "columns")
        {
            series.AddRange(metrics.Where(c => c.Values.Any(v => v?.Previous is not null))
                .Select(c => Series(c, $"{c.Label} ({say["Compared period"]})", v => v.Previous, c.Kind == first ? 0 : 1, true)));
        }

        return new(form, Rows, form is "pie" or "funnel" ? series[..1] : series, Currency, Incomplete) { IsInTime = IsInTime };
    }

    /// <summary>Plain numbers of steps, such as how many reached each, under what the steps are called.</summary>
    private ChartSpec? Steps()
    {
        if ((Columns.FirstOrDefault(c => c.Key == "reached" && c.Numbers.Count > 0) ?? Columns.FirstOrDefault(c => c.Numbers.Count > 0 && c.Key != "number"))
            is not { } counts)
            return null;
        var names = Columns.FirstOrDefault(c => c.Numbers.Count == 0 && c.Texts.Any(t => t != Nothing))?.Texts ?? Rows;
        return new("funnel", names, [new(counts.Label, counts.Numbers)], null, []);
    }

    internal const string Nothing = "–";

    /// <summary>Two parts of a name against each other, for one metric: the second ones are series, or the columns of a table of colours.</summary>
    private ChartSpec Crossed(string kind, ColumnView metric)
    {
        var rows = Parts.Select(p => p[0]).Distinct().ToList();
        var columns = Seconds;
        var at = Parts.Select((p, i) => (Row: rows.IndexOf(p[0]), p[1], Value: metric.Values[i]?.Value)).ToLookup(c => c.Item2);
        var form = kind switch { "HEAT_MAP" => "heat", "LINE" => "lines", "STACKED_BAR" => "stacked", _ => "columns" };
        var series = columns.ConvertAll(column =>
        {
            var values = new decimal?[rows.Count];
            foreach (var (row, _, value) in at[column])
                values[row] = value * (metric.Kind == FigureKind.Ratio ? 100 : 1);
            return new ChartSeries(column, values, IsMoney: metric.Kind == FigureKind.Money);
        });
        return new(form, rows, series, Currency, [.. Incomplete.Select(i => rows.IndexOf(Parts[i][0])).Distinct()]) { IsInTime = IsInTime };
    }

    private List<string> Seconds => [.. Parts.Select(p => p[1]).Distinct().OrderBy(Number, StringComparer.Ordinal)];

    // Hours and ages come in their order, and not in that of their first value.
    private static string Number(string part) => part is [>= '0' and <= '9', ..] ? part : "";

    // Two kinds of numbers share no axis: the second one is drawn as lines on its own.
    private static ChartSeries Series(ColumnView column, string label, Func<Figure, decimal?> of, int axis, bool isFaint)
    {
        var isRatio = column.Kind == FigureKind.Ratio;
        return new(
            isRatio ? label + " (%)" : label,
            [.. column.Values.Select(v => v is null ? null : of(v) * (isRatio ? 100 : 1))],
            axis == 0 ? "bar" : "line", axis, column.Kind == FigureKind.Money, isFaint);
    }
}

/// <summary>Reads the data of an operation of any shape: tables of metrics, their totals, and lists of rows.</summary>
internal sealed class ResultReader(MetricCatalog catalog, Preferences say, Figures figures)
{
    public IEnumerable<FigureView> Figures(JsonElement data) =>
        from root in Roots(data)
        where root.Value.TryGetProperty("totals", out _) && !root.Value.TryGetProperty("rows", out _)
        from figure in Cells(root.Value.GetProperty("totals"))
        where IsFigure(figure.Value)
        select new FigureView(figure.Key, catalog.Label(figure.Key), catalog.Kind(figure.Key), CurrencyOf(root.Value), Read(figure.Value), root.Key);

    /// <summary>Two parts of the rows' names against each other, with the sums that were asked for; null where they do not have two.</summary>
    public PivotView? Pivot(JsonElement data) => PivotParts.Of(data, (root, rows) => Table(root, [.. rows]) with { Root = NameOf(data, root) }) is { } parts
        ? PivotView.Of(parts)
        : null;

    private static string NameOf(JsonElement data, JsonElement root) => data.EnumerateObject().First(p => p.Value.Equals(root)).Name;

    public IEnumerable<TableView> Tables(JsonElement data) =>
        from root in Roots(data)
        let rows = RowsOf(root.Value)
        where rows is not null
        select Table(root.Value, [.. rows.Value.EnumerateArray()]) with { Root = root.Key };

    private static IEnumerable<KeyValuePair<string, JsonElement>> Roots(JsonElement data) =>
        data.ValueKind == JsonValueKind.Object
            ? data.EnumerateObject().Where(r => r.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                .Select(r => KeyValuePair.Create(r.Name, r.Value))
            : [];

    private static JsonElement? RowsOf(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
            return root;
        foreach (var name in new[] { "rows", "bucketTotals", "groupTotals", "nodes", "steps", "predictions", "groups" })
        {
            if (root.TryGetProperty(name, out var rows) && rows.ValueKind == JsonValueKind.Array)
                return rows;
        }

        return null;
    }

    private TableView Table(JsonElement root, List<JsonElement> rows)
    {
        var cells = rows.ConvertAll(r => Cells(r).ToDictionary());
        var names = cells.SelectMany(r => r.Keys).Distinct().Where(n => n is not ("bucket" or "dimensions" or "id" or "key")).ToList();
        var isNamed = rows.Any(r => r.TryGetProperty("bucket", out _) || r.TryGetProperty("dimensions", out _));
        var labels = rows.Select((r, i) => isNamed ? Label(r) : (i + 1).ToString(CultureInfo.InvariantCulture)).ToList();
        var incomplete = rows.Index().Where(r => r.Item.TryGetProperty("bucket", out var bucket) && bucket.ValueKind == JsonValueKind.Object
            && bucket.TryGetProperty("incomplete", out var open) && open.ValueKind == JsonValueKind.True).Select(r => r.Index);
        names.RemoveAll(n => cells.TrueForAll(r => r.TryGetValue(n, out var cell) && IsOnlyId(cell)));
        var columns = names.ConvertAll(n => Column(n, cells.ConvertAll(r => r.GetValueOrDefault(n))));
        return new(labels, columns, root.ValueKind == JsonValueKind.Object ? CurrencyOf(root) : null, [.. incomplete])
        {
            Parts = isNamed ? rows.ConvertAll(Parts) : [],
            Keys = isNamed ? rows.ConvertAll(KeysOf) : [],
            Marks = rows.ConvertAll(MarkOf),
            Places = rows.ConvertAll(PlaceOf),
            IsInTime = rows.Exists(r => r.TryGetProperty("bucket", out var bucket) && bucket.ValueKind == JsonValueKind.Object),
        };
    }

    /// <summary>What stands in a row, by name. Metrics that were asked for by key have it as their name.</summary>
    private static IEnumerable<KeyValuePair<string, JsonElement>> Cells(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
            yield break;
        foreach (var cell in row.EnumerateObject())
        {
            if (cell is not { Name: "values", Value.ValueKind: JsonValueKind.Array })
            {
                yield return new(cell.Name, cell.Value);
                continue;
            }

            foreach (var value in cell.Value.EnumerateArray().Where(v => v.TryGetProperty("metric", out _)))
                yield return new(value.GetProperty("metric").GetProperty("key").GetString()!, value);
        }
    }

    private ColumnView Column(string name, List<JsonElement> cells)
    {
        if (cells.Exists(IsFigure))
            return new(name, catalog.Label(name), catalog.Kind(name), cells.ConvertAll(c => IsFigure(c) ? Read(c) : null), []);
        var isNumber = cells.Exists(c => c.ValueKind == JsonValueKind.Number)
            && cells.TrueForAll(c => c.ValueKind is JsonValueKind.Number or JsonValueKind.Null);
        return new(name, say[CrmGraph.Dashboard.Figures.FieldWords(name)], null, [], cells.ConvertAll(Text))
        {
            Numbers = isNumber ? cells.ConvertAll(c => c.ValueKind == JsonValueKind.Number ? c.GetDecimal() : (decimal?)null) : [],
        };
    }

    private static bool IsOnlyId(JsonElement cell) =>
        cell.ValueKind == JsonValueKind.Null || (cell.ValueKind == JsonValueKind.Object && cell.EnumerateObject().All(p => p.Name == "id"));

    /// <summary>Of a row of one dimension, and of its whole period.</summary>
    private Mark? MarkOf(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object || row.TryGetProperty("bucket", out _) || !row.TryGetProperty("dimensions", out var dimensions)
            || dimensions.GetArrayLength() != 1)
            return null;
        var of = dimensions[0];
        if (!of.TryGetProperty("dimension", out var dimension) || !of.TryGetProperty("key", out var key)
            || !of.TryGetProperty("kind", out var kind) || kind.GetString() is not ("VALUE" or "UNKNOWN"))
            return null;
        var mark = new Mark(dimension.GetString()!, key.GetString(), Dimension(of), AttributeOf(of));
        return !mark.IsFilter || (mark.Key is null && (kind.GetString() == "VALUE" || mark.Dimension is "OWNER" or "SEGMENT")) ? null : mark;
    }

    private static string? AttributeOf(JsonElement dimension) => dimension.TryGetProperty("attribute", out var name) ? name.GetString() : null;

    private (string? Bucket, IReadOnlyList<Mark> Group)? PlaceOf(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
            return null;
        string? label = null;
        if (row.TryGetProperty("bucket", out var bucket) && bucket.ValueKind == JsonValueKind.Object)
        {
            label = bucket.TryGetProperty("label", out var found) ? found.GetString() : null;
            // A day has rows, an hour has none of its own.
            if (label is null || label.Contains(':'))
                return null;
        }

        var group = new List<Mark>();
        foreach (var of in row.TryGetProperty("dimensions", out var dimensions) ? dimensions.EnumerateArray() : default)
        {
            var isKnown = of.TryGetProperty("dimension", out var dimension) & of.TryGetProperty("key", out var key) & of.TryGetProperty("kind", out var kind);
            if (!isKnown || kind.GetString() is not ("VALUE" or "UNKNOWN"))
                return null;
            group.Add(new(dimension.GetString()!, key.GetString(), Dimension(of), AttributeOf(of)));
        }

        return label is null && group.Count == 0 ? null : (label, group);
    }

    private string Label(JsonElement row) => string.Join(" · ", Parts(row));

    private List<string> Parts(JsonElement row)
    {
        var parts = new List<string>();
        if (row.TryGetProperty("bucket", out var bucket) && bucket.ValueKind == JsonValueKind.Object)
            parts.Add(figures.Bucket((bucket.TryGetProperty("label", out var label) ? label : bucket.GetProperty("start")).GetString()!));
        if (row.TryGetProperty("dimensions", out var dimensions))
            parts.AddRange(dimensions.EnumerateArray().Select(Dimension));
        return parts;
    }

    private static List<string> KeysOf(JsonElement row)
    {
        var keys = new List<string>();
        if (row.TryGetProperty("bucket", out var bucket) && bucket.ValueKind == JsonValueKind.Object)
            keys.Add(bucket.GetRawText());
        foreach (var of in row.TryGetProperty("dimensions", out var dimensions) ? dimensions.EnumerateArray() : default)
            keys.Add($"{Value(of, "kind")}|{Value(of, of.TryGetProperty("key", out _) ? "key" : "label")}");
        return keys;

        static string Value(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.ToString() : "";
    }

    private string Dimension(JsonElement dimension) => (dimension.TryGetProperty("kind", out var kind) ? kind.GetString() : null) switch
    {
        "OTHERS" => say["Others"],
        "UNKNOWN" => say["Unknown"],
        "TOTAL" => say["Total"],
        _ => dimension.GetProperty("label").GetString() ?? "",
    };

    private string Text(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.String when cell.GetString() is { Length: > 16 } text && text[10] == 'T' && cell.TryGetDateTime(out var moment) =>
            figures.Time(moment.ToUniversalTime()),
        JsonValueKind.String => cell.GetString()!,
        JsonValueKind.Number => cell.GetDecimal().ToString("#,0.##", say.Culture),
        JsonValueKind.True => say["Yes"],
        JsonValueKind.False => say["No"],
        JsonValueKind.Object when (cell.TryGetProperty("name", out var name) || cell.TryGetProperty("label", out name)) => Text(name),
        JsonValueKind.Array => string.Join(", ", cell.EnumerateArray().Select(Text)),
        _ => TableView.Nothing,
    };

    private static bool IsFigure(JsonElement cell) => cell.ValueKind == JsonValueKind.Object && cell.TryGetProperty("value", out var value)
        && value.ValueKind is JsonValueKind.Number or JsonValueKind.Null;

    private static Figure Read(JsonElement cell)
    {
        return new(
            Number("value"),
            cell.TryGetProperty("reason", out var reason) ? reason.GetString() : null,
            Number("previous"),
            Number("changeRatio"),
            Number("change"),
            cell.TryGetProperty("favourable", out var good) && good.ValueKind is JsonValueKind.True or JsonValueKind.False ? good.GetBoolean() : null);

        decimal? Number(string name) => cell.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number ? number.GetDecimal() : null;
    }

    private static string? CurrencyOf(JsonElement root) => root.TryGetProperty("currency", out var currency) ? currency.GetString() : null;
}
