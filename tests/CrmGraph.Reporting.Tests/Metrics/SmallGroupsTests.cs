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

    /// <summary>Two blocks of groups that one hidden cell joins: each line has two hidden cells, and the block's sums give the joint away.</summary>
    [Fact]
    public void A_hidden_cell_that_two_blocks_share_is_not_the_only_one()
    {
        long[,] people =
        {
            { 1, 1, 0, 0, 2 }, { 1, 1, 1, 0, 3 }, { 0, 0, 1, 1, 2 }, { 0, 0, 1, 1, 2 }, { 9, 9, 9, 9, 36 }, { 11, 11, 12, 11, 45 },
        };
        Assert.Empty(Told(people, [[0, 1, 2, 3, 4, 5]], SmallGroups.Hidden(people, 2)));
    }

    [Fact]
    public void No_hidden_cell_of_a_random_table_follows_from_the_shown_ones()
    {
        var random = new Random(5);
        for (var n = 0; n < 400; n++)
        {
            var (people, lines) = RandomTable(random);
            var hidden = SmallGroups.Hidden(people, lines, 5);
            for (var r = 0; r < people.GetLength(0); r++)
                for (var c = 0; c < people.GetLength(1); c++)
                    Assert.True(hidden[r, c] || people[r, c] is 0 or >= 5);
            Assert.Empty(Told(people, lines, hidden));
        }
    }

    /// <summary>Groups in one or two levels, by some buckets.</summary>
    private static (long[,] People, IReadOnlyList<int[]> Lines) RandomTable(Random random)
    {
        var (parents, columns) = (random.Next(4), 1 + random.Next(6));
        var lines = new List<int[]>();
        var rows = 0;
        if (parents > 0)
        {
            for (var p = 0; p < parents; p++)
                lines.Add([.. Enumerable.Range(rows, 1 + random.Next(4)).Append(-1)]);
            rows = lines.Sum(l => l.Length - 1);
            var next = 0;
            for (var p = 0; p < parents; p++)
                lines[p] = [.. Enumerable.Range(next, lines[p].Length - 1), (next += lines[p].Length - 1) - next + rows + p];
            lines.Add([.. Enumerable.Range(rows, parents + 1)]);
            rows += parents + 1;
        }
        else
            lines.Add([.. Enumerable.Range(0, rows = 2 + random.Next(6))]);

        var people = new long[rows, columns];
        foreach (var row in lines.SelectMany(l => l[..^1]).Where(r => !lines.Exists(l => l[^1] == r)))
            for (var c = 0; c < columns - 1; c++)
                people[row, columns - 1] += people[row, c] = random.Next(3) > 0 ? random.Next(9) : 0;
        if (columns == 1)
            foreach (var row in lines.SelectMany(l => l[..^1]).Where(r => !lines.Exists(l => l[^1] == r)))
                people[row, 0] = random.Next(12);
        foreach (var line in lines)
            for (var c = 0; c < columns; c++)
                people[line[^1], c] = line[..^1].Sum(r => people[r, c]);
        return (people, lines);
    }

    /// <summary>The hidden cells that the sums determine, by Gauss's elimination.</summary>
    private static List<(int Row, int Column)> Told(long[,] people, IReadOnlyList<int[]> lines, bool[,] hidden)
    {
        var (rows, columns) = (people.GetLength(0), people.GetLength(1));
        var unknown = (from r in Enumerable.Range(0, rows) from c in Enumerable.Range(0, columns) where hidden[r, c] select (Row: r, Column: c)).ToList();
        var sums = new List<IEnumerable<((int Row, int Column) Cell, int Sign)>>();
        foreach (var line in lines)
            for (var c = 0; c < columns; c++)
                sums.Add(line.Select((r, i) => ((r, c), i == line.Length - 1 ? -1 : 1)).ToList());
        for (var r = 0; r < rows && columns > 1; r++)
            sums.Add(Enumerable.Range(0, columns).Select(c => ((r, c), c == columns - 1 ? -1 : 1)).ToList());
        var pivots = new List<(int At, decimal[] Row)>();
        foreach (var sum in sums)
        {
            var row = new decimal[unknown.Count];
            foreach (var (cell, sign) in sum.Where(s => hidden[s.Cell.Row, s.Cell.Column]))
                row[unknown.IndexOf(cell)] = sign;
            if (Reduced(row, pivots) is >= 0 and var at)
                pivots.Add((at, [.. row.Select(x => x / row[at])]));
        }

        return [.. unknown.Where((_, i) => Reduced([.. Enumerable.Range(0, unknown.Count).Select(j => j == i ? 1m : 0m)], pivots) < 0)];
    }

    /// <summary>Less the pivots; where the first number that is left stands, or -1.</summary>
    private static int Reduced(decimal[] row, List<(int At, decimal[] Row)> pivots)
    {
        foreach (var (at, pivot) in pivots)
            if (row[at] is not 0 and var factor)
                for (var i = 0; i < row.Length; i++)
                    row[i] -= factor * pivot[i];
        return Array.FindIndex(row, x => Math.Abs(x) > 1e-9m);
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

    /// <summary>The end is the start and who came less who went, and the next start: no number is hidden alone in such a balance.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task No_hidden_number_of_customers_follows_from_the_balance(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 4, new SampleSizes { SmallGroupMinimum = 6 });
        string[] balance = ["customersAtStart", "newCustomers", "reactivatedCustomers", "lostCustomers", "customersAtEnd"];
        var hidden = 0;
        foreach (var dimension in new[] { MetricDimension.City, MetricDimension.Country, MetricDimension.Gender })
            foreach (var grain in new[] { TimeGrain.Quarter, TimeGrain.Month })
            {
                var query = bench.Query() with { GroupBy = [dimension], Grain = grain };
                var table = await bench.ComputeAsync(query, new Caller("analyst", Role.Analyst, null, null));
                foreach (var row in table.Rows.Concat(table.GroupTotals).Concat(table.BucketTotals))
                {
                    var missing = balance.Count(m => row.Values[m].Reason == NoValueReason.SuppressedSmallGroup);
                    Assert.True(missing != 1, $"{row.Key}: {string.Join(' ', balance.Select(m => $"{m} {row.Values[m].Value}"))}");
                    hidden += missing;
                }

                foreach (var group in table.Rows.GroupBy(r => r.Dimensions[0].Key).Select(g => g.OrderBy(r => r.Bucket!.Start).ToList()))
                    foreach (var (before, after) in group.Zip(group.Skip(1)).Where(p => !p.Second.Bucket!.IsFuture))
                        Assert.Equal(before.Values["customersAtEnd"].Reason, after.Values["customersAtStart"].Reason);
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
