using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics;

/// <summary>Fields of values that have arguments.</summary>
[ObjectType<MetricValue>]
public static class MetricValueFields
{
    /// <summary>The fields for which a table has to know where each value stands.</summary>
    internal static IReadOnlyList<string> OfPlaces { get; } = ["share", "rank", "cumulative", "moving"];

    /// <summary>Why there is no value, for people, in the language of the request; null if there is one.</summary>
    public static string? GetReasonLabel([Parent] MetricValue value, RequestState state) =>
        value.Reason is { } reason ? MetricLabels.Of(reason, Language.Of(state)) : null;

    /// <summary>
    /// The metric from the start of the period, or of the year in which the bucket begins when that is later, to the end of the bucket, computed again from
    /// what was summed: quotients from their numerators and denominators, of stocks what stands at the end. Null in rows without a bucket, for what does not
    /// follow from the buckets (distinct customers, retention, medians), and where a value on the way is hidden.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="toDate">From where it counts.</param>
    public static decimal? GetCumulative([Parent] MetricValue value, [DefaultValue("PERIOD")] ToDate toDate) => value.Cumulative(toDate);

    /// <summary>
    /// Over so many buckets up to this one, which may not be over yet: of quotients the sum of the numerators over the sum of the denominators, of all else the
    /// mean of the values. Null in rows without a bucket, while there are fewer buckets in the period, and where one of them has no value.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="count">The number of buckets, or of units, at least 1.</param>
    /// <param name="unit">
    /// What `count` counts, no shorter than a bucket: those buckets count that begin within so many units before the end of this one. If omitted, buckets.
    /// </param>
    public static decimal? GetMoving([Parent] MetricValue value, int count, CalendarUnit? unit = null) => value.Moving(count, unit);

    /// <summary>Before anything is computed, so that what is wrong is said once and not for every row.</summary>
    /// <param name="fields">Those that are selected of values.</param>
    /// <param name="grain">Of the table.</param>
    /// <exception cref="GraphQLException">METRIC_INVALID_ARGUMENT.</exception>
    internal static void Check(IEnumerable<SelectedField> fields, TimeGrain? grain)
    {
        foreach (var field in fields.Where(f => f.Name == "moving"))
        {
            if (field.Arguments["count"] is int count and < 1)
                throw new GraphQLException(MetricErrorCodes.InvalidArgument, $"`count` of `moving` must be at least 1, not {count}.");
            if (field.Arguments.GetValueOrDefault("unit") is CalendarUnit unit && grain is { } g && !Holds(unit, g))
                throw new GraphQLException(
                    MetricErrorCodes.InvalidArgument,
                    $"`unit` of `moving` is not for grain {MetricGroupings.Name(g)}: {MetricGroupings.Name(unit)} holds no whole buckets. Leave it out to count "
                        + "buckets.");
        }
    }

    private static bool Holds(CalendarUnit unit, TimeGrain grain) => grain != TimeGrain.Hour && Length(unit) >= Length(TimeBuckets.Unit(grain));

    private static int Length(CalendarUnit unit) => unit switch
    {
        CalendarUnit.FiscalQuarter => (int)CalendarUnit.Quarter,
        CalendarUnit.FiscalYear => (int)CalendarUnit.Year,
        _ => (int)unit,
    };
}
