using System.Globalization;
using System.Text.RegularExpressions;

namespace CrmGraph.Reporting.Querying.Calendar;

/// <summary>Periods that have a name of their own: 2026-10, 2026-Q4, 2026.</summary>
internal static partial class NamedPeriod
{
    /// <summary>Null when the period is none of these. Throws INVALID_ARGUMENT for a name that is none.</summary>
    public static DayRange? Days(PeriodInput period, int fiscalYearStartMonth) => period switch
    {
        { Month: { } month } => Match(MonthName(), month, "A month is written as 2026-10") is var (year, number) && number is >= 1 and <= 12
            ? Months(year, number, 1)
            : throw Periods.Invalid($"There is no month {number}: a month is written as 2026-10, from 01 to 12."),
        { Quarter: { } quarter } => Match(QuarterName(), quarter, "A quarter is written as 2026-Q4, from Q1 to Q4") is var (year, number)
            ? Months(year, (number * 3) - 2, 3)
            : null,
        { Year: { } year } => Months(year, 1, 12),
        { FiscalYear: { } year } => Months(fiscalYearStartMonth > 1 ? year - 1 : year, fiscalYearStartMonth, 12),
        _ => null,
    };

    private static (int Year, int Number) Match(Regex form, string text, string expected)
    {
        var match = form.Match(text);
        return match.Success
            ? (int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : throw Periods.Invalid($"{expected}, not \"{(text.Length > 20 ? text[..20] : text)}\".");
    }

    private static DayRange Months(int year, int month, int count)
    {
        if (year < Periods.Calendar.From.Year || year >= Periods.Calendar.Until.Year)
            throw Periods.Invalid($"The calendar goes from {Periods.Calendar.From.Year} to {Periods.Calendar.Until.Year - 1}, without {year}.");
        var from = new DateOnly(year, month, 1);
        return new(from, from.AddMonths(count));
    }

    [GeneratedRegex("^([0-9]{4})-([0-9]{2})\\z")]
    private static partial Regex MonthName();

    [GeneratedRegex("^([0-9]{4})-Q([1-4])\\z")]
    private static partial Regex QuarterName();
}
