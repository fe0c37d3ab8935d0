using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Lookups;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Formulas;

[QueryType]
public static class CustomMetricQueries
{
    /// <summary>The metrics that the company defined itself, archived ones included, by key.</summary>
    [ListSize(AssumedSize = 20)]
    public static async Task<IReadOnlyList<CustomMetric>> GetCustomMetricsAsync(ResolverContext context) =>
        await Rows.Of(context).CustomMetrics.OrderBy(m => m.Key).ToListAsync(context.CancellationToken);

    /// <summary>
    /// What a formula would come to, before it is saved: what follows from it, its value in the last complete month and, of a metric that there is, which
    /// reports, goals and other metrics name it and by how much their last values would move. All values are those of the caller.
    /// </summary>
    /// <param name="formula">The formula, as for `defineMetric`.</param>
    /// <param name="where">Which facts count; all if omitted.</param>
    /// <param name="key">The key of the metric that the formula is to replace; omit it for a new metric.</param>
    [Cost(QueryCosts.Metric * 20)]
    public static Task<MetricPreview> GetPreviewMetricAsync(
        ResolverContext context, string formula, [GraphQLType("MetricFilterInput"), Cost(QueryCosts.Filter)] InputObject? where, string? key) =>
        MetricPreviews.OfAsync(context, formula, where, key);
}

[ObjectType<CustomMetric>]
public static class CustomMetricFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, CustomMetric>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        BatchLookup.DictionaryAsync(ids, Rows.Of(context).CustomMetrics, m => m.Id, context.CancellationToken);

    /// <summary>What follows from the formula: unit, dimensions, how values add up. Null if the formula no longer makes sense.</summary>
    [BatchResolver]
    public static async Task<IReadOnlyList<MetricDefinition?>> GetDefinitionAsync(
        [Parent] IReadOnlyList<CustomMetric> metrics, [Service] CrmDbContext database, [Service] CustomMetrics all, CancellationToken cancellationToken)
    {
        var catalog = await all.LoadAsync(database, cancellationToken);
        return [.. metrics.Select(m => catalog.Find(m.Key))];
    }

    /// <summary>Which of a table's facts count, as a `MetricFilterInput`; null for all.</summary>
    [GraphQLType("Any")]
    public static object? GetWhere([Parent] CustomMetric metric) => metric.Condition is null ? null : JsonSerializer.Deserialize<JsonElement>(metric.Condition);

    /// <summary>Which direction of change is good news.</summary>
    public static FavourableDirection GetFavourable([Parent] CustomMetric metric) => Enum.Parse<FavourableDirection>(metric.Favourable);

    /// <summary>All versions, newest first.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 10)]
    public static Task<IReadOnlyList<IReadOnlyList<CustomMetricVersion>>> GetVersionsAsync(
        [Parent(nameof(CustomMetric.Id))] IReadOnlyList<CustomMetric> metrics, ResolverContext context) => BatchLookup.ManyAsync(
        metrics, m => m.Id, Rows.Of(context).CustomMetricVersions.OrderByDescending(v => v.Version), v => v.MetricId, context.CancellationToken);

    /// <summary>The reports, goals and other metrics that name it.</summary>
    [ListSize(AssumedSize = 10), Cost(QueryCosts.Segment)]
    public static Task<IReadOnlyList<MetricUse>> GetUsesAsync(
        [Parent] CustomMetric metric, [Service] CrmDbContext database, [Service] CustomMetrics metrics, CancellationToken cancellationToken) =>
        MetricUses.OfAsync(metric.Key, database, metrics, cancellationToken);
}

[ObjectType<CustomMetricVersion>]
public static class CustomMetricVersionFields
{
    /// <summary>Which facts counted, as a `MetricFilterInput`; null for all.</summary>
    [GraphQLType("Any")]
    public static object? GetWhere([Parent] CustomMetricVersion version) =>
        version.Condition is null ? null : JsonSerializer.Deserialize<JsonElement>(version.Condition);
}
