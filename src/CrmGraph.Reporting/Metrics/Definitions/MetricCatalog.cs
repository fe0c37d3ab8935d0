using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Metrics.Definitions;

/// <summary>Every metric, in the order of the schema.</summary>
public static class MetricCatalog
{
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        .. SalesMetrics.All, .. BuyingMetrics.All, .. CustomerMetrics.All, .. LifetimeMetrics.All, .. SurveyMetrics.All, .. ServiceMetrics.All,
        .. MarketingMetrics.All, .. OpportunityMetrics.All, .. ContractMetrics.All, .. ReportMetrics.All,
    ];

    private static readonly Dictionary<string, MetricDefinition> _byKey = All.ToDictionary(d => d.Key, StringComparer.Ordinal);

    public static MetricDefinition? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>The metric, or one of the company's own of which only the key is known.</summary>
    public static MetricDefinition Named(string key) => Find(key) ?? AskedMetric.Unresolved(key);

    /// <exception cref="GraphQLException">There is no such metric.</exception>
    public static MetricDefinition Require(string key) => Find(key) ?? throw new GraphQLException(
        MetricErrorCodes.UnknownMetric, $"There is no metric \"{key}\"; metricCatalog lists those that exist.");
}

/// <summary>The error codes of this feature.</summary>
public static class MetricErrorCodes
{
    [ErrorCode(ErrorPlace.Field, 200, "no metric of that key", "`metricCatalog` lists them")]
    public const string UnknownMetric = "METRIC_UNKNOWN";
    [ErrorCode(
        ErrorPlace.Field, 200, "a metric of the company's own whose formula no longer makes sense", "the message says where; save another formula")]
    public const string Broken = "METRIC_BROKEN";
    [ErrorCode(
        ErrorPlace.Field,
        200,
        "a table by groups of which no metric asked for can be told, or rows or contributions of a metric that has none",
        "the message says why, and what to ask for instead; `metricCatalog` says the dimensions of each metric")]
    public const string Unsupported = "METRIC_UNSUPPORTED";
    [ErrorCode(ErrorPlace.Field, 200, "the table would have more than `Crm:MetricRows`", "a coarser grain, fewer dimensions, or `first`")]
    public const string TooManyRows = "METRIC_TOO_MANY_ROWS";
    [ErrorCode(
        ErrorPlace.Field,
        200,
        "a median or percentile would have to be told of more than `Crm:MetricValues` different values",
        "a shorter period, or a filter")]
    public const string TooManyValues = "METRIC_TOO_MANY_VALUES";
    [ErrorCode(ErrorPlace.Field, 200, "arguments of `metrics` or `facts` that contradict each other", "the message says which")]
    public const string InvalidArgument = "METRIC_INVALID_ARGUMENT";
}
