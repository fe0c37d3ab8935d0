using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>Which metrics can be grouped by which dimensions: a table of which no metric can be told is refused, one metric among others has no value.</summary>
internal static class MetricGroupings
{
    /// <summary>What is wrong, with every metric and dimension by name; null when all of them can be grouped.</summary>
    public static string? Problem(IEnumerable<MetricDefinition> metrics, IReadOnlyCollection<MetricDimension> groupBy)
    {
        List<string> problems = [];
        foreach (var metric in metrics)
            if (groupBy.Where(d => !metric.Supports(d)).ToList() is { Count: > 0 } wrong)
                problems.Add($"The metric \"{metric.Key}\" cannot be grouped by {Names(wrong)}, only by {Names(metric.Dimensions)}.{Blamed(metric, wrong)}");
        return problems.Count == 0 ? null : string.Join(' ', problems);
    }

    /// <summary>Of a metric of the company's own: what it is made of that has no such dimension.</summary>
    private static string Blamed(MetricDefinition metric, IReadOnlyList<MetricDimension> wrong) => metric.Combine is null
        ? ""
        : $" It is made of {string.Join(", ", metric.Parts.Where(p => !wrong.All(p.Supports)).Select(p => $"\"{p.Key}\""))}.";

    public static string Name(Enum value) => SnakeCase.Upper(value.ToString());

    private static string Names(IEnumerable<MetricDimension> dimensions) => string.Join(", ", dimensions.Select(d => Name(d)));
}
