using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Metrics;

/// <summary>The rows of a table as charts and spreadsheets take them.</summary>
[ObjectType<MetricTable>]
public static class MetricCharts
{
    internal const string Series = "series", Pivot = "pivot";

    /// <summary>
    /// The rows as series of points: one series for each metric and group, the points along time, or without `grain` along a dimension. Values without
    /// subtotals, in the order of `rows`.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="state">The state of the request.</param>
    /// <param name="metrics">The keys of the metrics, as in `metricCatalog`.</param>
    /// <param name="by">
    /// The dimensions that tell series apart, of those in `groupBy`: with `grain` all of them, without it all but one, along which the points lie. If
    /// omitted, all of them, or all but the last.
    /// </param>
    [ListSize(AssumedSize = 20)]
    public static IReadOnlyList<MetricSeriesOfPoints> GetSeries(
        [Parent] MetricTable table, RequestState state, IReadOnlyList<string> metrics, IReadOnlyList<MetricDimension>? by = null) =>
        new MetricChart(table.Rows, by, Language.Of(state)).Series(metrics);

    /// <summary>The same as `series`, turned: a row for each point of the axis, with the values of all series side by side.</summary>
    /// <param name="table">The table.</param>
    /// <param name="state">The state of the request.</param>
    /// <param name="metrics">The keys of the metrics, as in `metricCatalog`.</param>
    /// <param name="by">The dimensions that tell columns apart, as in `series`.</param>
    public static MetricPivot GetPivot(
        [Parent] MetricTable table, RequestState state, IReadOnlyList<string> metrics, IReadOnlyList<MetricDimension>? by = null) =>
        MetricPivot.Of(new MetricChart(table.Rows, by, Language.Of(state)).Series(metrics));
}

/// <summary>The values of one metric in one group, along an axis.</summary>
/// <param name="Name">A name for the legend: the labels of the group, before it the metric where there are several; the metric alone without groups.</param>
/// <param name="Metric">The definition of the metric, with its unit.</param>
/// <param name="Keys">The values of the dimensions in `by`.</param>
/// <param name="Points">The points, in the order of the axis.</param>
[GraphQLName("MetricSeries")]
public sealed record MetricSeriesOfPoints(
    string Name, MetricDefinition Metric, IReadOnlyList<DimensionValue> Keys, [property: ListSize(AssumedSize = 50)] IReadOnlyList<SeriesPoint> Points);

/// <summary>A point of a series.</summary>
/// <param name="X">
/// The place on the axis for programs: the first day of the time bucket, with the hour where there is one (`2026-10-01`, `2026-10-25T02`), or the key of the
/// dimension. Null for unknown values, for others, and if the table has neither groups nor buckets.
/// </param>
/// <param name="Label">The place on the axis for people.</param>
/// <param name="Y">The value; null if there is a `reason`.</param>
/// <param name="Reason">Why there is no value; null if there is one.</param>
/// <param name="Previous">The value of the period compared with; null without `compareTo`.</param>
public sealed record SeriesPoint(string? X, string Label, decimal? Y, NoValueReason? Reason, decimal? Previous);

/// <summary>A table with an axis downwards and series side by side.</summary>
/// <param name="Columns">The series.</param>
/// <param name="Rows">The points of the axis.</param>
public sealed record MetricPivot(
    [property: ListSize(AssumedSize = 20)] IReadOnlyList<PivotColumn> Columns, [property: ListSize(AssumedSize = 50)] IReadOnlyList<PivotRow> Rows)
{
    internal static MetricPivot Of(IReadOnlyList<MetricSeriesOfPoints> series)
    {
        var places = series.SelectMany(s => s.Points).Select(p => (p.X, p.Label)).Distinct().ToList();
        var values = series.Select(s => s.Points.ToDictionary(p => (p.X, p.Label), p => p.Y)).ToList();
        return new(
            [.. series.Select(s => new PivotColumn(s.Name, s.Metric, s.Keys))],
            [.. places.Select(p => new PivotRow(p.X, p.Label, [.. values.Select(v => v.GetValueOrDefault(p))]))]);
    }
}

