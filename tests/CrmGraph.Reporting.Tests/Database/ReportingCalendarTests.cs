using System.Globalization;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Company;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

public sealed class ReportingCalendarTests
{
    [Fact]
    public void Buckets_follow_week_start_and_fiscal_year()
    {
        var calendar = new ReportingCalendar(new Settings { WeekStart = DayOfWeek.Sunday, FiscalYearStartMonth = 4 });

        // 2026-03-28 is a Saturday; the year that begins on 1 April 2026 ends in, and is named after, 2027.
        var (saturday, sunday, march, april) = (calendar.BucketsOf(new(2026, 3, 28)), calendar.BucketsOf(new(2026, 3, 29)), calendar.BucketsOf(
            new(2026, 3, 31)), calendar.BucketsOf(new(2026, 4, 1)));

        Assert.Equal(saturday.Week + 1, sunday.Week);
        Assert.Equal((2026, 2027), (march.FiscalYear, april.FiscalYear));
        Assert.Equal(
            (march.FiscalQuarter + 1, march.FiscalMonth + 1, march.Quarter + 1, march.Year),
            (april.FiscalQuarter, april.FiscalMonth, april.Quarter, april.Year));
        Assert.Equal(0, april.FiscalMonth % 12);
    }

    [Theory]
    [InlineData(DayOfWeek.Monday, 1), InlineData(DayOfWeek.Saturday, 7), InlineData(DayOfWeek.Wednesday, 12)]
    public void Weeks_begin_on_their_day_and_years_have_twelve_months(DayOfWeek start, int month)
    {
        var calendar = new ReportingCalendar(new Settings { WeekStart = start, FiscalYearStartMonth = month });
        for (var day = new DateOnly(2023, 12, 1); day < new DateOnly(2027, 2, 1); day = day.AddDays(1))
        {
            var (before, now) = (calendar.BucketsOf(day.AddDays(-1)), calendar.BucketsOf(day));
            Assert.Equal(day.DayOfWeek == start ? 1 : 0, now.Week - before.Week);
            Assert.Equal(day.Day == 1 ? 1 : 0, now.FiscalMonth - before.FiscalMonth);
            Assert.Equal(day.Day == 1 && day.Month == month ? 1 : 0, now.FiscalYear - before.FiscalYear);
            Assert.Equal(day.Day == 1 && (day.Month - month + 12) % 3 == 0 ? 1 : 0, now.FiscalQuarter - before.FiscalQuarter);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_table_is_filled_and_follows_the_settings_and_keeps_holidays(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await using var context = database.CreateContext();
        Assert.Equal(21_915, await context.Calendar.CountAsync());
        await context.Calendar.Where(d => d.Day == new DateOnly(2026, 2, 17)).ExecuteUpdateAsync(s => s.SetProperty(d => d.Holiday, "春节"));
        await context.Settings.ExecuteUpdateAsync(s => s.SetProperty(x => x.FiscalYearStartMonth, 10).SetProperty(x => x.WeekStart, DayOfWeek.Sunday));

        await ReportingCalendar.FillAsync(database.Engine);

        var calendar = await ReportingCalendar.LoadAsync(database.Engine);
        var rows = await context.Calendar.AsNoTracking().ToListAsync();
        Assert.All(rows, r => Assert.Equal((calendar.BucketsOf(r.Day).Week, calendar.BucketsOf(r.Day).FiscalQuarter), (r.Week, r.FiscalQuarter)));
        Assert.Equal("春节", rows.Single(r => r.Holiday is not null).Holiday);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Rezoning_gives_every_fact_the_day_and_hour_of_the_new_zone(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await SampleCrm.CreateAsync(database, seed: 31);
        await using (var context = database.CreateContext())
            await context.History.ExecuteDeleteAsync();

        foreach (var zone in new[] { "America/New_York", "Asia/Kathmandu" })
        {
            Assert.True((await new SettingsStore(database.Engine, new()).ApplyAsync(new() { ReportingZone = zone })).RewrittenRows > 0);

            await using var context = database.CreateContext();
            var calendar = await ReportingCalendar.LoadAsync(database.Engine);
            Assert.Equal(zone, calendar.Settings.ReportingZone);
            Assert.All(await context.Orders.Include(o => o.Lines).ToListAsync(), o =>
            {
                Assert.Equal((calendar.DayOf(o.OrderedAt), calendar.HourOf(o.OrderedAt)), (o.Day, o.Hour));
                Assert.All(o.Lines, l => Assert.Equal((o.Day, o.Hour), (l.Day, l.Hour)));
            });
            Assert.All(
                await context.Opportunities.ToListAsync(),
                o => Assert.Equal((calendar.DayOf(o.OpenedAt), o.ClosedAt is { } c ? calendar.DayOf(c) : (DateOnly?)null), (o.Day, o.ClosedDay)));
            Assert.All(await context.Customers.ToListAsync(), c => Assert.Equal(calendar.DayOf(c.CreatedAt), c.Day));
            Assert.All(await context.Tickets.ToListAsync(), t => Assert.Equal(
                (calendar.DayOf(t.OpenedAt), calendar.HourOf(t.OpenedAt), t.FirstResponseAt is { } a ? calendar.DayOf(a) : (DateOnly?)null,
                    t.ResolvedAt is { } r ? calendar.DayOf(r) : (DateOnly?)null),
                (t.Day, t.Hour, t.FirstResponseDay, t.ResolvedDay)));
            Assert.DoesNotContain(await context.History.ToListAsync(), h => h.Table != "settings");
        }
        await TriggerTests.AssertFiguresAsync(database);
        await database.ExecuteAsync("update orders set channel = 'x'");
        await using var reader = database.CreateContext();
        Assert.NotEqual(0, await reader.History.CountAsync());
    }

    [Fact]
    public void Stretches_of_one_offset_meet_at_the_second_of_the_change()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);

        var stretches = Rezoning.Stretches(zone, Utc("2025-01-15 07:30:01"), Utc("2025-12-01")).ToList();

        // Directive 2000/84/EC: the last Sundays of March and October, at 01:00 UTC.
        Assert.Equal([Utc("2025-01-15 07:30:01"), Utc("2025-03-30 01:00"), Utc("2025-10-26 01:00")], stretches.Select(s => s.From));
        Assert.Equal([1, 2, 1], stretches.Select(s => s.Offset.TotalHours));
        Assert.Equal(stretches.Skip(1).Select(s => s.From), stretches.SkipLast(1).Select(s => s.Until));
    }

    [Fact]
    public async Task PostgreSQL_fills_and_checks_the_day_of_plain_sql()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Postgres);
        await database.ExecuteAsync("update settings set reporting_zone = 'Asia/Shanghai'; insert into customers (name) values ('n')");
        await database.ExecuteAsync(
            "insert into orders (customer_id, ordered_at, currency, gross_amount) select id, '2026-03-15T18:30:00Z', 'EUR', 50000 from customers");
        await database.ExecuteAsync("insert into order_lines (customer_id, order_id, amount) select customer_id, id, 50000 from orders");
        await using var context = database.CreateContext();

