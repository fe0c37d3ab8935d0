using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Reports;

/// <summary>What is kept of a run, when it is found again, and by whom.</summary>
public sealed class KeptResultTests
{
    private const string Orders = "query ($period: PeriodInput!) { metrics(period: $period) { totals { orders { value } } } }";

    public static TheoryData<string, string> WrongValues => new()
    {
        { "Int!", "{\"x\": \"many\"}" },
        { "Int!", "{\"x\": 1.5}" },
        { "Int!", "{\"x\": null}" },
        { "Int!", "{}" },
        { "PeriodInput!", "{\"x\": {\"range\": {\"start\": \"2026-01-01\", \"until\": \"2026-02-01\"}}}" },
        { "PeriodInput!", "{\"x\": {\"toDate\": \"MONTH\", \"last\": {\"count\": 1, \"unit\": \"DAY\"}}}" },
        { "TimeGrain", "{\"x\": \"FORTNIGHT\"}" },
        { "[ID!]", "{\"x\": [null]}" },
        { "Int", "{\"x\": 1, \"y\": 2}" },
    };

    [Theory, MemberData(nameof(WrongValues))]
    public async Task Values_that_do_not_fit_are_refused_in_the_payload_and_nothing_is_kept(string type, string given)
    {
        await using var bench = await ReportBench.CreateAsync(DatabaseKind.Sqlite);
        var id = await bench.IdOfNewAsync("typed", ReportBench.Content("{ viewer { name } }", new { name = "x", type }));

        var run = await bench.RunAsync(id, JsonSerializer.Deserialize<JsonElement>(given));

        Assert.False(run.TryGetProperty("errors", out _), run.ToString());
        var error = run.GetProperty("data").GetProperty("runReport").GetProperty("errors")[0];
        Assert.Equal(("ReportInvalidError", "REPORT_INVALID_PARAMETER"), (error.GetProperty("__typename").GetString(), error.GetProperty("code").GetString()));
        Assert.StartsWith("parameters.", error.GetProperty("problems")[0].GetProperty("part").GetString());
        Assert.Empty(await bench.Database.QueryAsync("select id from report_results"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_period_that_ends_before_it_begins_is_refused_before_anything_runs(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var id = await bench.IdOfNewAsync("orders", ReportBench.Content(Orders, new { name = "period", type = "PeriodInput!" }));
        var backwards = new { period = new { range = new { from = "2026-02-01", until = "2026-01-01" } } };

        var error = (await bench.RunAsync(id, backwards)).GetProperty("data").GetProperty("runReport").GetProperty("errors")[0];

        Assert.Equal("sections[0].operation", error.GetProperty("problems")[0].GetProperty("part").GetString());
        Assert.Empty(await bench.Database.QueryAsync("select id from report_results"));
        Assert.Equal("REPORT_INVALID_PARAMETER", await bench.Client.CodeAsync(
            "query ($id: ID!, $p: Any) { reportDefinition(id: $id) { keptResult(parameters: $p) { id } } }", new { id, p = backwards }));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_result_is_found_as_long_as_its_relative_dates_mean_the_same_days_and_says_them(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var id = await bench.IdOfNewAsync("monthly", ReportBench.Content(Orders, new { name = "period", type = "PeriodInput!" }));
        var lastMonth = new { period = new { last = new { count = 1, unit = "MONTH", complete = true } } };
        var thisMonth = new { period = new { toDate = "MONTH" } };

        // 16 March 2026.
        var month = await ResultAsync(bench, id, lastMonth);
        var toDate = await ResultAsync(bench, id, thisMonth);
        Assert.Equal("[{\"from\":\"2026-02-01\",\"until\":\"2026-03-01\"}]", month.GetProperty("periods").GetRawText());
        Assert.Equal("[{\"from\":\"2026-03-01\",\"until\":\"2026-03-17\"}]", toDate.GetProperty("periods").GetRawText());
        Assert.Equal((Id(month), Id(toDate)), (await bench.KeptAsync(id, null, lastMonth), await bench.KeptAsync(id, null, thisMonth)));

        bench.Database.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal((Id(month), null), (await bench.KeptAsync(id, null, lastMonth), await bench.KeptAsync(id, null, thisMonth)));

        await using (var context = bench.Database.CreateContext())
            await context.Settings.ExecuteUpdateAsync(s => s.SetProperty(x => x.FiscalYearStartMonth, 4));
        Assert.Null(await bench.KeptAsync(id, null, lastMonth));
        await using (var context = bench.Database.CreateContext())
            await context.Settings.ExecuteUpdateAsync(s => s.SetProperty(x => x.FiscalYearStartMonth, 1));

        // 1 April: the last complete month is another.
        bench.Database.Clock.Advance(TimeSpan.FromDays(15));
        Assert.Null(await bench.KeptAsync(id, null, lastMonth));
        Assert.Equal(Id(month), Id((await bench.Client.DataAsync("query ($id: ID!) { node(id: $id) { id } }", new { id = Id(month) })).GetProperty("node")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Relative_dates_in_filters_hold_for_their_day_and_absolute_ones_for_ever(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var relative = await bench.IdOfNewAsync(
            "relative",
            ReportBench.Content("{ customers(where: { spentIn: { period: { last: { count: 1, unit: DAY } }, amount: { gt: 1 } } }) { totalCount } }"));
        var absolute = await bench.IdOfNewAsync(
            "absolute",
            ReportBench.Content("{ customers(where: { createdAt: { gte: \"2026-01-01T00:00:00Z\" } }) { totalCount } }"));
        var (first, second) = (await ResultAsync(bench, relative, null), await ResultAsync(bench, absolute, null));
        Assert.Equal((Id(first), Id(second)), (await bench.KeptAsync(relative), await bench.KeptAsync(absolute)));

        bench.Database.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Null(await bench.KeptAsync(relative));
        Assert.Equal(Id(second), await bench.KeptAsync(absolute));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Whoever_lost_a_customer_or_a_fact_is_shown_no_result_of_before(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var (one, other) = (bench.Representative(0), bench.Representative(1));
        var id = await bench.IdOfNewAsync("mine", ReportBench.Content("{ customers(first: 100) { nodes { name } } }"));
        async Task<string> RunAsync() => Id((await bench.RunAsync(id, caller: one)).GetProperty("data").GetProperty("runReport").GetProperty("reportResult"));
        async Task<bool> IsShownAsync(string result, Caller caller) =>
            (await bench.Client.DataAsync("query ($id: ID!) { node(id: $id) { id } }", new { id = result }, caller)).GetProperty("node")
                .ValueKind != JsonValueKind.Null;
        var first = await RunAsync();
        var mine = bench.Crm.Customers.Where(c => c.OwnerId == one.TeamMemberId && !c.IsGuest).Select(c => c.Id).ToList();
        var theirs = bench.Crm.Customers.First(c => c.OwnerId == other.TeamMemberId && !c.IsGuest).Id;

        // Somebody more takes no row away.
        await bench.Database.ExecuteAsync(
            $"update customers set owner_id = (select owner_id from customers where id = {Text(kind, mine[0])}) where id = {Text(kind, theirs)}");
        Assert.Equal(first, await bench.KeptAsync(id, one));

        await bench.Database.ExecuteAsync($"update customers set owner_id = null where id = {Text(kind, mine[0])}");
        Assert.Null(await bench.KeptAsync(id, one));
        Assert.Equal((false, true), (await IsShownAsync(first, one), await IsShownAsync(first, Caller.System)));

        var second = await RunAsync();
        Assert.Equal(second, await bench.KeptAsync(id, one));
        var order = bench.Crm.Orders.First(o => mine.Skip(1).Contains(o.CustomerId)).Id;
        await bench.Database.ExecuteAsync($"delete from order_lines where order_id = {Text(kind, order)}");
        await bench.Database.ExecuteAsync($"delete from orders where id = {Text(kind, order)}");
        Assert.Null(await bench.KeptAsync(id, one));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Earlier_runs_are_listed_with_what_was_found_to_whoever_may_see_them(DatabaseKind kind)
    {
        const string list = "query ($id: ID!) { reportDefinition(id: $id) "
            + "{ results { totalCount nodes { id version asOf parameters findings findingsBy sections { heading data } } } } }";
        const string pages = "query ($id: ID!, $after: String) { reportDefinition(id: $id) { results(first: 1, after: $after) "
            + "{ totalCount edges { node { id language } } pageInfo { hasNextPage endCursor } } } }";
        const string note = "mutation ($id: ID!, $findings: String!) { updateReportFindings(input: { id: $id, findings: $findings }) "
            + "{ reportResult { findings findingsBy } errors { ... on Error { code } ... on ReportInvalidError { problems { part } } } } }";
        await using var bench = await ReportBench.CreateAsync(kind);
        var (one, other) = (bench.Representative(0), bench.Representative(1));
        var id = await bench.IdOfNewAsync("runs", ReportBench.Content("{ customers { totalCount } }"));
        async Task<JsonElement> RunAsync(Caller caller) =>
            (await bench.RunAsync(id, caller: caller)).GetProperty("data").GetProperty("runReport").GetProperty("reportResult");
        async Task<List<JsonElement>> ListAsync(Caller caller) =>
            [.. (await bench.Client.DataAsync(list, new { id }, caller)).GetProperty("reportDefinition").GetProperty("results")
                .GetProperty("nodes").EnumerateArray()];
        async Task<string> PagesAsync(Caller caller)
        {
            var (seen, after) = (new List<string>(), (string?)null);
            do
            {
                var page = (await bench.Client.DataAsync(pages, new { id, after }, caller)).GetProperty("reportDefinition").GetProperty("results");
                seen.Add($"{Id(page.GetProperty("edges")[0].GetProperty("node"))} of {page.GetProperty("totalCount")}");
                var info = page.GetProperty("pageInfo");
                after = info.GetProperty("hasNextPage").GetBoolean() ? info.GetProperty("endCursor").GetString() : null;
            }
            while (after is not null);
            return string.Join(", ", seen);
        }


        async Task<JsonElement> NoteAsync(string result, string findings, Caller caller) =>
            (await bench.Client.DataAsync(note, new { id = result, findings }, caller)).GetProperty("updateReportFindings");
        var (first, theirs) = (await RunAsync(one), await RunAsync(other));
        bench.Database.Clock.Advance(TimeSpan.FromHours(1));
        var second = await RunAsync(one);

        var noted = await NoteAsync(Id(first), "Fewer than hoped.\nSee the north.", one);
        var (strange, long_) = (await NoteAsync(Id(theirs), "mine", one), await NoteAsync(Id(first), new string('x', 10_001), one));
        var (mine, all) = (await ListAsync(one), await ListAsync(Caller.System));

        Assert.Equal("Fewer than hoped.\nSee the north.", noted.GetProperty("reportResult").GetProperty("findings").GetString());
        Assert.Equal("REPORT_NOT_FOUND", strange.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Equal("findings", long_.GetProperty("errors")[0].GetProperty("problems")[0].GetProperty("part").GetString());
        Assert.Equal([Id(second), Id(first)], mine.Select(Id));
        Assert.Equal($"{Id(second)} of 2, {Id(first)} of 2", await PagesAsync(one));
        Assert.StartsWith($"{Id(second)} of 3, ", await PagesAsync(Caller.System), StringComparison.Ordinal);
        Assert.Equal([Id(second), Id(first), Id(theirs)], all.Select(Id).OrderBy(r => r == Id(theirs)));
        Assert.Equal((JsonValueKind.Null, one.Name), (mine[0].GetProperty("findings").ValueKind, mine[1].GetProperty("findingsBy").GetString()));
        Assert.Equal(first.GetProperty("sections")[0].GetProperty("data").GetRawText(), mine[1].GetProperty("sections")[0].GetProperty("data").GetRawText());

        var removed = await NoteAsync(Id(first), "", one);
        Assert.Equal(JsonValueKind.Null, removed.GetProperty("reportResult").GetProperty("findingsBy").ValueKind);
    }

    [Fact]
    public async Task An_administrator_s_small_groups_are_not_shown_to_others_and_the_schema_is_kept_for_nobody()
    {
        await using var bench = await ReportBench.CreateAsync(DatabaseKind.Sqlite);
        var analyst = new Caller("analyst", Role.Analyst, null, null);
        await using (var context = bench.Database.CreateContext())
            await context.Settings.ExecuteUpdateAsync(s => s.SetProperty(x => x.SmallGroupMinimum, 5));
        var groups = await bench.IdOfNewAsync(
            "groups",
            ReportBench.Content("{ metrics(period: { toDate: YEAR }, groupBy: [REGION]) { rows { activeCustomers { value } } } }"));
        var schema = await bench.IdOfNewAsync("schema", ReportBench.Content("{ __schema { queryType { name } } }"));

        var result = Id(await ResultAsync(bench, groups, null));
        Assert.Equal((result, null), (await bench.KeptAsync(groups), await bench.KeptAsync(groups, analyst)));

        var told = (await bench.RunAsync(schema)).GetProperty("data").GetProperty("runReport").GetProperty("reportResult");
        Assert.False(told.GetProperty("isKept").GetBoolean());
        Assert.Equal(
            "Query",
            told.GetProperty("sections")[0].GetProperty("data").GetProperty("__schema").GetProperty("queryType").GetProperty("name").GetString());
        var hidden = await bench.Client.Executor.ExecuteAsync(
            new GraphQLRequest($"mutation {{ runReport(input: {{ id: \"{schema}\" }}) {{ reportResult {{ sections {{ data errors }} }} }} }}"),
            new RequestState().Set(analyst).Set(new HiddenSchema()), bench.Client.Services, default);
        Assert.Contains("HC0046", hidden.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("queryType", hidden.ToString(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ResultAsync(ReportBench bench, string id, object? parameters)
    {
        var response = await bench.RunAsync(id, parameters);
        var result = response.GetProperty("data").GetProperty("runReport").GetProperty("reportResult");
        Assert.True(result.ValueKind == JsonValueKind.Object && result.GetProperty("isKept").GetBoolean(), response.ToString());
        return result;
    }

    private static string Id(JsonElement node) => node.GetProperty("id").GetString()!;

    private static string Text(DatabaseKind kind, Guid id) => kind == DatabaseKind.Postgres ? $"'{id}'" : $"x'{id:N}'";
}
