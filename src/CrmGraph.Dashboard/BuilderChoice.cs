using Microsoft.AspNetCore.WebUtilities;

namespace CrmGraph.Dashboard;

/// <summary>What the metric builder shows, as it stands in the page's address.</summary>
internal sealed record BuilderChoice(IReadOnlyList<string> Metrics, string Grain, IReadOnlyList<string> GroupBy, PeriodChoice Period, string Chart)
{
    public const int MetricsAtMost = 6, DimensionsAtMost = 2, GroupsAtMost = 12;

    public static readonly IReadOnlyList<string> Charts = ["LINE", "BAR", "PIE", "RADAR", "SCATTER", "TABLE"];

    public static BuilderChoice Of(string address, MetricCatalog catalog)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        var metrics = List("metrics").Where(m => catalog.Find(m) is not null).Take(MetricsAtMost).ToList();
        var dimensions = catalog.All.SelectMany(m => m.Dimensions).ToHashSet();
        var grains = catalog.All.SelectMany(m => m.Grains).ToHashSet();
        var isGiven = query.ContainsKey("metrics");
        return new(
            metrics.Count == 0 ? ["revenue", "orders"] : metrics,
            isGiven ? List("grain").FirstOrDefault(grains.Contains, "") : "MONTH",
            [.. List("by").Where(dimensions.Contains).Take(DimensionsAtMost)],
            query.ContainsKey("period") || query.ContainsKey("from") ? PeriodChoice.Of(address) : new("12m", null, null, PeriodChoice.Year),
            List("chart").FirstOrDefault(c => Charts.Contains(c), "LINE"));

        IEnumerable<string> List(string name) => query.TryGetValue(name, out var value) ? value.ToString().Split(',') : [];
    }

    public string Query =>
        $"{Period.Query}&metrics={string.Join(',', Metrics)}&grain={Grain}&by={string.Join(',', GroupBy)}&chart={Chart}";

    /// <param name="segments">For a split by segment.</param>
    /// <param name="where">A filter of the graph, or null.</param>
    public object Variables(IReadOnlyList<string> segments, object? where) => new
    {
        metrics = Metrics,
        period = Period.Input,
        grain = Grain.Length == 0 ? null : Grain,
        groupBy = GroupBy.Count == 0 ? null : GroupBy,
        segments = GroupBy.Contains("SEGMENT") ? segments.Take(SegmentsAtMost) : null,
        compareTo = Period.CompareTo,
        where,
        order = GroupBy.Count == 0 ? null : new[] { new Dictionary<string, string> { [Metrics[0]] = "DESC" } },
        first = GroupBy.Count == 0 ? null : (int?)GroupsAtMost,
    };

    private const int SegmentsAtMost = 20;
}
