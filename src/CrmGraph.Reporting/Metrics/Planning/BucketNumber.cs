using System.Linq.Expressions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>
/// The number of the bucket in which a day lies, growing by one per bucket: the same formula for .NET and for SQL. It is plain arithmetic on
/// the day, so that a bucket never depends on rows of a reference table being there.
/// </summary>
internal sealed class BucketNumber
{
    private readonly Func<Expression<Func<FactRow, int>>> _ofRow;

    /// <param name="ofRow">Made only where SQL is.</param>
    private BucketNumber(Func<Expression<Func<FactRow, int>>> ofRow, Func<DateOnly, int> of)
    {
        (_ofRow, Of) = (ofRow, of);
    }

    /// <summary>For SQL. Days and hours are grouped by their own columns instead.</summary>
    public Expression<Func<FactRow, int>> OfRow => _ofRow();

    public Func<DateOnly, int> Of { get; }

    public static BucketNumber For(TimeGrain grain, ReportingMoment moment) => grain switch
    {
        TimeGrain.Week => Weeks(moment.WeekStart),
        TimeGrain.Month => Months(1, 0),
        TimeGrain.Quarter => Months(3, 0),
        TimeGrain.Year => Months(12, 0),
        TimeGrain.FiscalQuarter => Months(3, moment.FiscalYearStartMonth - 1),
        TimeGrain.FiscalYear => Months(12, moment.FiscalYearStartMonth - 1),
        _ => new(() => x => x.Day.DayNumber, day => day.DayNumber),
    };

    private static BucketNumber Weeks(DayOfWeek start)
    {
        // Day number 0, the first of January of the year 1, is a Monday.
        var offset = (1 - (int)start + 7) % 7;
        return new(() => x => (x.Day.DayNumber + offset) / 7, day => (day.DayNumber + offset) / 7);
    }

    private static BucketNumber Months(int length, int shift) => new(
        () => x => ((x.Day.Year * 12) + x.Day.Month - 1 - shift) / length,
        day => ((day.Year * 12) + day.Month - 1 - shift) / length);
}
