using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Querying.Calendar;

/// <summary>A unit of the reporting calendar.</summary>
public enum CalendarUnit
{
    /// <summary>A day in the reporting time zone.</summary>
    Day,
    /// <summary>A week, beginning on the weekday in the settings.</summary>
    Week,
    /// <summary>A calendar month.</summary>
    Month,
    /// <summary>A calendar quarter.</summary>
    Quarter,
    /// <summary>A calendar year.</summary>
    Year,
    /// <summary>A quarter of the fiscal year.</summary>
    FiscalQuarter,
    /// <summary>A fiscal year, beginning in the month in the settings.</summary>
    FiscalYear,
}

/// <summary>A period of days in the reporting time zone: a named one, relative to today, or between two days.</summary>
[OneOf]
public sealed record PeriodInput
{
    /// <summary>The last calendar units, up to and including today unless only whole units count.</summary>
    public LastInput? Last { get; init; }
    /// <summary>From the beginning of the current calendar unit up to and including today.</summary>
    public CalendarUnit? ToDate { get; init; }
    /// <summary>The days between two dates.</summary>
    public DayRangeInput? Range { get; init; }
    /// <summary>A whole month, written as `2026-10`.</summary>
    public string? Month { get; init; }
    /// <summary>A whole quarter of a calendar year, written as `2026-Q4`.</summary>
    public string? Quarter { get; init; }
    /// <summary>A whole calendar year, such as 2026.</summary>
    public int? Year { get; init; }
    /// <summary>A whole fiscal year, named after the calendar year in which it ends.</summary>
    public int? FiscalYear { get; init; }

    /// <summary>Which days it has depends on today.</summary>
    internal bool IsRelative => Last is not null || ToDate is not null;
}

/// <summary>
/// The last `count` calendar units: the current one up to and including today, and those before it. With `complete: true`, the last `count` whole units.
/// </summary>
public sealed record LastInput
{
    /// <summary>The number of units: 1 or more.</summary>
    public int Count { get; init; }
    /// <summary>The calendar unit.</summary>
    public CalendarUnit Unit { get; init; }
    /// <summary>Whether only whole units count, without the current one.</summary>
    [DefaultValue("false")] public bool Complete { get; init; }
}

/// <summary>Whole days within the years 1900 to 2199: from a first day, through a last day or up to the day before another.</summary>
public sealed record DayRangeInput
{
    /// <summary>The first day of the range.</summary>
    public DateOnly From { get; init; }
    /// <summary>The last day of the range. Give this or `before`.</summary>
    public DateOnly? Through { get; init; }
    /// <summary>The first day after the range. Give this or `through`.</summary>
    public DateOnly? Before { get; init; }
    /// <summary>The first day after the range.</summary>
    [GraphQLDeprecated("Use `before`, which means the same, or `through`.")]
    public DateOnly? Until { get; init; }
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

    private static DayRange Any(ReportingMoment moment, PeriodInput period) => period switch
    {
        { Last: { } last } => moment.Last(last.Count, last.Unit, last.Complete),
        { ToDate: { } unit } => new(moment.StartOfUnit(moment.Today, unit), moment.Today.AddDays(1)),
        { Range: { } range } => Days(range),
        _ => NamedPeriod.Days(period, moment.FiscalYearStartMonth) ?? throw Invalid("A period needs one of its fields."),
    };

    private static DayRange Days(DayRangeInput range)
    {
        if (new[] { range.Through, range.Before, range.Until }.Count(d => d is not null) != 1)
            throw Invalid("A range of days ends with exactly one of through (its last day) and before (the first day after it).");
        if (range.Through is { } last)
            // What has no next day leaves the calendar, which ends long before.
            return range.From <= last
                ? new(range.From, last < DateOnly.MaxValue ? last.AddDays(1) : last)
                : throw Invalid($"A range of days must not end before it begins: through ({last:yyyy-MM-dd}) is before from ({range.From:yyyy-MM-dd}).");
        var before = range.Before ?? range.Until!.Value;
        return range.From < before
            ? new(range.From, before)
            : throw Invalid($"A range of days must end after it begins: {(range.Before is null ? "until" : "before")} ({before:yyyy-MM-dd}) is exclusive "
                + $"and must be later than from ({range.From:yyyy-MM-dd}).");
    }

    internal static GraphQLException Invalid(string message) => new(ErrorCodes.InvalidArgument, message);
}
