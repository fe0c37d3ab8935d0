using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Querying.Calendar;

/// <summary>A unit of the reporting calendar. Weeks begin on the week day of the settings.</summary>
public enum CalendarUnit { Day, Week, Month, Quarter, Year, FiscalQuarter, FiscalYear }

/// <summary>A period of days in the reporting zone: relative to today, or between two days.</summary>
[OneOf]
public sealed record PeriodInput
{
    /// <summary>The last units, ending today unless complete.</summary>
    public LastInput? Last { get; init; }
    /// <summary>From the beginning of the current unit up to and including today.</summary>
    public CalendarUnit? ToDate { get; init; }
    public DayRangeInput? Range { get; init; }
}

/// <summary>The current unit as far as it has come and the ones before it, <see cref="Count"/> together; with <see cref="Complete"/> the last whole units.</summary>
public sealed record LastInput
{
    public int Count { get; init; }
    public CalendarUnit Unit { get; init; }
    [DefaultValue("false")] public bool Complete { get; init; }
}

/// <summary>The days from one up to but not including another, of the years 1900 to 2199.</summary>
public sealed record DayRangeInput
{
    /// <summary>The first day of the range.</summary>
    public DateOnly From { get; init; }
    /// <summary>The first day that is no longer in the range.</summary>
    public DateOnly Until { get; init; }
}

/// <summary>Days from <see cref="From"/> up to but not including <see cref="Until"/>.</summary>
public readonly record struct DayRange(DateOnly From, DateOnly Until)
{
    public int Days => Until.DayNumber - From.DayNumber;

    public bool Contains(DateOnly day) => day >= From && day < Until;
}

public static class Periods
{
    /// <summary>The first day on which anything can have happened, and the first after all of them: beyond these a date is a mistake.</summary>
    public static DayRange Calendar { get; } = new(new(1900, 1, 1), new(2200, 1, 1));

    /// <summary>The days of a period as seen at a moment. Throws INVALID_ARGUMENT when it is empty or leaves the calendar.</summary>
    public static DayRange Days(this ReportingMoment moment, PeriodInput period)
    {
        var days = Any(moment, period);
        return days.From >= Calendar.From && days.Until <= Calendar.Until
            ? days
            : throw Invalid($"The period from {days.From:yyyy-MM-dd} until {days.Until:yyyy-MM-dd} leaves the calendar, "
                + $"which goes from {Calendar.From:yyyy-MM-dd} until {Calendar.Until:yyyy-MM-dd}.");
    }

    private static DayRange Any(ReportingMoment moment, PeriodInput period)
    {
        if (period.Last is { } last)
            return moment.Last(last.Count, last.Unit, last.Complete);
        if (period.ToDate is { } unit)
            return new(moment.StartOfUnit(moment.Today, unit), moment.Today.AddDays(1));
        var range = period.Range ?? throw Invalid("A period needs one of last, toDate and range.");
        return range.From < range.Until
            ? new(range.From, range.Until)
            : throw Invalid($"A range of days must end after it begins: until ({range.Until:yyyy-MM-dd}) is exclusive and must be later than from "
                + $"({range.From:yyyy-MM-dd}).");
    }

    private static GraphQLException Invalid(string message) => new(ErrorCodes.InvalidArgument, message);
}
