using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Server.Tests.Costs;

/// <summary>Prices, limits and allowances as a client meets them.</summary>
public sealed class CostTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Page
        = "query ($n: Int, $m: Int, $w: CustomerFilterInput) { customers(first: $n, where: $w) { nodes { name orders(first: $m) { nodes { number } } } } }";

    [Fact]
    public async Task A_request_may_ask_what_it_costs_and_is_told_what_is_left()
    {
        var server = shared.Server;
        using var answer = await PostAsync(server, Page, new { n = 20, m = 5 }, header: "report");
        var json = await JsonAsync(answer);

        Assert.Equal(JsonValueKind.Object, json.GetProperty("data").ValueKind);
        // customers 10, nodes 1, and for each of twenty: orders 10, nodes 1. Query, connection, 20 customers with a connection and five orders each.
        Assert.Equal("""{"fieldCost":231,"typeCost":142}""", json.GetProperty("extensions").GetProperty("operationCost").GetRawText());
        var cost = json.GetProperty("extensions").GetProperty("cost");
        Assert.Equal(373, cost.GetProperty("requestedQueryCost").GetDouble());
        Assert.Equal(1_000_000_000, cost.GetProperty("throttleStatus").GetProperty("maximumAvailable").GetDouble());
        Assert.Equal("\"cost\";q=1000000000;w=10;qu=\"cost\"", answer.Headers.GetValues("RateLimit-Policy").Single());
        Assert.StartsWith("\"cost\";r=", answer.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);

        using var plain = await PostAsync(server, Page, new { n = 20, m = 5 });
        Assert.False((await JsonAsync(plain)).TryGetProperty("extensions", out _));
        Assert.False(plain.Headers.Contains("RateLimit"));
    }

    [Fact]
    public async Task Validate_prices_and_runs_nothing()
    {
        await using var server = await RunningServer.StartAsync(settings: ["--GraphQL:CallerCost", "1000", "--GraphQL:CallerCostPerSecond", "1"]);
        const string save = """mutation { upsertTeamMember(input: {name: "Nobody", email: "nobody@example.com"}) { teamMember { id } } }""";
        using var answer = await PostAsync(server, save, header: "validate");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var json = await JsonAsync(answer);
        Assert.Equal(["extensions"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(1_000, json.GetProperty("extensions").GetProperty("cost").GetProperty("throttleStatus").GetProperty("currentlyAvailable").GetDouble());
        using var count = await PostAsync(server, "{ teamMembers { totalCount } }");
        Assert.Equal(0, (await JsonAsync(count)).GetProperty("data").GetProperty("teamMembers").GetProperty("totalCount").GetInt32());
        using var wrong = await PostAsync(server, "{ __typename }", header: "guess");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Each_role_has_its_own_limits()
    {
        await using var server = await RunningServer.StartAsync("Production", ["--Roles:Viewer:TypeCost", "100", "--GraphQL:TypeCost", "150"]);
        var viewer = (await server.CreateKeyAsync(Role.Viewer)).Secret;
        var analyst = (await server.CreateKeyAsync(Role.Analyst)).Secret;

        using var refused = await PostAsync(server, Page, new { n = 20, m = 5 }, viewer);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var error = (await JsonAsync(refused)).GetProperty("errors")[0];
        Assert.Equal("""{"code":"HC0047","typeCost":142,"maxTypeCost":100}""", error.GetProperty("extensions").GetRawText());
        Assert.Contains("142", error.GetProperty("message").GetString());
        using var smaller = await PostAsync(server, Page, new { n = 10, m = 5 }, viewer);
        Assert.Equal(HttpStatusCode.OK, smaller.StatusCode);
        using var allowed = await PostAsync(server, Page, new { n = 20, m = 5 }, analyst);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    [Fact]
    public async Task Whoever_has_spent_his_allowance_waits_and_others_do_not()
    {
        var clock = new ManualTimeProvider();
        await using var server = await RunningServer.StartAsync(
            "Production",
            ["--Roles:Analyst:CallerCost", "400", "--Roles:Analyst:CallerCostPerSecond", "10"],
            configure: b => b.Services.AddSingleton<TimeProvider>(clock));
        var one = (await server.CreateKeyAsync(Role.Analyst)).Secret;
        var other = (await server.CreateKeyAsync(Role.Analyst)).Secret;

        using var first = await PostAsync(server, Page, new { n = 20, m = 5 }, one);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("\"cost\";r=27;t=38", first.Headers.GetValues("RateLimit").Single());
        foreach (var accept in new[] { "application/graphql-response+json", "application/json" })
        {
            using var second = await PostAsync(server, Page, new { n = 20, m = 5 }, one, accept: accept);
            Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
            Assert.Equal(35, second.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
            Assert.Equal(
                """{"code":"THROTTLED","cost":373,"available":27,"retryAfterSeconds":35}""",
                (await JsonAsync(second)).GetProperty("errors")[0].GetProperty("extensions").GetRawText());
        }

        using var small = await PostAsync(server, "{ __typename }", key: one);
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        using var others = await PostAsync(server, Page, new { n = 20, m = 5 }, other);
        Assert.Equal(HttpStatusCode.OK, others.StatusCode);
        clock.Advance(TimeSpan.FromSeconds(35));
        using var later = await PostAsync(server, Page, new { n = 20, m = 5 }, one);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Theory]
    [InlineData("""{"name": {"eq": "a"}}""", 10 + 10 + 10 + 2)]
    [InlineData("""{"name": {"contains": "a"}}""", 10 + 10 + 200 + 2)]
    [InlineData("""{"orders": {"some": {"channel": {"eq": "a"}}}}""", 10 + 10 + 1000 + 1 + (3 * (1 + 10 + 10 + 1)) + 1)]
    [InlineData(
        """{"orders": {"none": {"lines": {"some": {"product": {"category": {"eq": "a"}}}}}}}""",
        10 + 1 + 10 + 1 + 1000 + (3 * (1 + 10 + 1 + 1000 + (3 * (1 + 1000 + (3 * (1 + 10 + 1 + 10)))))))]
    [InlineData("""{"segments": {"in": ["a", "b", "c"]}}""", 10 + (3 * 500) + 2)]
    public async Task A_filter_costs_what_its_conditions_ask_of_the_database(string where, double more)
    {
        var server = shared.Server;
        var without = await FieldCostAsync(server, Page, new { n = 1, m = 1 });
        Assert.Equal(without + more, await FieldCostAsync(server, Page, new { n = 1, m = 1, w = JsonSerializer.Deserialize<JsonElement>(where) }));
    }

    [Theory]
    // A quarter more for the month, and a row with a metric.
    [InlineData("metrics(period: {last: {count: 30, unit: DAY}}) { totals { revenue { value } } }", 125 + 2)]
    [InlineData("metrics(period: {last: {count: 3, unit: YEAR}}) { totals { revenue { value } } }", 1000 + 2)]
    [InlineData("metrics(period: {range: {from: \"0001-01-01\", until: \"9999-01-01\"}}) { totals { revenue { value } } }", 3100 + 2)]
    // Distinct buyers are 4, who is a customer 6, units are read from lines; a rate is as dear as the dearest part of it.
    [InlineData("metrics(period: {last: {count: 30, unit: DAY}}) { totals { activeCustomers { value } } }", (4 * 125) + 2)]
    [InlineData(
        "metrics(period: {last: {count: 30, unit: DAY}}) { totals { churnRate { value } cac { value } unitsSold { value } } }",
        ((6 + 1 + 2) * 125) + 4)]
    [InlineData(
        "metrics(period: {last: {count: 30, unit: DAY}}, groupBy: [PRODUCT_CATEGORY]) { totals { revenue { value } orders { value } } }",
        ((2 + 4) * 125 * 1.5) + 3)]
    [InlineData("metrics(period: {last: {count: 30, unit: DAY}}) { totals { revenue { value } orders { value } } }", 250 + 3)]
    // A metric that is asked for in two places is computed once; what the answer shows of it counts every time.
    [InlineData("metrics(period: {last: {count: 30, unit: DAY}}) { a: totals { revenue { value } } b: totals { revenue { value } } }", 125 + 4)]
    [InlineData("""metrics(period: {last: {count: 30, unit: DAY}}) { totals { values(metrics: ["revenue", "orders", "nps"]) { value } } }""", 375 + 2)]
    [InlineData("metrics(period: {last: {count: 30, unit: DAY}}, compareTo: PREVIOUS_YEAR) { totals { revenue { value } } }", 250 + 2)]
    [InlineData("metrics(period: {last: {count: 30, unit: DAY}}, groupBy: [CHANNEL]) { totals { revenue { value } } }", 187.5 + 2)]
    [InlineData("metrics(period: {last: {count: 30, unit: DAY}}, groupBy: [CHANNEL, REGION], grain: DAY) { totals { revenue { value } } }", 312.5 + 2)]
    // 20 groups are assumed, each a row with one metric; first shows only as many as asked for, and the others, but reads all of them twice.
    [InlineData("metrics(period: {last: {count: 30, unit: DAY}}, groupBy: [CHANNEL]) { rows { revenue { value } } }", 187.5 + 1 + 20)]
    [InlineData("metrics(period: {last: {count: 30, unit: DAY}}, groupBy: [CHANNEL], first: 3) { rows { revenue { value } } }", 375 + 1 + 4)]
    [InlineData("metrics(period: {last: {count: 30, unit: DAY}}, groupBy: [CHANNEL], grain: DAY, first: 3) { rows { revenue { value } } }", 500 + 1 + (4 * 31))]
    public async Task Metrics_cost_by_what_is_asked_and_how_it_is_split(string query, double field)
    {
        var server = shared.Server;
        // The period is two input objects.
        Assert.Equal(field + 2, await FieldCostAsync(server, "{ " + query + " }"));
    }

    [Theory]
    [InlineData("[{moneySpent: DESC}]", 10 + 1 + 2500)]
    [InlineData("[{name: ASC}, {owner: {name: ASC}}]", 10 + 1 + 10 + 10 + 1 + 500 + 1 + 10)]
    public async Task An_order_costs_more_where_no_index_has_it(string order, double more)
    {
        var server = shared.Server;
        Assert.Equal(
            await FieldCostAsync(server, "{ customers { nodes { id } } }") + more,
            await FieldCostAsync(server, $"{{ customers(order: {order}) {{ nodes {{ id }} }} }}"));
    }

    [Fact]
    public async Task Arguments_of_a_list_below_others_cost_an_eighth_for_each_of_them()
    {
        var server = shared.Server;
        const string without = "{ customers(first: 40) { nodes { orders { nodes { id } } } } }", with
            = "{ customers(first: 40) { nodes { orders(where: {lines: {any: true}}) { nodes { id } } } } }";
        Assert.Equal(await FieldCostAsync(server, without) + (40 / 8d * (10 + 1 + 10 + 1 + 1000)), await FieldCostAsync(server, with));
    }

    [Fact]
    public async Task Subscriptions_are_priced_when_they_start()
    {
        await using var server = await RunningServer.StartAsync(settings: ["--GraphQL:FieldCost", "200"]);
        const string live = "subscription { metricsUpdated(period: {toDate: MONTH}) { totals { revenue { value } orders { value } } } }";
        using var request = Request(live, null, null, null, "text/event-stream");
        using var answer = await server.Client.SendAsync(request);
        Assert.Contains("HC0047", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_sections_of_a_report_are_priced_and_paid_when_it_is_run()
    {
        await using var server = await RunningServer.StartAsync(
            settings: ["--GraphQL:FieldCost", "200", "--GraphQL:CallerCost", "10000", "--GraphQL:CallerCostPerSecond", "1"]);
        const string create = """
            mutation ($op: String!) { createReportDefinition(input: {key: "dear", title: "Dear", content: {purpose: OTHER, audience: "a", sections: [{heading: "h", operation: $op}]}}) { reportDefinition { id } errors { __typename } } }
            """;
        using var made = await PostAsync(server, create, new { op = "{ metrics(period: {toDate: MONTH}) { totals { revenue { value } orders { value } } } }" });
        var saved = await JsonAsync(made);
        var id = saved.GetProperty("data").GetProperty("createReportDefinition").GetProperty("reportDefinition").GetProperty("id").GetString();
        using var run = await PostAsync(server, "mutation ($id: ID!) { runReport(input: {id: $id}) { reportResult { sections { errors } } } }", new { id });
        Assert.Contains("HC0047", await run.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Every_client_document_costs_far_less_than_the_limits()
    {
        var server = shared.Server;
        foreach (var example in Pages.ExampleOperations.All())
        {
            var variables = example.Variables is { } text ? JsonSerializer.Deserialize<JsonElement>(text) : (object?)null;
            using var answer = await PostAsync(server, example.Document, variables, header: "validate");
            var json = await JsonAsync(answer);
            // Some need ids that only a database has.
            if (!json.TryGetProperty("extensions", out var extensions))
                continue;
            var cost = extensions.GetProperty("operationCost");
            Assert.True(cost.GetProperty("fieldCost").GetDouble() < 30_000 && cost.GetProperty("typeCost").GetDouble() < 30_000, $"{example.Name}: {cost}");
        }
    }

    private static async Task<double> FieldCostAsync(RunningServer server, string query, object? variables = null)
    {
        using var answer = await PostAsync(server, query, variables, header: "validate");
        return (await JsonAsync(answer)).GetProperty("extensions").GetProperty("operationCost").GetProperty("fieldCost").GetDouble();
    }

    private static async Task<HttpResponseMessage> PostAsync(
        RunningServer server,
        string query,
        object? variables = null,
        string? key = null,
        string? header = null,
        string accept = "application/graphql-response+json")
    {
        using var request = Request(query, variables, key, header, accept);
        return await server.Client.SendAsync(request);
    }

    private static HttpRequestMessage Request(string query, object? variables, string? key, string? header, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query, variables }) };
        request.Headers.Accept.ParseAdd(accept);
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        if (header is not null)
            request.Headers.Add("GraphQL-Cost", header);
        return request;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();
}