/// <summary>A series as the column of a pivot table.</summary>
/// <param name="Name">A name for the head of the column, as in `series`.</param>
/// <param name="Metric">The definition of the metric, with its unit.</param>
/// <param name="Keys">The values of the dimensions in `by`.</param>
public sealed record PivotColumn(string Name, MetricDefinition Metric, IReadOnlyList<DimensionValue> Keys);

/// <summary>A row of a pivot table.</summary>
/// <param name="X">The place on the axis for programs, as in `series`.</param>
/// <param name="Label">The place on the axis for people.</param>
/// <param name="Values">The values in the order of the columns; null where there is none.</param>
public sealed record PivotRow(string? X, string Label, IReadOnlyList<decimal?> Values);

/// <summary>Tells series and places on the axis apart.</summary>
internal sealed class MetricChart
{
    private readonly Language _language;
    private readonly IReadOnlyList<MetricRow> _rows;
    // Places in the dimensions of a row: one of attributes may be there several times.
    private readonly IReadOnlyList<int> _by = [];
    private readonly int? _axis;

    /// <exception cref="GraphQLException">METRIC_INVALID_ARGUMENT: more or less than one axis.</exception>
    public MetricChart(IReadOnlyList<MetricRow> rows, IReadOnlyList<MetricDimension>? by, Language language)
    {
        _language = language;
        _rows = [.. rows.Where(r => !r.IsSubtotal)];
        if (_rows.Count == 0)
            return;
        List<MetricDimension> dimensions = [.. _rows[0].Dimensions.Select(d => d.Dimension)];
        var axes = _rows[0].Bucket is null ? Math.Min(1, dimensions.Count) : 0;
        var places = Enumerable.Range(0, dimensions.Count).ToList();
        _by = by is null ? places[..^axes] : [.. by.Index().Select(d => Nth(d.Item, by.Take(d.Index).Count(b => b == d.Item)))];
        var rest = places.Except(_by).ToList();
        if (_by.Contains(-1) || rest.Count != axes)
            throw new GraphQLException(MetricErrorCodes.InvalidArgument, _rows[0].Bucket is null
                ? "`by` must name all dimensions of `groupBy` but one, along which the points lie."
                : "With `grain` the points lie along time: `by` must name all dimensions of `groupBy`.");
        _axis = rest is [var axis] ? axis : null;

        int Nth(MetricDimension dimension, int n) => places.Where(p => dimensions[p] == dimension).Skip(n).FirstOrDefault(-1);
    }

    public IReadOnlyList<MetricSeriesOfPoints> Series(IReadOnlyList<string> keys)
    {
        var metrics = keys.Distinct(StringComparer.Ordinal).Select(k => MetricCatalog.Named(k).Asked).ToList();
        var groups = _rows.GroupBy(r => string.Join('\n', Of(r).Select(d => $"{d.Kind} {d.Key}"))).Select(g => g.ToList()).ToList();
        return [.. from metric in metrics from rows in groups select Made(metric, rows, metrics.Count > 1)];
    }

    private MetricSeriesOfPoints Made(string asked, List<MetricRow> rows, bool isNamed)
    {
        var metric = rows[0].Values[asked].Metric;
        var keys = Of(rows[0]);
        var labels = keys.Select(k => k.LabelIn(_language));
        return new(
            string.Join(" · ", isNamed || keys.Count == 0 ? labels.Prepend(_language.Choose(metric.English, metric.Chinese)) : labels), metric, keys,
            [.. rows.Select(r => Point(r, r.Values[asked]))]);
    }

    private SeriesPoint Point(MetricRow row, MetricValue value)
    {
        var axis = _axis is { } place ? row.Dimensions[place] : null;
        return new(row.Bucket?.Key ?? axis?.Written, row.Bucket?.Label ?? axis?.LabelIn(_language) ?? "", value.Value, value.Reason, value.Previous);
    }

    private IReadOnlyList<DimensionValue> Of(MetricRow row) => [.. _by.Select(place => row.Dimensions[place])];
}
