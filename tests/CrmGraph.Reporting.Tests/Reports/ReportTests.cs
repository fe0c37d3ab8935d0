using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.TestKit;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Snapshooter.Xunit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Reports;

public sealed class ReportTests
{
    private const string Count = "query ($country: String) { customers(where: { country: { eq: $country } }) { totalCount } }";

    [Fact]
    public async Task A_report_is_run_by_its_key_or_its_id_and_not_by_both_or_neither()
    {
        await using var bench = await ReportBench.CreateAsync(DatabaseKind.Sqlite);
        var id = await bench.IdOfNewAsync("by-key", ReportBench.Content("{ viewer { name } }"));
        const string Run = "mutation ($input: RunReportInput!) { runReport(input: $input) { reportResult { report { id } } "
            + "errors { ... on Error { code } } } }";
        var ran = (await bench.Client.DataAsync(Run, new { input = new { key = "by-key" } })).GetProperty("runReport");
        Assert.Equal(id, ran.GetProperty("reportResult").GetProperty("report").GetProperty("id").GetString());
        var missing = (await bench.Client.DataAsync(Run, new { input = new { key = "nowhere" } })).GetProperty("runReport");
        Assert.Equal("REPORT_NOT_FOUND", missing.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Equal("INVALID_ARGUMENT", await bench.Client.CodeAsync(Run, new { input = new { id, key = "by-key" } }));
        Assert.Equal("INVALID_ARGUMENT", await bench.Client.CodeAsync(Run, new { input = new { version = 1 } }));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_change_is_a_version_and_an_old_one_can_still_be_run(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var created = (await bench.CreateAsync("sales", ReportBench.Content("{ orders { totalCount } }"))).GetProperty("reportDefinition");
        var id = created.GetProperty("id").GetString()!;

        var changed = (await bench.UpdateAsync(id, 1, "Sales, second version", ReportBench.Content("{ customers { totalCount } }"))).GetProperty(
            "reportDefinition");
        var conflict = await bench.UpdateAsync(id, 1, "Too late");
        var first = (await bench.RunAsync(id, version: 1)).GetProperty("data").GetProperty("runReport").GetProperty("reportResult");
        var newest = (await bench.RunAsync(id)).GetProperty("data").GetProperty("runReport").GetProperty("reportResult");

        Assert.Equal(1, created.GetProperty("version").GetInt32());
        Assert.Equal("BAR", created.GetProperty("content").GetProperty("sections")[0].GetProperty("chart").GetString());
        Assert.Equal([2, 1], changed.GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("version").GetInt32()));
        Assert.Equal(["Sales, second version", "Sales 销售"], changed.GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("title").GetString()!));
        Assert.Equal("system", changed.GetProperty("versions")[0].GetProperty("savedBy").GetString());
        Assert.Equal("REPORT_VERSION_CONFLICT", conflict.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Equal(bench.Crm.Orders.Count, first.GetProperty("sections")[0].GetProperty("data").GetProperty("orders").GetProperty("totalCount").GetInt32());
        Assert.Equal((1, 2), (first.GetProperty("version").GetInt32(), newest.GetProperty("version").GetInt32()));
        Assert.Equal(
            bench.Crm.Customers.Count(c => !c.IsGuest),
            newest.GetProperty("sections")[0].GetProperty("data").GetProperty("customers").GetProperty("totalCount").GetInt32());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_dashboard_is_found_as_one_and_its_figures_are_told_without_storing_a_run(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var page = await bench.IdOfNewAsync("page", ReportBench.Content("{ orders { totalCount } }"));
        var id = await bench.IdOfNewAsync("tiles", Tiles(12));
        const string ask = "query ($id: ID!, $version: Int, $parameters: Any) { currentReportResult(id: $id, version: $version, parameters: $parameters) "
            + "{ version isKept report { key } sections { chart data } } }";

        var found = (await bench.Client.DataAsync(
            "{ reportDefinitions(where: {isDashboard: {eq: true}}) { nodes { id content { layout sections { width } } } } }"))
            .GetProperty("reportDefinitions").GetProperty("nodes");
        var now = (await bench.Client.DataAsync(ask, new { id })).GetProperty("currentReportResult");
        var nothing = await bench.Client.DataAsync(ask, new { id, version = 7 });
        var wrong = await bench.Client.SendAsync(ask, new { id, parameters = new { other = 1 } });
        await bench.UpdateAsync(id, null, null, ReportBench.Content("{ orders { totalCount } }"));
        var none = await bench.Client.DataAsync("{ reportDefinitions(where: {isDashboard: {eq: true}}) { nodes { id } } }");

        Assert.Equal(id, Assert.Single(found.EnumerateArray()).GetProperty("id").GetString());
        Assert.NotEqual(page, id);
        Assert.Equal("DASHBOARD", found[0].GetProperty("content").GetProperty("layout").GetString());
        Assert.Equal(12, found[0].GetProperty("content").GetProperty("sections")[0].GetProperty("width").GetInt32());
        Assert.Equal("tiles", now.GetProperty("report").GetProperty("key").GetString());
        Assert.False(now.GetProperty("isKept").GetBoolean());
        Assert.Equal("HEAT_MAP", now.GetProperty("sections")[0].GetProperty("chart").GetString());
        Assert.Equal(bench.Crm.Orders.Count, now.GetProperty("sections")[0].GetProperty("data").GetProperty("orders").GetProperty("totalCount").GetInt32());
        Assert.Null(await bench.KeptAsync(id));
        Assert.Equal(JsonValueKind.Null, nothing.GetProperty("currentReportResult").ValueKind);
        Assert.Equal("REPORT_INVALID_PARAMETER", wrong.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.Empty(none.GetProperty("reportDefinitions").GetProperty("nodes").EnumerateArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    public async Task A_tile_that_does_not_fit_into_twelve_columns_is_refused(int width)
    {
        await using var bench = await ReportBench.CreateAsync(DatabaseKind.Sqlite);

        var payload = await bench.CreateAsync("wrong", Tiles(width));

        Assert.Equal("sections[0].width", payload.GetProperty("errors")[0].GetProperty("problems")[0].GetProperty("part").GetString());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_is_shared_with_some_roles_is_not_there_for_others(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var (analyst, viewer) = (new Caller("ana", Role.Analyst, null, null), new Caller("vic", Role.Viewer, null, null));
        var id = await bench.IdOfNewAsync("board", ReportBench.Content("{ orders { totalCount } }"));
        var result = (await bench.RunAsync(id, caller: viewer)).GetProperty("data").GetProperty("runReport").GetProperty("reportResult").GetProperty("id");
        const string look = "query ($id: ID!, $result: ID!) { reportDefinition(id: $id) { visibleTo versions { version } } "
            + "reportDefinitionByKey(key: \"board\") { id } reportDefinitions { totalCount } node(id: $id) { id } result: node(id: $result) { id } "
            + "currentReportResult(id: $id) { version } }";

        var hidden = await ShareAsync(["VIEWER"], analyst);
        Assert.Equal("visibleTo", hidden.GetProperty("errors")[0].GetProperty("problems")[0].GetProperty("part").GetString());
        Assert.Contains("ANALYST", hidden.GetProperty("errors")[0].GetProperty("message").GetString());
        var shared = await ShareAsync(["ANALYST", "MANAGER"], analyst);
        Assert.Equal("""["MANAGER","ANALYST"]""", shared.GetProperty("reportDefinition").GetProperty("visibleTo").GetRawText());

        var none = await bench.Client.DataAsync(look, new { id, result }, viewer);
        Assert.Equal("0", none.GetProperty("reportDefinitions").GetProperty("totalCount").GetRawText());
        Assert.All(["reportDefinition", "reportDefinitionByKey", "node", "result", "currentReportResult"],
            field => Assert.Equal(JsonValueKind.Null, none.GetProperty(field).ValueKind));
        Assert.Equal(
            "REPORT_NOT_FOUND",
            (await bench.RunAsync(id, caller: viewer)).GetProperty("data").GetProperty("runReport").GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Equal("REPORT_NOT_FOUND", await CodeAsync("deleteReportDefinition", new { id }));
        Assert.Equal("REPORT_NOT_FOUND", await CodeAsync("updateReportDefinition", new { id, title = "Mine" }));
        Assert.Equal("REPORT_NOT_FOUND", await CodeAsync("updateReportVisibility", new { id, visibleTo = Array.Empty<string>() }));
        foreach (var caller in new[] { analyst, Caller.System })
            Assert.Equal(id, (await bench.Client.DataAsync(look, new { id, result }, caller)).GetProperty("node").GetProperty("id").GetString());
        await ShareAsync([], analyst);
        var again = await bench.Client.DataAsync(look, new { id, result }, viewer);
        Assert.All(["reportDefinition", "node", "result", "currentReportResult"],
            field => Assert.Equal(JsonValueKind.Object, again.GetProperty(field).ValueKind));

        async Task<JsonElement> ShareAsync(string[] visibleTo, Caller caller) => (await bench.Client.DataAsync(
            "mutation ($input: UpdateReportVisibilityInput!) { updateReportVisibility(input: $input) { reportDefinition { visibleTo } "
            + "errors { ... on Error { message } ... on ReportInvalidError { problems { part } } } } }", new { input = new { id, visibleTo } }, caller))
            .GetProperty("updateReportVisibility");

        async Task<string?> CodeAsync(string mutation, object input) => (await bench.Client.DataAsync(
            $"mutation ($input: {char.ToUpperInvariant(mutation[0])}{mutation[1..]}Input!) {{ {mutation}(input: $input) "
            + "{ errors { ... on Error { code } } } }",
            new { input }, new Caller("rep", Role.Representative, Guid.Empty, [])))
            .GetProperty(mutation).GetProperty("errors")[0].GetProperty("code").GetString();
    }

    private static object Tiles(int width) => new
    {
        purpose = "OTHER",
        audience = "sales",
        layout = "DASHBOARD",
        sections = new[] { new { heading = "Orders", operation = "{ orders { totalCount } }", chart = "HEAT_MAP", width } },
    };

    public static TheoryData<string, string, int?, int?> WrongOperations => new()
    {
        { "{ customers {\n  nodes { id }", "", 2, 15 },
        { "{\n  customers { nodes { nme } }\n}", "nme", 2, 23 },
        { "mutation { eraseCustomer(input: { customer: { id: \"x\" } }) { errors { __typename } } }", "a query", null, null },
        { "query A { viewer { name } } query B { viewer { name } }", "exactly one operation", null, null },
        {
            "{ metrics(period: {toDate: YEAR}, groupBy: [REGION]) { a: rows { ...R } } } fragment R on MetricRow { b: cac { value } }",
            "\"cac\" cannot be grouped by REGION",
            1,
            3 },
        {
            "query ($by: [MetricDimension!] = CITY) { metrics(period: {toDate: YEAR}, groupBy: $by) { totals { values(metrics: [\"cac\"]) { value } } } }",
            "\"cac\" cannot be grouped by CITY",
            1,
            42 },
        { "subscription { __typename }", "a query", null, null },
        { "query ($id: ID!) {\n  customer(id: $id) { name } }", "No parameter gives a value to the variable \"$id\"", 1, 8 },
        {
            "query ($period: String) { customers(where: { country: { eq: $period } }) { totalCount } }",
            "The parameter \"period\" is of type PeriodInput!, the variable \"$period\" of type String.",
            1,
            8 },
    };

    [Theory, MemberData(nameof(WrongOperations))]
    public async Task An_operation_that_cannot_be_run_is_refused_with_its_place(string operation, string says, int? line, int? column)
    {
        await using var bench = await ReportBench.CreateAsync(DatabaseKind.Sqlite);

        var payload = await bench.CreateAsync("wrong", ReportBench.Content(operation, new { name = "period", type = "PeriodInput!" }));

        Assert.Equal(JsonValueKind.Null, payload.GetProperty("reportDefinition").ValueKind);
        var error = payload.GetProperty("errors")[0];
        Assert.Equal(("ReportInvalidError", "REPORT_INVALID"), (error.GetProperty("__typename").GetString(), error.GetProperty("code").GetString()));
        var problem = error.GetProperty("problems").EnumerateArray().First(p => p.GetProperty("message").GetString()!.Contains(says, StringComparison.Ordinal));
        Assert.Equal("sections[0].operation", problem.GetProperty("part").GetString());
        Assert.Equal((line, column), (Number(problem.GetProperty("line")), Number(problem.GetProperty("column"))));
    }

    public static TheoryData<string, string?, string?, string> WrongParameters => new()
    {
        { "Nothing!", null, null, "parameters[0].type" },
        { "[Int", null, null, "parameters[0].type" },
        { "Customer", null, null, "parameters[0].type" },
        { "Int!", "\"many\"", null, "parameters[0].default" },
        { "PeriodInput!", "{\"last\": {\"count\": 1}}", null, "parameters[0].default" },
        { "TimeGrain!", "\"DAY\"", "[\"WEEK\", \"MONTH\"]", "parameters[0].default" },
        { "TimeGrain!", "\"DAY\"", "[\"DAY\", \"FORTNIGHT\"]", "parameters[0].allowedValues[1]" },
    };

    [Theory, MemberData(nameof(WrongParameters))]
    public async Task A_parameter_s_default_and_allowed_values_must_fit_its_type(string type, string? standard, string? allowed, string part)
    {
        await using var bench = await ReportBench.CreateAsync(DatabaseKind.Sqlite);
        var parameter = new { name = "x", type, @default = Json(standard), allowedValues = Json(allowed) };

        var payload = await bench.CreateAsync("wrong", ReportBench.Content("{ viewer { name } }", parameter));

        Assert.Contains(part, payload.GetProperty("errors")[0].GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("part").GetString()));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_run_takes_given_values_before_defaults_and_refuses_what_the_report_does_not_know(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var id = await bench.IdOfNewAsync(
            "by-country",
            ReportBench.Content(Count, new { name = "country", type = "String", @default = "China", allowedValues = new[] { "China", "Germany" } }));
        int In(string country) => bench.Crm.Customers.Count(c => !c.IsGuest && c.Country == country);

        Assert.Equal(In("China"), Total(await bench.DataOfRunAsync(id)));
        Assert.Equal(In("Germany"), Total(await bench.DataOfRunAsync(id, new { country = "Germany" })));
        Assert.Equal("REPORT_INVALID_PARAMETER", Refusal(await bench.RunAsync(id, new { country = "Peru" })));
        Assert.Equal("REPORT_INVALID_PARAMETER", Refusal(await bench.RunAsync(id, new { region = "North" })));
        Assert.Equal("REPORT_INVALID_PARAMETER", Refusal(await bench.RunAsync(id, "China")));
        Assert.Equal(
            "REPORT_NOT_FOUND",
            (await bench.RunAsync(id, version: 7)).GetProperty("data").GetProperty("runReport").GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_run_holds_only_what_its_caller_may_see_and_is_kept_for_his_scope_and_administrators(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var (one, other) = (bench.Representative(0), bench.Representative(1));
        var id = await bench.IdOfNewAsync("mine", ReportBench.Content(
            "{ customers { totalCount } metrics(period: { last: { count: 24, unit: MONTH } }) { totals { grossRevenue { value } orders { value } } } }"));

        var mine = await bench.RunAsync(id, caller: one);
        var result = mine.GetProperty("data").GetProperty("runReport").GetProperty("reportResult");
        var data = result.GetProperty("sections")[0].GetProperty("data");

        Assert.Equal(bench.Crm.Customers.Count(c => c.OwnerId == one.TeamMemberId), data.GetProperty("customers").GetProperty("totalCount").GetInt32());
        Assert.Equal(bench.Database.Clock.GetUtcNow().UtcDateTime, result.GetProperty("asOf").GetDateTime());
        var kept = result.GetProperty("id").GetString();
        Assert.Equal(kept, await bench.KeptAsync(id, one));
        Assert.Equal(kept, await bench.KeptAsync(id, one with { Name = "another key of the same person" }));
        Assert.Equal(kept, await bench.KeptAsync(id, Caller.System));
        Assert.Null(await bench.KeptAsync(id, other));
        Assert.Null(await bench.KeptAsync(id, new Caller("analyst", Role.Analyst, null, null)));
        Assert.Equal(
            JsonValueKind.Null,
            (await bench.Client.DataAsync("query ($id: ID!) { node(id: $id) { id } }", new { id = kept }, other)).GetProperty("node").ValueKind);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_failing_section_keeps_its_errors_and_the_others_their_data(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var id = await bench.IdOfNewAsync("half", new
        {
            purpose = "OTHER",
            audience = "all",
            sections = new object[]
            {
                new { heading = "Bad page", operation = "{ customers(first: 5000000) { nodes { id } } }", chart = "TABLE" },
                new { heading = "Good", operation = "{ viewer { name } }" },
                new { heading = "Words", text = "Only words." },
            },
        });

        var result = (await bench.RunAsync(id)).GetProperty("data").GetProperty("runReport").GetProperty("reportResult");

        Assert.False(result.GetProperty("isKept").GetBoolean());
        Assert.Null(await bench.KeptAsync(id));
        Snapshot.Match(Transcript.Of("sections", result.GetProperty("sections")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_key_is_taken_once_and_free_again_after_deleting(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var content = ReportBench.Content("{ viewer { name } }");
        var id = await bench.IdOfNewAsync("taken", content);

        var refused = await bench.CreateAsync("taken", content);
        await bench.Client.DataAsync("mutation ($id: ID!) { deleteReportDefinition(input: { id: $id }) { reportDefinition { key } } }", new { id });

        Assert.Equal("REPORT_KEY_TAKEN", refused.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.NotEqual(id, await bench.IdOfNewAsync("taken", content));
        Assert.Equal(
            JsonValueKind.Null,
            (await bench.Client.DataAsync("query ($id: ID!) { reportDefinition(id: $id) { id } }", new { id })).GetProperty("reportDefinition").ValueKind);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_no_longer_fits_the_schema_is_flagged_at_start_and_unflagged_when_mended(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var id = await bench.IdOfNewAsync("old", ReportBench.Content("{ viewer { name } }"));
        await ChangeAsync(bench, "{ viewer { name } }", "{ visitor { name } }");

        await SavedDefinitions.RefreshAsync(bench.Client.Services, default);
        var broken = await ReasonAsync(bench, id);
        var run = Code(await bench.RunAsync(id));
        await ChangeAsync(bench, "{ visitor { name } }", "{ viewer { name } }");
        await SavedDefinitions.RefreshAsync(bench.Client.Services, default);

        Assert.Contains("visitor", broken, StringComparison.Ordinal);
        Assert.Equal("REPORT_BROKEN", run);
        Assert.Null(await ReasonAsync(bench, id));
    }

    [Fact]
    public async Task Viewers_may_run_reports_and_not_save_them()
    {
        await using var bench = await ReportBench.CreateAsync(DatabaseKind.Sqlite);
        var viewer = new Caller("viewer", Role.Viewer, null, null);
        var id = await bench.IdOfNewAsync("open", ReportBench.Content("{ viewer { name } }"));

        var refused = await bench.Client.CodeAsync(
            "mutation ($id: ID!) { deleteReportDefinition(input: { id: $id }) { reportDefinition { key } } }", new { id }, viewer);

        Assert.Equal("AUTH_NOT_AUTHORIZED", refused);
        Assert.Equal("viewer", (await bench.DataOfRunAsync(id, caller: viewer)).GetProperty("viewer").GetProperty("name").GetString());
    }

    /// <summary>As an older program would have saved it: in the report and in its version.</summary>
    private static async Task ChangeAsync(ReportBench bench, string from, string to)
    {
        await using var context = bench.Database.CreateContext();
        foreach (var report in await context.ReportDefinitions.ToListAsync())
            report.Document = report.Document.Replace(from, to, StringComparison.Ordinal);
        foreach (var version in await context.ReportVersions.ToListAsync())
            version.Document = version.Document.Replace(from, to, StringComparison.Ordinal);
        await context.SaveChangesAsync();
    }

    private static async Task<string?> ReasonAsync(ReportBench bench, string id) =>
        (await bench.Client.DataAsync("query ($id: ID!) { reportDefinition(id: $id) { brokenReason } }", new { id })).GetProperty("reportDefinition")
            .GetProperty("brokenReason")
            .GetString();

    private static int Total(JsonElement data) => data.GetProperty("customers").GetProperty("totalCount").GetInt32();

    private static string? Refusal(JsonElement response)
        => response.GetProperty("data").GetProperty("runReport").GetProperty("errors")[0].GetProperty("code").GetString();

    private static string? Code(JsonElement response) => response.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString();

    private static int? Number(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetInt32();

    private static JsonElement? Json(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
}
