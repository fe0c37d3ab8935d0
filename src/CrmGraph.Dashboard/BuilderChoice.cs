using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace CrmGraph.Dashboard;

/// <summary>What the metric builder shows, as it stands in the page's address.</summary>
internal sealed record BuilderChoice(IReadOnlyList<string> Metrics, string Grain, IReadOnlyList<string> GroupBy, PeriodChoice Period, string Chart)
{
    public const string Pivot = "PIVOT";
    private const string Filter = "where";
    public const int MetricsAtMost = 6, DimensionsAtMost = 2, GroupsAtMost = 12;

    public static readonly IReadOnlyList<string> Charts = ["LINE", "BAR", "STACKED_BAR", "PIE", "RADAR", "SCATTER", "HEAT_MAP", "TABLE", Pivot];

    public static BuilderChoice Of(string address, MetricCatalog catalog, string? ownZone)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        var metrics = List("metrics").Where(m => catalog.Find(m) is not null).Take(MetricsAtMost).ToList();
        var dimensions = catalog.All.SelectMany(Dimensions).ToHashSet();
        var grains = catalog.All.SelectMany(m => m.Grains).ToHashSet();
        var period = PeriodChoice.Of(address, ownZone);
        var isGiven = query.ContainsKey("metrics");
        return new(
            metrics.Count == 0 ? ["revenue", "orders"] : metrics,
            isGiven ? List("grain").FirstOrDefault(grains.Contains, "") : "MONTH",
            [.. List("by").Where(dimensions.Contains).Take(DimensionsAtMost)],
            query.ContainsKey("period") || query.ContainsKey("from") ? period : new("12m", null, null, PeriodChoice.Year) { Zone = period.Zone },
            List("chart").FirstOrDefault(c => Charts.Contains(c), "LINE"));

        IEnumerable<string> List(string name) => query.TryGetValue(name, out var value) ? value.ToString().Split(',') : [];
    }

    /// <summary>Those of a metric that can be chosen without a further argument.</summary>
    public static IEnumerable<string> Dimensions(MetricEntry metric) =>
        metric.Dimensions.Where(d => !d.Contains("ATTRIBUTE", StringComparison.Ordinal));

    public string Query =>
        $"{Period.Query}&metrics={string.Join(',', Metrics)}&grain={Grain}&by={string.Join(',', GroupBy)}&chart={Chart}";

    /// <param name="catalog">Of the metrics.</param>
    /// <param name="segments">For a split by segment.</param>
    /// <param name="where">A filter of the graph, or null.</param>
    public object Variables(MetricCatalog catalog, IReadOnlyList<string> segments, object? where) => new
    {
        metrics = Metrics,
        period = Period.Input,
        grain = Grain.Length == 0 ? null : Grain,
        groupBy = GroupBy.Count == 0 ? null : GroupBy,
        segments = GroupBy.Contains("SEGMENT") ? segments.Take(SegmentsAtMost) : null,
        compareTo = Period.CompareTo,
        where,
        order = GroupBy.Count == 0 || IsPivot ? null : new[] { catalog.Most(Metrics[0]) },
        first = GroupBy.Count == 0 || IsPivot ? null : (int?)GroupsAtMost,
    };

    /// <summary>
    /// The same as a tile of a dashboard or a section of a report, which follows its period, comparison and filters. A filter of its own is a parameter of
    /// its own, so that those of the dashboard narrow it further. Answers the parameters with those that it needs, too.
    /// </summary>
    public (DashboardTile Tile, IReadOnlyList<ReportParameter> Parameters) TileOf(
        IReadOnlyList<ReportParameter> known, string heading, MetricCatalog catalog, JsonObject? where)
    {
        var filter = where is null ? Filter : Enumerable.Range(2, known.Count + 1).Select(i => Filter + i).First(name => known.All(k => k.Name != name));
        ReportParameter[] needed =
        [
            new("period", "PeriodInput!", null, JsonSerializer.SerializeToElement(Period.Input), null),
            new("compareTo", "Comparison", null, Period.CompareTo is { } compared ? JsonSerializer.SerializeToElement(compared) : null, null),
            new(filter, "MetricFilterInput", where is null ? null : heading, where is null ? null : JsonSerializer.SerializeToElement(where), null),
        ];
        return (Tile(heading, catalog, filter), [.. known, .. needed.Where(n => known.All(k => k.Name != n.Name))]);
    }

    private DashboardTile Tile(string heading, MetricCatalog catalog, string filter)
    {
        var shared = $"period: $period, compareTo: $compareTo, where: ${filter}";
        const string value = "value previous change changeRatio favourable reason";
        var chosen = Metrics.Select(catalog.Find).OfType<MetricEntry>().ToLookup(m => m.IsCustom, m => m.Key);
        var order = catalog.Find(Metrics[0]) is { IsCustom: true } ? $"custom: {{ key: \"{Metrics[0]}\", direction: DESC }}" : $"{Metrics[0]}: DESC";
        var fields = string.Join('\n', chosen[false].Select(m => $"      {m} {{ {value} }}"));
        if (chosen[true].Any())
            fields += $"\n      values(metrics: [{string.Join(", ", chosen[true].Select(m => $"\"{m}\""))}]) {{ metric {{ key }} {value} }}";
        var arguments = string.Concat(
            Grain.Length == 0 ? "" : $", grain: {Grain}",
            GroupBy.Count == 0 ? "" : $", groupBy: [{string.Join(", ", GroupBy)}], order: [{{ {order} }}], first: {GroupsAtMost}");
        var names = string.Concat(
            Grain.Length == 0 ? "" : "      bucket { label incomplete }\n",
            GroupBy.Count == 0 ? "" : "      dimensions { dimension key label kind }\n",
            GroupBy is ["OWNER"] ? "      owner { id }\n" : "");
        var rows = $"    {(names.Length == 0 ? "totals" : "rows")} {{\n{names}{fields}\n    }}";
        var others = "";
        if (IsPivot)
            (arguments, rows, others) = Crossed(shared, arguments, rows, fields);
        var operation = $"query Tile($period: PeriodInput!, $compareTo: Comparison, ${filter}: MetricFilterInput) {{\n"
            + $"  metrics({shared}{arguments}) {{\n    currency\n{rows}\n  }}\n{others}}}\n";
        return new(heading, null, operation, Grain.Length + GroupBy.Count == 0 ? "NUMBER" : Chart, null);
    }

    /// <summary>Whether what is chosen has two parts, and they are put against each other: then all of them.</summary>
    public bool IsPivot => Chart == Pivot && GroupBy.Count + (Grain.Length > 0 ? 1 : 0) == 2;

    /// <summary>With the sums of a pivot table: those of an interval stand in the same table, those of a second dimension in one of their own.</summary>
    private (string Arguments, string Rows, string Others) Crossed(string shared, string arguments, string rows, string fields)
    {
        const string dimensions = "dimensions { dimension key label kind }";
        if (Grain.Length > 0)
        {
            var sums = $"    groupTotals {{\n      {dimensions}\n{fields}\n    }}\n"
                + $"    bucketTotals {{\n      bucket {{ label incomplete }}\n{fields}\n    }}\n";
            return (arguments, $"{rows}\n{sums}    totals {{\n{fields}\n    }}", "");
        }

        return ($", groupBy: [{string.Join(", ", GroupBy)}], subtotals: true", rows,
            $"  columns: metrics({shared}, groupBy: [{GroupBy[1]}]) {{\n    rows {{\n      {dimensions}\n{fields}\n    }}\n  }}\n");
    }

    private const int SegmentsAtMost = 20;
}
