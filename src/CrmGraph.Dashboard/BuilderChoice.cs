using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace CrmGraph.Dashboard;

/// <summary>What the metric builder shows, as it stands in the page's address.</summary>
public sealed record BuilderChoice(IReadOnlyList<string> Metrics, string Grain, IReadOnlyList<Split> Splits, PeriodChoice Period, string Chart)
{
    public const string Pivot = "PIVOT";
    public const int MetricsAtMost = 6, SplitsAtMost = 2, GroupsAtMost = 12;
    private const int SegmentsAtMost = 20;

    public static readonly IReadOnlyList<string> Charts = ["LINE", "BAR", "STACKED_BAR", "PIE", "RADAR", "SCATTER", "HEAT_MAP", "TABLE", Pivot];

    /// <summary>What a page begins with.</summary>
    public static BuilderChoice First(string? zone) =>
        new(["revenue", "orders"], "MONTH", [], new("12m", null, null, PeriodChoice.Year) { Zone = zone }, "LINE");

    public static BuilderChoice Of(string address, MetricCatalog catalog, string? ownZone)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        var metrics = List("metrics").Where(m => catalog.Find(m) is not null).Take(MetricsAtMost).ToList();
        var dimensions = catalog.All.SelectMany(m => m.Dimensions).ToHashSet();
        var grains = catalog.All.SelectMany(m => m.Grains).ToHashSet();
        var period = PeriodChoice.Of(address, ownZone);
        var isGiven = query.ContainsKey("metrics");
        var first = First(period.Zone);
        return new(
            metrics.Count == 0 ? first.Metrics : metrics,
            isGiven ? List("grain").FirstOrDefault(grains.Contains, "") : first.Grain,
            [.. List("by").Select(Split.Parse).OfType<Split>().Where(s => dimensions.Contains(s.Dimension)).Distinct().Take(SplitsAtMost)],
            query.ContainsKey("period") || query.ContainsKey("from") ? period : first.Period,
            List("chart").FirstOrDefault(c => Charts.Contains(c), first.Chart));

        IEnumerable<string> List(string name) => query.TryGetValue(name, out var value) ? value.ToString().Split(',') : [];
    }

    public string Query =>
        $"{Period.Query}&metrics={string.Join(',', Metrics)}&grain={Grain}"
        + $"&by={string.Join(',', Splits.Select(s => Uri.EscapeDataString(s.ToString())))}&chart={Chart}";

    public bool IsBySegment => Splits.Any(s => s.Dimension == "SEGMENT");

    /// <summary>The attributes of those splits that are of one, in their order; null for none.</summary>
    public JsonArray? Attributes => Splits.Select(s => s.Input).OfType<JsonObject>().ToArray() is { Length: > 0 } inputs ? new JsonArray([.. inputs]) : null;

    /// <param name="catalog">Of the metrics.</param>
    /// <param name="segments">For a split by segment.</param>
    /// <param name="where">A filter of the graph, or null.</param>
    public object Variables(MetricCatalog catalog, IReadOnlyList<string> segments, object? where) => new
    {
        metrics = Metrics,
        period = Period.Input,
        grain = Grain.Length == 0 ? null : Grain,
        groupBy = Splits.Count == 0 ? null : Splits.Select(s => s.Dimension),
        attributes = Attributes,
        segments = IsBySegment ? segments.Take(SegmentsAtMost) : null,
        compareTo = Period.CompareTo,
        where,
        order = Splits.Count == 0 || IsPivot ? null : new[] { catalog.Most(Metrics[0]) },
        first = Splits.Count == 0 || IsPivot ? null : (int?)GroupsAtMost,
    };

    /// <summary>Whether what is chosen has two parts, and they are put against each other: then all of them.</summary>
    public bool IsPivot => Chart == Pivot && Splits.Count + (Grain.Length > 0 ? 1 : 0) == 2;
}
