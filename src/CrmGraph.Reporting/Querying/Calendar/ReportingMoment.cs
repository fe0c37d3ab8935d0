using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Querying.Calendar;

/// <summary>A moment as the reporting calendar of the settings sees it: which day it is, when days begin, where units begin.</summary>
/// <param name="Now">UTC.</param>
/// <param name="FiscalYearStartMonth">1 to 12.</param>
/// <param name="Currency">ISO 4217 code of the reporting currency.</param>
public sealed record ReportingMoment(DateTime Now, TimeZoneInfo Zone, DayOfWeek WeekStart, int FiscalYearStartMonth, string Currency)
{
    public static ReportingMoment Of(Settings settings, TimeProvider clock) => new(
        clock.GetUtcNow().UtcDateTime,
        TimeZoneInfo.FindSystemTimeZoneById(settings.ReportingZone),
        settings.WeekStart,
        settings.FiscalYearStartMonth,
        settings.Currency);

    /// <summary>Now, in the calendar of the database's settings.</summary>
    public static async ValueTask<ReportingMoment> ReadAsync(CrmDbContext database, TimeProvider clock, CancellationToken cancellationToken) =>
        Of(await database.SettingsAsync(cancellationToken), clock);

    public DateOnly Today => DayOf(Now);

    public DateOnly DayOf(DateTime utc) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), Zone));

    /// <summary>The first instant (UTC) of a day: where the clocks skip midnight, the moment to which they skip.</summary>
    public DateTime StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        if (Zone.IsInvalidTime(midnight))
            return FirstAfterGap(midnight);
        // At an ambiguous midnight the day begins with the first of the two, which has the greater offset.
        var offset = Zone.IsAmbiguousTime(midnight) ? Zone.GetAmbiguousTimeOffsets(midnight).Max() : Zone.GetUtcOffset(midnight);
        var ticks = Math.Clamp(midnight.Ticks - offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new(ticks, DateTimeKind.Utc);
    }

    public DateOnly StartOfUnit(DateOnly day, CalendarUnit unit) => unit switch
    {
        CalendarUnit.Day => day,
        CalendarUnit.Week => day.AddDays(-(((int)day.DayOfWeek - (int)WeekStart + 7) % 7)),
        CalendarUnit.Month => new(day.Year, day.Month, 1),
        CalendarUnit.Quarter => StartOfMonths(day, 3, 1),
        CalendarUnit.Year => new(day.Year, 1, 1),
        CalendarUnit.FiscalQuarter => StartOfMonths(day, 3, FiscalYearStartMonth),
        _ => StartOfMonths(day, 12, FiscalYearStartMonth),
    };

    /// <summary>The first day of a unit moved by whole units. Throws INVALID_ARGUMENT beyond the years 1 to 9999.</summary>
    public static DateOnly AddUnits(DateOnly start, CalendarUnit unit, int count)
    {
        try
        {
            return unit switch
            {
                CalendarUnit.Day => start.AddDays(count),
                CalendarUnit.Week => start.AddDays(checked(count * 7)),
                CalendarUnit.Month => start.AddMonths(count),
                CalendarUnit.Quarter or CalendarUnit.FiscalQuarter => start.AddMonths(checked(count * 3)),
                _ => start.AddMonths(checked(count * 12)),
            };
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new GraphQLException(ErrorCodes.InvalidArgument, "The period leaves the calendar: use a smaller count.");
        }
    }

    /// <summary>The current unit as far as it has come, today included, and those before it, <paramref name="count"/> together; or the last whole units.</summary>
    public DayRange Last(int count, CalendarUnit unit, bool complete = false)
    {
        Positive(count);
        var current = StartOfUnit(Today, unit);
        return complete
            ? new(AddUnits(current, unit, -count), current)
            : new(AddUnits(current, unit, 1 - count), Today.AddDays(1));
    }

    /// <summary>From today to the end of the current unit and the ones after it, <paramref name="count"/> together; or the next whole units.</summary>
    public DayRange Next(int count, CalendarUnit unit, bool complete = false)
    {
        Positive(count);
        var current = StartOfUnit(Today, unit);
        return complete
            ? new(AddUnits(current, unit, 1), AddUnits(AddUnits(current, unit, 1), unit, count))
            : new(Today, AddUnits(current, unit, count));
    }

    /// <summary>The whole unit in which today lies.</summary>
    public DayRange This(CalendarUnit unit)
    {
        var start = StartOfUnit(Today, unit);
        return new(start, AddUnits(start, unit, 1));
    }

    private static void Positive(int count)
    {
        if (count < 1)
            throw new GraphQLException(ErrorCodes.InvalidArgument, $"The count of calendar units must be 1 or more, not {count}.");
    }

    private static DateOnly StartOfMonths(DateOnly day, int months, int firstMonth)
    {
        var into = (day.Month - firstMonth + 12) % months;
        var first = new DateOnly(day.Year, day.Month, 1);
        // A fiscal year that began before the year 1 begins, as far as we are concerned, with the calendar.
        return first.DayNumber < 31 * into ? DateOnly.MinValue : first.AddMonths(-into);
    }

    private DateTime FirstAfterGap(DateTime midnight)
    {
        var minute = midnight;
        while (Zone.IsInvalidTime(minute))
            minute = minute.AddMinutes(1);
        return TimeZoneInfo.ConvertTimeToUtc(minute, Zone);
    }
}
