using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Querying;

namespace CrmGraph.Reporting.Metrics;

/// <summary>The days of a table.</summary>
/// <param name="Start">The first day.</param>
/// <param name="Until">The first day that is no longer in it.</param>
/// <param name="Incomplete">Its last day is not over yet.</param>
[GraphQLName("Period")]
public sealed record MetricPeriod(DateOnly Start, DateOnly Until, bool Incomplete)
{
    public int Days => Until.DayNumber - Start.DayNumber;
}

/// <summary>Which days a period means, and which ones it is compared with.</summary>
internal static class MetricPeriods
{
    // A year of whole weeks, so that weekdays meet.
    private const int WeeksOfYear = 52;

    /// <summary>
    /// The days of the comparison. When the period is not over, it is cut after as many days of its running unit as have gone by (R44:
    /// month to date against the same number of days).
    /// </summary>
    public static DayRange Compared(PeriodInput period, DayRange days, TimeGrain? grain, Comparison comparison, ReportingMoment moment)
    {
        var unit = period.Last?.Unit ?? period.ToDate;
        var byWeek = unit == CalendarUnit.Week || (grain == TimeGrain.Week && comparison == Comparison.PreviousYear);
        var shift = comparison == Comparison.PreviousYear ? YearShift(byWeek) : PeriodShift(period, days);
        var from = shift(days.From);
        var complete = days.Until <= moment.Today;
        // A range that begins in the future has no elapsed days to cut at.
        if (complete || days.From > moment.Today)
            return new(from, Later(shift(days.Until), from));
        var running = unit is { } u ? moment.StartOfUnit(moment.Today, u) : days.From;
        var runningEnd = unit is { } v ? ReportingMoment.AddUnits(running, v, 1) : days.Until;
        var elapsed = moment.Today.DayNumber + 1 - running.DayNumber;
        var cut = shift(running).AddDays(elapsed);
        var end = shift(runningEnd);
        return new(from, Later(cut < end ? cut : end, from));
    }

    private static Func<DateOnly, DateOnly> YearShift(bool byWeek) => byWeek
        ? day => ReportingMoment.AddUnits(day, CalendarUnit.Week, -WeeksOfYear)
        : day => ReportingMoment.AddUnits(day, CalendarUnit.Year, -1);

    private static Func<DateOnly, DateOnly> PeriodShift(PeriodInput period, DayRange days)
    {
        if (period.Last is { } last)
            return day => ReportingMoment.AddUnits(day, last.Unit, -last.Count);
        if (period.ToDate is { } unit)
            return day => ReportingMoment.AddUnits(day, unit, -1);
        // Whole months are compared with as many whole months, anything else with as many days.
        if (days.From.Day == 1 && days.Until.Day == 1)
        {
            var months = ((days.Until.Year - days.From.Year) * 12) + days.Until.Month - days.From.Month;
            return day => ReportingMoment.AddUnits(day, CalendarUnit.Month, -months);
        }

        return day => ReportingMoment.AddUnits(day, CalendarUnit.Day, -days.Days);
    }

    private static DateOnly Later(DateOnly day, DateOnly from) => day > from ? day : from.AddDays(1);
}
