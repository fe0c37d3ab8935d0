using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Lookups;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Goals;

[QueryType]
public static class AnnotationQueries
{
    /// <summary>What happened in a period, in time order.</summary>
    /// <param name="period">The days: annotations of which at least one day lies in them.</param>
    [ListSize(AssumedSize = 50)]
    public static async Task<IReadOnlyList<Annotation>> GetAnnotationsAsync(PeriodInput period, ResolverContext context) =>
        await AnnotationFields.InAsync((await RequestSettings.MomentAsync(context)).Days(period), context);
}

[ObjectType<Annotation>]
public static class AnnotationFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, Annotation>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        BatchLookup.DictionaryAsync(ids, Rows.Of(context).Annotations, a => a.Id, context.CancellationToken);

    /// <summary>The dimension of whose value `dimensionKey` it is; null if it is about all.</summary>
    public static MetricDimension? GetDimension([Parent] Annotation annotation) => DimensionOf(annotation);

    internal static async Task<List<Annotation>> InAsync(DayRange days, ResolverContext context) =>
        await Rows.Of(context).Annotations.Where(a => a.StartDay < days.Until && a.EndDay >= days.From).OrderBy(a => a.StartDay).ThenBy(a => a.Id)
            .ToListAsync(context.CancellationToken);

    internal static MetricDimension? DimensionOf(Annotation annotation) =>
        Enum.TryParse<MetricDimension>(annotation.Dimension, out var dimension) ? dimension : null;
}

/// <summary>What happened, beside the figures.</summary>
[ObjectType<MetricTable>]
public static class AnnotationsOfTables
{
    /// <summary>What happened in the days of the table.</summary>
    [ListSize(AssumedSize = 50)]
    public static async Task<IReadOnlyList<Annotation>> GetAnnotationsAsync([Parent] MetricTable table, ResolverContext context) =>
        await AnnotationFields.InAsync(new(table.Period.Start, table.Period.Until), context);
}

[ObjectType<MetricRow>]
public static class AnnotationsOfRows
{
    /// <summary>
    /// What happened in the time bucket of the row: what is about all, and what is about the row's own dimension values. Empty without a bucket; the table has
    /// the annotations of its whole period.
    /// </summary>
    [BatchResolver]
    [ListSize(AssumedSize = 2)]
    public static async Task<IReadOnlyList<IReadOnlyList<Annotation>>> GetAnnotationsAsync([Parent] IReadOnlyList<MetricRow> rows, ResolverContext context)
    {
        var buckets = rows.Select(r => r.Bucket).OfType<TimeBucket>().ToList();
        if (buckets.Count == 0)
            return [.. rows.Select(_ => (IReadOnlyList<Annotation>)[])];
        var all = await AnnotationFields.InAsync(new(buckets.Min(b => b.Start), buckets.Max(b => b.Until)), context);
        return [.. rows.Select(row => (IReadOnlyList<Annotation>)[.. all.Where(a => IsIn(a, row.Bucket) && IsOf(a, row))])];
    }

    private static bool IsIn(Annotation annotation, TimeBucket? bucket) =>
        bucket is not null && annotation.StartDay < bucket.Until && annotation.EndDay >= bucket.Start;

    private static bool IsOf(Annotation annotation, MetricRow row) =>
        AnnotationFields.DimensionOf(annotation) is not { } dimension || !row.Dimensions.Any(d => d.Dimension == dimension)
            || row.Dimensions.Any(d => d.Dimension == dimension
                && (d.Kind == DimensionValueKind.Total || (d.Kind == DimensionValueKind.Value && d.IsNamed(annotation.DimensionKey))));
}
