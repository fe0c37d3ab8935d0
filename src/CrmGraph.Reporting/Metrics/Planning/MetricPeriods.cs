using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>The days of a table of metrics.</summary>
/// <param name="Start">The first day.</param>
/// <param name="Until">The first day after the period.</param>
/// <param name="Incomplete">Whether the last day is not over yet.</param>
[GraphQLName("Period")]
public sealed record MetricPeriod(DateOnly Start, DateOnly Until, bool Incomplete)
{
    /// <summary>The last day.</summary>
    public DateOnly Through => Until.AddDays(-1);

    /// <summary>The number of days.</summary>
    public int Days => Until.DayNumber - Start.DayNumber;
}

/// <summary>Which days a period is compared with.</summary>
internal static class MetricPeriods
{
    // A year of whole weeks, so that weekdays meet.
    private const int DaysOfWeekYear = 52 * 7;

    /// <summary>How far back the comparison lies.</summary>
    public static CalendarShift Shift(PeriodInput period, DayRange days, TimeGrain? grain, Comparison comparison)
    {
        var unit = period.Last?.Unit ?? period.ToDate;
        if (comparison == Comparison.PreviousYear)
            return unit == CalendarUnit.Week || grain == TimeGrain.Week ? new(Days: DaysOfWeekYear) : new(Months: 12);
        if (unit is { } u)
            return CalendarShift.Of(u, period.Last?.Count ?? 1);
        // Whole months are compared with as many whole months, anything else with as many days.
        return HasWholeMonths(days) ? new(Months: ((days.Until.Year - days.From.Year) * 12) + days.Until.Month - days.From.Month) : new(Days: days.Days);
    }

    /// <summary>
    /// The same days: whole months of whole months once they are over, else those from the partner of the first day to the partner of the last one that
    /// has come (R44: month to date against the same days). Null when none of them has a partner: 29 February alone, a year earlier.
    /// </summary>
    public static DayRange? Compared(DayRange days, CalendarShift shift, ReportingMoment moment)
    {
        // A period that begins in the future has no days that have come.
        var runs = days.From <= moment.Today && moment.Today < days.Until;
        if (!runs && shift.Months > 0 && HasWholeMonths(days))
            return new(days.From.AddMonths(-shift.Months), days.Until.AddMonths(-shift.Months));
        var compared = new DayRange(shift.FirstFrom(days.From), shift.LastUpTo(runs ? moment.Today : days.Until.AddDays(-1)).AddDays(1));
        return compared.Days > 0 ? compared : null;
    }

    private static bool HasWholeMonths(DayRange days) => days is { From.Day: 1, Until.Day: 1 };
}

/// <summary>From a day of the period to its partner in the comparison: the day of the same date some months earlier, or the one some days earlier.</summary>
internal readonly record struct CalendarShift(int Months = 0, int Days = 0)
{
    public static CalendarShift Of(CalendarUnit unit, int count) => unit switch
    {
        CalendarUnit.Day => new(Days: count),
        CalendarUnit.Week => new(Days: 7 * count),
        CalendarUnit.Month => new(Months: count),
        CalendarUnit.Quarter or CalendarUnit.FiscalQuarter => new(Months: 3 * count),
        _ => new(Months: 12 * count),
    };

    /// <summary>Null when the earlier month has no such date.</summary>
    public DateOnly? Partner(DateOnly day)
    {
        var partner = day.AddMonths(-Months).AddDays(-Days);
        return Months == 0 || partner.Day == day.Day ? partner : null;
    }

    /// <summary>The first partner of the day and those after it.</summary>
    public DateOnly FirstFrom(DateOnly day) => Partner(day) ?? day.AddMonths(-Months).AddDays(1);

    /// <summary>The last partner of the day and those before it.</summary>
    public DateOnly LastUpTo(DateOnly day) => Partner(day) ?? day.AddMonths(-Months);

    /// <summary>By how many buckets of a grain it leads back; null where its length is no whole number of them.</summary>
    public int? Buckets(TimeGrain grain)
    {
        var (length, of) = grain switch
        {
            TimeGrain.Week => (Months == 0 ? Days : 0, 7),
            TimeGrain.Month => (Months, 1),
            TimeGrain.Quarter or TimeGrain.FiscalQuarter => (Months, 3),
            _ => (Months, 12),
        };
        return length > 0 && length % of == 0 ? length / of : null;
    }
}
