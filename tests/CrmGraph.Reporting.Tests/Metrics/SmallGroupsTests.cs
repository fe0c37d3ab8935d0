using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>Suppression of small groups: by hand, and on random data that no hidden cell can be computed from shown ones.</summary>
public sealed class SmallGroupsTests
{
    [Fact]
    public void A_small_cell_is_hidden_together_with_the_smallest_other_one_of_its_line()
    {
        // Groups of 2, 9 and 7 customers, 18 in all: hiding the 2 alone would give it away as 18 - 9 - 7.
        var hidden = SmallGroups.Hidden(new long[,] { { 2 }, { 9 }, { 7 }, { 18 } }, 5);
        Assert.Equal([true, false, true, false], hidden.Cast<bool>());
    }

    [Fact]
    public void Nothing_is_hidden_where_every_group_is_large_or_empty()
    {
        Assert.DoesNotContain(true, SmallGroups.Hidden(new long[,] { { 5, 0, 5 }, { 8, 6, 14 }, { 13, 6, 19 } }, 5).Cast<bool>());
    }

    [Fact]
    public void No_line_of_a_random_table_has_a_single_hidden_cell()
    {
        var random = new Random(5);
        for (var n = 0; n < 500; n++)
        {
            var (rows, columns) = (2 + random.Next(5), 2 + random.Next(5));
            var people = new long[rows, columns];
            for (var r = 0; r < rows - 1; r++)
                for (var c = 0; c < columns - 1; c++)
                {
                    people[r, c] = random.Next(12);
                    people[r, columns - 1] += people[r, c];
                    people[rows - 1, c] += people[r, c];
                    people[rows - 1, columns - 1] += people[r, c];
                }

            var hidden = SmallGroups.Hidden(people, 5);
            for (var r = 0; r < rows; r++)
                Assert.NotEqual(1, Enumerable.Range(0, columns).Count(c => hidden[r, c]));
            for (var c = 0; c < columns; c++)
                Assert.NotEqual(1, Enumerable.Range(0, rows).Count(r => hidden[r, c]));
            for (var r = 0; r < rows; r++)
                for (var c = 0; c < columns; c++)
                    Assert.True(hidden[r, c] || people[r, c] is 0 or >= 5);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_analyst_sees_no_small_group_and_an_administrator_sees_all(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 4, new SampleSizes { SmallGroupMinimum = 6 });
        var query = bench.Query() with { GroupBy = [MetricDimension.City], Grain = TimeGrain.Year, CompareTo = Comparison.PreviousPeriod };
        var all = await bench.ComputeAsync(query, Caller.System);
        var seen = await bench.ComputeAsync(query, new Caller("analyst", Role.Analyst, null, null));
        var hidden = 0;
        foreach (var (open, shown) in all.Rows.Concat(all.GroupTotals).Zip(seen.Rows.Concat(seen.GroupTotals)))
        {
            Assert.Equal(open.Key, shown.Key);
            var buyers = open.Values["activeCustomers"].Value;
            var fresh = open.Values["newCustomers"].Value;
            if (fresh is > 0 and < 6)
                Assert.Equal(NoValueReason.SuppressedSmallGroup, shown.Values["newCustomers"].Reason);
            // Those who bought are among those who bought or returned: a shown count of buyers stands for at least as many people.
            Assert.True(shown.Values["activeCustomers"].Value is null || shown.Values["activeCustomers"].Value == buyers);

            hidden += shown.Values.Values.Count(v => v.Reason == NoValueReason.SuppressedSmallGroup);
            Assert.DoesNotContain(open.Values.Values, v => v.Reason == NoValueReason.SuppressedSmallGroup);
        }

        Assert.True(hidden > 0);
    }
}

/// <summary>Which days a period is compared with (R44), by hand. Today is Monday 2026-03-16.</summary>
public sealed class MetricPeriodsTests
{
    private static readonly ReportingMoment Moment = new(new DateTime(2026, 3, 16, 10, 0, 0, DateTimeKind.Utc), TimeZoneInfo.Utc, DayOfWeek.Monday, 4, "EUR");