        var order = await context.Orders.Include(o => o.Lines).SingleAsync();
        Assert.Equal((new DateOnly(2026, 3, 16), 2, 7), (order.Day, order.Hour, order.Id.Version));
        Assert.Equal((order.Day, order.Hour, "EUR"), (order.Lines[0].Day, order.Lines[0].Hour, order.Lines[0].Currency));
        Assert.Equal(1, (await context.CustomerFigures.SingleAsync()).OrderCount);
        var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => database.ExecuteAsync(
            "insert into orders (customer_id, ordered_at, currency, day) select id, '2026-03-15T18:30:00Z', 'EUR', '2026-03-15' from customers"));
        Assert.Contains("Asia/Shanghai", error.MessageText, StringComparison.Ordinal);
        await database.ExecuteAsync("update orders set ordered_at = '2026-03-20T00:00:00Z'");
        Assert.Equal([new DateOnly(2026, 3, 20)], await context.OrderLines.Select(l => l.Day).ToListAsync());
        var changes = await context.Changes.Where(c => c.Table == "orders").OrderBy(c => c.Sequence).ToListAsync();
        Assert.Equal(
            [(new DateOnly(2026, 3, 16), new DateOnly(2026, 3, 16)), (new DateOnly(2026, 3, 16), new DateOnly(2026, 3, 20))],
            changes.Select(c => (c.FromDay!.Value, c.ToDay!.Value)));
    }
}
