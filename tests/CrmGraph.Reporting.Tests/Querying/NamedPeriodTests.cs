using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Querying.Calendar;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying;

/// <summary>Periods by name and ranges of days: which days they mean, and what is refused.</summary>
public sealed class NamedPeriodTests
{
    private static readonly DateOnly First = new(2026, 10, 1), Last = new(2026, 10, 31), After = new(2026, 11, 1);

    public static TheoryData<PeriodInput, string, string> Known => new()
    {
        { new() { Month = "2026-10" }, "2026-10-01", "2026-11-01" },
        { new() { Month = "2024-02" }, "2024-02-01", "2024-03-01" },
        { new() { Quarter = "2026-Q1" }, "2026-01-01", "2026-04-01" },
        { new() { Quarter = "2026-Q4" }, "2026-10-01", "2027-01-01" },
        { new() { Year = 1900 }, "1900-01-01", "1901-01-01" },
        { new() { Year = 2199 }, "2199-01-01", "2200-01-01" },
        { new() { FiscalYear = 2026 }, "2025-04-01", "2026-04-01" },
        { new() { Range = new() { From = First, Through = Last } }, "2026-10-01", "2026-11-01" },
        { new() { Range = new() { From = First, Before = After } }, "2026-10-01", "2026-11-01" },
        { new() { Range = new() { From = First, Until = After } }, "2026-10-01", "2026-11-01" },
        { new() { Range = new() { From = First, Through = First } }, "2026-10-01", "2026-10-02" },
    };

    [Theory, MemberData(nameof(Known))]
    public void A_period_by_name_or_range_has_these_days(PeriodInput period, string from, string until) =>
        Assert.Equal(new DayRange(DateOnly.Parse(from, Invariant), DateOnly.Parse(until, Invariant)), Moment(fiscalYearStart: 4).Days(period));

    [Fact]
    public void A_fiscal_year_that_begins_in_January_is_the_calendar_year() =>
        Assert.Equal(new DayRange(new(2026, 1, 1), new(2027, 1, 1)), Moment(fiscalYearStart: 1).Days(new PeriodInput { FiscalYear = 2026 }));

    public static TheoryData<PeriodInput, string> Refused => new()
    {
        { new() { Month = "2026-13" }, "2026-10" },
        { new() { Month = "2026-00" }, "2026-10" },
        { new() { Month = "10/2026" }, "2026-10" },
        { new() { Month = "2026-1" }, "2026-10" },
        { new() { Month = "２０２６-10" }, "2026-10" },
        { new() { Month = "2026-10\n" }, "2026-10" },
        { new() { Quarter = "2026-Q5" }, "2026-Q4" },
        { new() { Quarter = "Q4 2026" }, "2026-Q4" },
        { new() { Year = 26 }, "1900" },
        { new() { Year = int.MaxValue }, "1900" },
        { new() { FiscalYear = int.MinValue }, "1900" },
        { new() { Month = "0000-01" }, "1900" },
        { new() { Range = new() { From = First } }, "through" },
        { new() { Range = new() { From = First, Through = Last, Before = After } }, "exactly one" },
        { new() { Range = new() { From = First, Before = First } }, "before" },
        { new() { Range = new() { From = First, Until = First } }, "until" },
        { new() { Range = new() { From = Last, Through = First } }, "through" },
        { new() { Range = new() { From = First, Through = DateOnly.MaxValue } }, "leaves the calendar" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_is_no_period_is_refused_and_told_what_would_be_right(PeriodInput period, string hint)
    {
        var refusal = Assert.Throws<GraphQLException>(() => Moment(fiscalYearStart: 4).Days(period));
        Assert.Equal(ErrorCodes.InvalidArgument, refusal.Error.Code);
        Assert.Contains(hint, refusal.Message, StringComparison.Ordinal);
    }

    private static IFormatProvider Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private static ReportingMoment Moment(int fiscalYearStart) =>
        new(new DateTime(2026, 11, 28, 12, 0, 0, DateTimeKind.Utc), TimeZoneInfo.Utc, DayOfWeek.Monday, fiscalYearStart, "EUR");
}