    public static TheoryData<PeriodInput, TimeGrain?, Comparison, string> Cases => new()
    {
        // Month to date: 16 days of March against 16 of February.
        { new() { ToDate = CalendarUnit.Month }, null, Comparison.PreviousPeriod, "2026-02-01..2026-02-17" },
        { new() { ToDate = CalendarUnit.Month }, null, Comparison.PreviousYear, "2025-03-01..2025-03-17" },
        { new() { ToDate = CalendarUnit.Quarter }, null, Comparison.PreviousPeriod, "2025-10-01..2025-12-17" },
        { new() { Last = new() { Count = 3, Unit = CalendarUnit.Month } }, TimeGrain.Month, Comparison.PreviousPeriod, "2025-10-01..2025-12-17" },
        { new() { Last = new() { Count = 3, Unit = CalendarUnit.Month, Complete = true } }, null, Comparison.PreviousPeriod, "2025-09-01..2025-12-01" },
        { new() { Last = new() { Count = 7, Unit = CalendarUnit.Day } }, null, Comparison.PreviousPeriod, "2026-03-03..2026-03-10" },
        // Weeks are compared with weeks: 364 days.
        { new() { Last = new() { Count = 2, Unit = CalendarUnit.Week, Complete = true } }, null, Comparison.PreviousYear, "2025-03-03..2025-03-17" },
        { new() { Range = new() { From = new(2025, 1, 1), Until = new(2025, 4, 1) } }, null, Comparison.PreviousPeriod, "2024-10-01..2025-01-01" },
        { new() { Range = new() { From = new(2025, 1, 10), Until = new(2025, 1, 20) } }, null, Comparison.PreviousPeriod, "2024-12-31..2025-01-10" },
        // The same dates, and whole months of whole months.
        { new() { Range = new() { From = new(2025, 2, 28), Until = new(2025, 3, 1) } }, null, Comparison.PreviousYear, "2024-02-28..2024-02-29" },
        { new() { Range = new() { From = new(2025, 2, 1), Until = new(2025, 3, 1) } }, null, Comparison.PreviousYear, "2024-02-01..2024-03-01" },
        { new() { Range = new() { From = new(2024, 2, 28), Until = new(2024, 3, 1) } }, null, Comparison.PreviousYear, "2023-02-28..2023-03-01" },
        { new() { Range = new() { From = new(2024, 2, 29), Until = new(2024, 3, 3) } }, null, Comparison.PreviousYear, "2023-03-01..2023-03-03" },
        // 29 February has no partner in other years.
        { new() { Range = new() { From = new(2024, 2, 29), Until = new(2024, 3, 1) } }, null, Comparison.PreviousYear, "nothing" },
        // Cut at today, however the running month was asked for.
        { new() { Range = new() { From = new(2026, 3, 1), Until = new(2026, 4, 1) } }, null, Comparison.PreviousPeriod, "2026-02-01..2026-02-17" },
        { new() { Last = new() { Count = 1, Unit = CalendarUnit.Month } }, null, Comparison.PreviousPeriod, "2026-02-01..2026-02-17" },
    };

    public static TheoryData<DateTime, string> YearsToDate => new()
    {
        { new(2028, 12, 30), "2027-01-01..2027-12-31" }, { new(2029, 6, 15), "2028-01-01..2028-06-16" }, { new(2028, 2, 29), "2027-01-01..2027-03-01" },
        { new(2029, 2, 28), "2028-01-01..2028-02-29" }, { new(2028, 3, 1), "2027-01-01..2027-03-02" },
    };

    [Theory, MemberData(nameof(YearsToDate))]
    public void The_year_so_far_is_compared_with_the_same_dates_before_and_after_a_leap_day(DateTime today, string expected)
    {
        var moment = Moment with { Now = DateTime.SpecifyKind(today.AddHours(10), DateTimeKind.Utc), FiscalYearStartMonth = 1 };
        var start = new DateOnly(today.Year, 1, 1);
        PeriodInput[] periods =
        [
            new() { ToDate = CalendarUnit.Year }, new() { ToDate = CalendarUnit.FiscalYear }, new() { Last = new() { Count = 1, Unit = CalendarUnit.Year } },
            new() { Range = new() { From = start, Until = moment.Today.AddDays(1) } }, new() { Range = new() { From = start, Until = start.AddYears(1) } },
        ];
        foreach (var period in periods)
            Assert.Equal(expected, Compared(period, TimeGrain.Day, Comparison.PreviousYear, moment));
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_period_is_compared_with_the_same_days(PeriodInput period, TimeGrain? grain, Comparison comparison, string expected)
    {
        Assert.Equal(expected, Compared(period, grain, comparison, Moment));
    }

    private static string Compared(PeriodInput period, TimeGrain? grain, Comparison comparison, ReportingMoment moment)
    {
        var days = moment.Days(period);
        return MetricPeriods.Compared(days, MetricPeriods.Shift(period, days, grain, comparison), moment) is { } compared
            ? $"{compared.From:yyyy-MM-dd}..{compared.Until:yyyy-MM-dd}"
            : "nothing";
    }
}
