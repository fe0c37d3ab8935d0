using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>A part of the facts that is read by itself: all of them, those of a segment, or what <c>first</c> chose or left over.</summary>
/// <param name="Segment">The group's value of the segment dimension.</param>
/// <param name="Customers">The segment's condition.</param>
/// <param name="Groups">The condition on the group, by the key of its period: ages are told as of its last day.</param>
/// <param name="IsOthers">Its rows are one group, whatever their values.</param>
/// <param name="Folds">No fact is in two slices, so that sums over the slices are the totals.</param>
/// <param name="Level">Of subtotals, by how many of the first dimensions its rows are grouped; null for all.</param>
internal sealed record MetricSlice(
    Guid? Segment = null, Expression<Func<Customer, bool>>? Customers = null,
    Func<Expression<Func<FactRow, FactRow>>, Expression<Func<FactRow, bool>>>? Groups = null, bool IsOthers = false, bool Folds = true, int? Level = null);

/// <summary>One of the two periods of a table.</summary>
internal sealed record MetricWindow(DayRange Days, TimeBuckets Buckets, ReportingMoment Moment)
{
    /// <summary>The days of the period that have come, today included: beyond them nobody is known to be a customer.</summary>
    public DayRange Past => PastOf(Days);

    public DayRange PastOf(DayRange days) =>
        days with { Until = days.Until <= Moment.Today.AddDays(1) ? days.Until : days.From <= Moment.Today ? Moment.Today.AddDays(1) : days.From };

    public bool IsFuture => Days.From > Moment.Today;
}
