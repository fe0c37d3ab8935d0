using System.Text.Json;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Company;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Company;

public sealed class SettingsTests
{
    private const string Fields = "reportingZone weekStart fiscalYearStartMonth activityDays currency smallGroupMinimum";
    private const string Update = $$"""mutation ($input: UpdateSettingsInput!) { updateSettings(input: $input) { settings { {{Fields}} } errors """
        + $$"""{ __typename ... on ValidationError { code field message } } } }""";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_administrator_changes_all_settings_and_everyone_reads_them(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var graph = new GraphQLClient(database);
        var input = new
        {
            reportingZone = "Asia/Shanghai", weekStart = "SUNDAY", fiscalYearStartMonth = 4, activityDays = 30, currency = "cny",
            smallGroupMinimum = 5
        };

        var payload = (await graph.DataAsync(Update, new { input })).GetProperty("updateSettings");

        Assert.Equal(JsonValueKind.Null, payload.GetProperty("errors").ValueKind);
        var read = (await graph.DataAsync($"{{ settings {{ {Fields} }} }}", caller: new Caller("v", Role.Viewer, null, null))).GetProperty("settings");
        Assert.Equal(payload.GetProperty("settings").GetRawText(), read.GetRawText());
        Assert.Equal("""["Asia/Shanghai","SUNDAY",4,30,"CNY",5]""", JsonSerializer.Serialize(read.EnumerateObject().Select(p => p.Value)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Rates_hold_in_the_reporting_currency_in_which_they_were_quoted(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var graph = new GraphQLClient(database);
        await graph.DataAsync("""mutation { upsertOrder(input: { externalIds: [{ source: "t", key: "1" }], orderedAt: "2022-05-01T12:00:00Z", amount: 1000,"""
            + """ currency: "ISK" }) { errors { __typename } } }""");
        async Task<string> RateAsync(string currency, decimal rate) => (await graph.DataAsync(
            "mutation ($r: [ExchangeRateInput!]!) { upsertExchangeRates(input: { rates: $r }) { outcome { created updated refused } } }",
            new { r = new[] { new { currency, day = "2022-01-01", rate } } })).GetProperty("upsertExchangeRates").GetProperty("outcome").GetRawText();
        async Task<string> RevenueAsync() => (await graph.DataAsync(
            """{ metrics(period: { range: { from: "2022-05-01", until: "2022-05-02" } }) { currency totals { revenue { value } } } }"""))
                .GetProperty("metrics").GetRawText();

        Assert.Contains("\"created\":1", await RateAsync("ISK", 0.007m), StringComparison.Ordinal);
        Assert.Contains("\"refused\":1", await RateAsync("EUR", 1.1m), StringComparison.Ordinal);
        var before = await RevenueAsync();
        Assert.Contains("\"EUR\"", before, StringComparison.Ordinal);
        await graph.DataAsync(Update, new { input = new { currency = "USD" } });
        Assert.Contains("\"ISK\"", await RevenueAsync(), StringComparison.Ordinal);
        await database.ExecuteAsync("update settings set currency = 'EUR'");
        Assert.Equal(before, await RevenueAsync());
        await graph.DataAsync(Update, new { input = new { currency = "USD" } });
        Assert.Contains("\"updated\":1", await RateAsync("ISK", 0.008m), StringComparison.Ordinal);
        Assert.Contains("\"USD\"", await RevenueAsync(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Lists_compare_money_in_the_only_currency_there_is_or_say_why_they_cannot(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var graph = new GraphQLClient(database);
        async Task BuyAsync(string customer, decimal amount, string currency)
        {
            var id = (await graph.DataAsync("mutation ($n: String!) { upsertCustomer(input: { name: $n }) { customer { id } } }", new { n = customer }))
                .GetProperty("upsertCustomer")
                .GetProperty("customer")
                .GetProperty("id")
                .GetString();
            await graph.DataAsync(
                "mutation ($o: UpsertOrderInput!) { upsertOrder(input: $o) { errors { __typename } } }",
                new
                {
                    o = new
                    {
                        externalIds = new[] {
                    new { source = "t", key = customer } }, customer = new { id }, orderedAt = "2026-03-01T12:00:00Z", amount, currency
                    }
                });
        }

        async Task<string> NamesAsync(string arguments) =>
            string.Concat((await graph.DataAsync($"{{ customers({arguments}) {{ nodes {{ name }} }} }}")).GetProperty("customers")
                .GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("name").GetString()));
        await BuyAsync("A", 50, "GBP");
        await BuyAsync("B", 70, "GBP");
        await BuyAsync("C", 30, "GBP");

        Assert.Equal("BAC", await NamesAsync("order: [{ moneySpent: DESC }]"));
        Assert.Equal("BA", await NamesAsync("order: [{ moneySpent: DESC }], where: { moneySpent: { amount: { gte: 40 } } }"));
        Assert.Equal("B", await NamesAsync("""where: { spentIn: { period: { range: { from: "2026-01-01", until: "2026-04-01" } }, amount: { gt: 60 } } }"""));
        await BuyAsync("D", 1, "USD");
        foreach (var (code, refused) in new[] {
            ("MIXED_CURRENCY", "order: [{ moneySpent: DESC }]"),
            ("MIXED_CURRENCY", "where: { moneySpent: { amount: { gte: 40 } } }"),
            ("INVALID_ARGUMENT", """where: { moneySpent: { currency: "ZZZ", amount: { gte: 40 } } }""") })
            Assert.Contains(code, (await graph.SendAsync($"{{ customers({refused}) {{ nodes {{ name }} }} }}")).GetRawText(), StringComparison.Ordinal);
        Assert.Equal("B", await NamesAsync("""where: { moneySpent: { currency: "GBP", amount: { gte: 60 } } }"""));
    }

    /// <summary>The rewritten day and hour are compared with .NET's own conversion, the weeks with the day of the week.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Calendar_and_facts_follow_in_the_same_change_and_watchers_are_told_once(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await SampleCrm.CreateAsync(database, seed: 12);
        await using var graph = new GraphQLClient(database);
        var notices = new List<CommitNotice>();
        using var watching = graph.Services.GetRequiredService<CommitHub>().Subscribe(notices.Add);

        await graph.DataAsync(Update, new { input = new { reportingZone = "Pacific/Auckland", weekStart = "SATURDAY", fiscalYearStartMonth = 7 } });

        var notice = Assert.Single(notices);
        Assert.Contains("order_lines", notice.Tables);
        Assert.Equal((DateOnly.MinValue, DateOnly.MaxValue), (notice.FromDay, notice.ToDay));
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Auckland");
        await using var context = database.CreateContext();
        Assert.All(await context.Orders.AsNoTracking().ToListAsync(), o =>
        {
            var local = TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(o.OrderedAt, DateTimeKind.Utc), zone);
            Assert.Equal((DateOnly.FromDateTime(local), local.Hour), (o.Day, o.Hour));
        });
        var days = await context.Calendar.AsNoTracking().Where(d => d.Day >= new DateOnly(2026, 6, 1) && d.Day < new DateOnly(2026, 9, 1)).OrderBy(d => d.Day)
            .ToListAsync();
        Assert.All(days.Zip(days.Skip(1)), pair =>
        {
            Assert.Equal(pair.Second.Day.DayOfWeek == DayOfWeek.Saturday ? 1 : 0, pair.Second.Week - pair.First.Week);
            Assert.Equal(pair.Second.Day == new DateOnly(2026, 7, 1) ? 1 : 0, pair.Second.FiscalYear - pair.First.FiscalYear);
        });

        await graph.DataAsync(Update, new { input = new { reportingZone = "Pacific/Auckland", weekStart = "SATURDAY" } });
        Assert.Single(notices);
    }

    public static TheoryData<string, object, string, string> Wrong => new()
    {
        { "no such zone", new { reportingZone = "Europe/Atlantis" }, "UNKNOWN_ZONE", "reportingZone" },
        { "a Windows name", new { reportingZone = "W. Europe Standard Time" }, "UNKNOWN_ZONE", "reportingZone" },
        { "SQL", new { reportingZone = "UTC'; drop table orders; --" }, "UNKNOWN_ZONE", "reportingZone" },
        { "an empty zone", new { reportingZone = "" }, "UNKNOWN_ZONE", "reportingZone" },
        { "no currency", new { currency = "EURO" }, "INVALID_CURRENCY", "currency" },
        { "three letters that are none", new { currency = "QQQ" }, "INVALID_CURRENCY", "currency" },
        { "month 0", new { fiscalYearStartMonth = 0 }, "OUT_OF_RANGE", "fiscalYearStartMonth" },
        { "month 13", new { fiscalYearStartMonth = 13 }, "OUT_OF_RANGE", "fiscalYearStartMonth" },
        { "no days", new { activityDays = 0 }, "OUT_OF_RANGE", "activityDays" },
        { "more than ten years", new { activityDays = 3651 }, "OUT_OF_RANGE", "activityDays" },
        { "a negative group", new { smallGroupMinimum = -1 }, "OUT_OF_RANGE", "smallGroupMinimum" },
        { "a huge group", new { smallGroupMinimum = 1001 }, "OUT_OF_RANGE", "smallGroupMinimum" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_wrong_setting_is_a_typed_error_and_nothing_is_changed(string what, object input, string code, string field)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var graph = new GraphQLClient(database);
        var before = await database.QueryAsync("select * from settings");
        var with = JsonSerializer.SerializeToNode(input)!.AsObject();
        with["weekStart"] = "FRIDAY";

        var payload = (await graph.DataAsync(Update, new { input = with })).GetProperty("updateSettings");

        Assert.True(payload.GetProperty("settings").ValueKind == JsonValueKind.Null, what);
        var error = payload.GetProperty("errors")[0];
        Assert.Equal(
            ("ValidationError", code, field),
            (error.GetProperty("__typename").GetString(), error.GetProperty("code").GetString(), error.GetProperty("field").GetString()));
        Assert.Equal(before, await database.QueryAsync("select * from settings"));
    }

    [Fact]
    public async Task A_day_that_is_none_is_an_error_of_the_request_and_only_administrators_may_change()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var graph = new GraphQLClient(database);

        Assert.Equal("HC0016", await graph.CodeAsync(Update, new { input = new { weekStart = "SOMEDAY" } }));
        foreach (var role in new[] { Role.Viewer, Role.Analyst, Role.Representative, Role.Manager })
            Assert.Equal("AUTH_NOT_AUTHORIZED", await graph.CodeAsync(
                Update,
                new { input = new { activityDays = 7 } },
                new Caller("x", role, Guid.CreateVersion7(), role is Role.Representative or Role.Manager ? [] : null)));
    }

    [Fact]
    public async Task PostgreSQL_writers_of_plain_SQL_wait_for_a_rezoning_and_get_the_new_day()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await database.ExecuteAsync("insert into customers (name) values ('n')");
        const string Insert
            = "insert into orders (customer_id, ordered_at, currency, gross_amount) select id, '2026-03-15T18:30:00Z', 'EUR', 50000 from customers";
        await database.ExecuteAsync(Insert);
        var store = new SettingsStore(database.Engine, new CommitHub());

        // Beside each other: whichever is first, every order must end with the day of the zone in force.
        var zones = Task.Run(async () =>
        {
            foreach (var zone in new[] { "Asia/Shanghai", "America/New_York", "Asia/Tokyo" })
                await store.ApplyAsync(new UpdateSettingsInput { ReportingZone = zone });
        });
        for (var i = 0; i < 60; i++)
            await database.ExecuteAsync(Insert);
        await zones;

        Assert.Equal(
            [["2026-03-16", 3, 61L]],
            (await database.QueryAsync("select day::text, hour, count(*) from orders group by day, hour")).Select(r => r.ToArray()));
    }
}
