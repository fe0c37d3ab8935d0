using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Metrics.Definitions;

namespace CrmGraph.Reporting.Metrics;

/// <summary>Every metric, in the order of the schema.</summary>
public static class MetricCatalog
{
    public static IReadOnlyList<MetricDefinition> All { get; } =
        [.. SalesMetrics.All, .. CustomerMetrics.All, .. ServiceMetrics.All, .. MarketingMetrics.All, .. OpportunityMetrics.All];

    private static readonly Dictionary<string, MetricDefinition> _byKey = All.ToDictionary(d => d.Key, StringComparer.Ordinal);

    public static MetricDefinition? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <exception cref="GraphQLException">There is no such metric.</exception>
    public static MetricDefinition Require(string key) => Find(key) ?? throw new GraphQLException(
        MetricErrorCodes.UnknownMetric, $"There is no metric \"{key}\"; metricCatalog lists those that exist.");
}

/// <summary>The error codes of this feature.</summary>
public static class MetricErrorCodes
{
    public const string UnknownMetric = "METRIC_UNKNOWN";
    public const string TooManyRows = "METRIC_TOO_MANY_ROWS";
    public const string InvalidArgument = "METRIC_INVALID_ARGUMENT";
}
