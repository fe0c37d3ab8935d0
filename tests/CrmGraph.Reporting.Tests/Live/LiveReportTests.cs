using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Reports;
using CrmGraph.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Live;

/// <summary>A report that is watched: all of its sections on one state of the data.</summary>
public sealed class LiveReportTests
{
    private const string Orders = "query($p: PeriodInput!) { metrics(period: $p) { totals { orders { value } } } }";

    [Fact]
    public async Task A_commit_by_whomever_brings_all_sections_anew_to_those_who_may_see_it()
    {
        await using var bench = await LiveBench.CreateAsync(DatabaseKind.Sqlite);
        var id = await CreateAsync(bench, Orders, Orders);
        await using var all = await bench.WatchAsync(Watch(id));
        await using var own = await bench.WatchAsync(Watch(id), LiveBench.Representative(bench.Ann));

        Assert.Equal("null,null", await NextAsync(all));
        Assert.Equal("null,null", await NextAsync(own));
        await bench.OrderAsync(bench.CustomerOfBob, 10);
        Assert.Equal("1,1", await NextAsync(all));
        // Nothing of hers: her stream says nothing.
        await bench.OrderElsewhereAsync(bench.CustomerOfAnn, 20);
        Assert.Equal("2,2", await NextAsync(all));
        Assert.Equal("1,1", await NextAsync(own));
    }

    [Fact]
    public async Task What_cannot_be_computed_is_said_and_a_report_that_is_not_there_is_null()
    {
        await using var bench = await LiveBench.CreateAsync(DatabaseKind.Sqlite);
        var id = await CreateAsync(bench, Orders);
        await using var wrong = await bench.WatchAsync(Watch(id).Replace("{p: ", "{q: ", StringComparison.Ordinal));
        await using var none = await bench.WatchAsync(Watch(id).Replace("(id:", "(version: 7, id:", StringComparison.Ordinal));

        Assert.Equal("REPORT_INVALID_PARAMETER", (await wrong.NextAsync()).GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.Equal(JsonValueKind.Null, (await none.NextAsync()).GetProperty("data").GetProperty("currentReportResultUpdated").ValueKind);
    }

    [Fact]
    public async Task Callers_with_the_same_rights_share_a_computation_and_roles_never_do()
    {
        await using var bench = await LiveBench.CreateAsync(DatabaseKind.Sqlite);
        var id = await CreateAsync(bench, Orders, "{ customers(first: 10) { nodes { name } } }");
        var live = bench.Services.GetRequiredService<LiveReports>();
        var streams = new List<(LiveStream Stream, string Expected)>();
        foreach (var (caller, names) in new[]
        {
            (Caller.System, "Customer of Ann,Customer of Bob"), (Caller.System with { Name = "other" }, "Customer of Ann,Customer of Bob"),
            (Caller.System with { Role = Role.Analyst }, "Customer of Ann,Customer of Bob"), (LiveBench.Representative(bench.Ann), "Customer of Ann"),
            (LiveBench.Representative(bench.Ann) with { Name = "her second key" }, "Customer of Ann"), (LiveBench.Representative(bench.Bob), "Customer of Bob"),
            (LiveBench.Representative(bench.Bob) with { Role = Role.Manager }, "Customer of Bob"),
        })
            streams.Add((await bench.WatchAsync(Watch(id), caller), names));

        foreach (var (stream, expected) in streams)
            Assert.Equal(expected, Names(await stream.NextAsync()));
        // Two administrators and two keys of Ann are one each.
        Assert.Equal(5, live.Load.Queries);
        Assert.Equal(7, live.Load.Subscribers);
        foreach (var (stream, _) in streams)
            await stream.DisposeAsync();

        static string Names(JsonElement answer) => string.Join(',', Section(answer, 1).GetProperty("customers").GetProperty("nodes").EnumerateArray()
            .Select(n => n.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_of_each_callers_own_is_computed_for_each()
    {
        await using var bench = await LiveBench.CreateAsync(DatabaseKind.Sqlite);
        var id = await CreateAsync(bench, Orders, "{ viewer { name } }");
        await using var one = await bench.WatchAsync(Watch(id), Caller.System with { Name = "one" });
        await using var other = await bench.WatchAsync(Watch(id), Caller.System with { Name = "other" });

        Assert.Equal("one", Section(await one.NextAsync(), 1).GetProperty("viewer").GetProperty("name").GetString());
        Assert.Equal("other", Section(await other.NextAsync(), 1).GetProperty("viewer").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Sections_are_paid_when_they_were_computed_and_may_leave_a_debt()
    {
        const string products = "{ products(first: 50) { nodes { name } } }";
        await using var bench = await LiveBench.CreateAsync(DatabaseKind.Sqlite);
        var id = await CreateAsync(bench, Orders, products);
        // It does not fill while the test runs: what is paid is what is missing.
        const double capacity = 100_000;
        var policy = new CostPolicy { FieldCost = capacity, TypeCost = capacity, Bucket = new(capacity, 1e-9, TimeProvider.System) };
        using var parameters = JsonDocument.Parse("""{"p": {"range": {"from": "2020-01-01", "until": "2100-01-01"}}}""");
        var ofOrders = await bench.PriceAsync(new(Orders) { Variables = parameters.RootElement }, policy);
        var ofProducts = await bench.PriceAsync(new(products), policy);
        Assert.True(ofOrders > 0 && ofProducts > 0);
        await using var stream = await bench.WatchAsync(Watch(id), policy: policy);
        await stream.NextAsync();
        var first = capacity - await SettledAsync(policy.Bucket);
        Assert.True(first >= ofOrders + ofProducts, $"{first} of {ofOrders} and {ofProducts}");

        // Of one section alone: the other one's tables have not changed, and nobody pays for it, however often.
        await bench.OrderAsync(bench.CustomerOfBob, 10);
        await stream.NextAsync();
        var second = capacity - await SettledAsync(policy.Bucket) - first;
        await bench.OrderAsync(bench.CustomerOfBob, 15);
        await stream.NextAsync();
        var third = capacity - await SettledAsync(policy.Bucket) - first - second;
        Assert.Equal(second, third, 3);
        Assert.True(second < first, $"{second} after {first}");
        // The stream itself has its price at each computation, which is known before.
        var opening = second - ofOrders;
        Assert.True(opening > 0, $"{second} for {ofOrders}");

        // Whoever has too little left is served, as nobody knew the price before, and owes the rest.
        policy.Bucket.Charge(policy.Bucket.Status.Available - opening);
        await bench.OrderAsync(bench.CustomerOfAnn, 20);
        await stream.NextAsync();
        // A commit may be computed twice, for what is kept beside the orders follows it: each time has the stream's price.
        Assert.InRange(await SettledAsync(policy.Bucket), -ofOrders - 0.001, opening - ofOrders);
        await bench.OrderAsync(bench.CustomerOfAnn, 30);
        Assert.Equal("THROTTLED", (await stream.NextAsync()).GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.InRange(await SettledAsync(policy.Bucket), -ofOrders - 0.001, opening - ofOrders);
    }

    /// <summary>What is left when nothing more is taken: sections are charged after their answer was sent.</summary>
    private static async Task<double> SettledAsync(CostBucket bucket)
    {
        for (var before = double.NaN; ;)
        {
            var now = bucket.Status.Available;
            if (Math.Abs(now - before) < 0.001)
                return now;
            before = now;
            await Task.Delay(300);
        }
    }

    /// <summary>A field that is new is put into one list or the other by somebody who has thought about it.</summary>
    [Fact]
    public async Task Every_field_of_the_query_is_known_to_be_common_or_of_each_callers_own()
    {
        await using var bench = await LiveBench.CreateAsync(DatabaseKind.Sqlite);
        string[] own =
        [
            "node", "nodes", "viewer", "apiKeys", "serverHealth", "importMapSuggestion", "previewMetric", "reportDefinitions", "reportDefinition",
            "reportDefinitionByKey", "currentReportResult",
        ];
        var schema = bench.Services.GetRequiredService<RequestExecutor>().Schema;
        var fields = ((ObjectType)schema.Type("Query")!).Fields.Select(f => f.Name).Append("__typename").Order(StringComparer.Ordinal);
        Assert.Empty(own.Intersect(SectionRequest.Common));
        Assert.Equal(fields, own.Concat(SectionRequest.Common).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task After_any_write_the_sections_are_those_of_a_fresh_query_and_untouched_ones_are_not_computed(DatabaseKind kind)
    {
        string[] operations =
        [
            Orders, "{ customers(first: 50, order: [{ name: ASC }]) { nodes { name orderCount moneySpent { amount } } } }",
            "{ customerAggregates { total { count } } }", "{ orderAggregates { total { count } } }", "{ tickets(first: 50) { totalCount nodes { subject } } }",
            "{ interactions(first: 50) { totalCount } }", "{ segments(first: 50) { nodes { name memberCount } } }",
            "{ products(first: 50) { nodes { name } } }",
            "query($p: PeriodInput!) { metrics(period: $p, groupBy: [OWNER]) { rows { owner { name } orders { value } } } }",
            "{ settings { smallGroupMinimum } }", "{ teamMembers(first: 50) { nodes { name } } }",
        ];
        await using var bench = await LiveBench.CreateAsync(kind);
        var id = await CreateAsync(bench, operations);
        await using var stream = await bench.WatchAsync(Watch(id));
        var shown = Sections(await stream.NextAsync());
        var random = new Random(20261130);
        for (var i = 0; i < 25; i++)
        {
            var written = await bench.SendAsync(Write(bench, random.Next(7), i));
            Assert.Equal(JsonValueKind.Null, written.GetProperty("data").EnumerateObject().First().Value.GetProperty("errors").ValueKind);
            var fresh = Sections(await bench.SendAsync(Fresh(id)));
            for (var tries = 0; !shown.SequenceEqual(fresh) && tries < 10; tries++)
                shown = Sections(await stream.NextAsync());
            Assert.Equal(fresh, shown);
        }

        var sections = bench.Services.GetRequiredService<LiveReports>().Sections;
        Assert.True(sections.Spared > sections.Computed, $"{sections.Computed} computed, {sections.Spared} spared.");
    }

    private static string Write(LiveBench bench, int what, int i)
    {
        var customer = $"id: \"{CustomerId(bench, i)}\"";
        var written = what switch
        {
            0 or 1 => $"upsertOrder(input: {{customer: {{{customer}}}, orderedAt: \"2026-03-1{i % 10}T09:00:00Z\", currency: \"EUR\", amount: {i + 1}}})",
            2 => $"upsertCustomer(input: {{{customer}, name: \"Renamed {i}\"}})",
            3 => $"upsertTicket(input: {{customer: {{{customer}}}, subject: \"Ticket {i}\", openedAt: \"2026-03-16T09:00:00Z\"}})",
            4 => $"upsertProduct(input: {{sku: \"P{i}\", name: \"Product {i}\"}})",
            5 => $"upsertCustomer(input: {{name: \"New {i}\"}})",
            _ => $"createSegment(input: {{key: \"s{i}\", name: \"Segment {i}\", definition: {{orderCount: {{gte: {i % 3}}}}}}})",
        };
        return "mutation { " + written + " { errors { ... on Error { message } } } }";
    }

    private static string CustomerId(LiveBench bench, int i) => NodeIds.FormatGuid("Customer", i % 2 == 0 ? bench.CustomerOfAnn : bench.CustomerOfBob);

    private static string Fresh(string id) => Watch(id).Replace("subscription", "query", StringComparison.Ordinal)
        .Replace("currentReportResultUpdated", "currentReportResult", StringComparison.Ordinal);

    private static List<string> Sections(JsonElement answer) =>
        [.. answer.GetProperty("data").EnumerateObject().First().Value.GetProperty("sections").EnumerateArray().Select(s => s.GetRawText())];

    private static JsonElement Section(JsonElement answer, int at) =>
        answer.GetProperty("data").GetProperty("currentReportResultUpdated").GetProperty("sections")[at].GetProperty("data");

    private static string Watch(string id) =>
        "subscription { currentReportResultUpdated(id: \"" + id + "\", parameters: {p: {range: {from: \"2020-01-01\", until: \"2100-01-01\"}}}) "
        + "{ sections { data errors } } }";

    private static async Task<string> CreateAsync(LiveBench bench, params IEnumerable<string> operations)
    {
        var sections = string.Join(' ', operations.Select(o => "{heading: \"H\", operation: " + JsonSerializer.Serialize(o) + "}"));
        var made = await bench.SendAsync(
            "mutation { createReportDefinition(input: {key: \"watched\", title: \"Watched\", content: {purpose: OTHER, audience: \"all\", "
            + "parameters: [{name: \"p\", type: \"PeriodInput!\"}], sections: [" + sections + "]}}) "
            + "{ reportDefinition { id } errors { ... on Error { message } } } }");
        return made.GetProperty("data").GetProperty("createReportDefinition").GetProperty("reportDefinition").GetProperty("id").GetString()!;
    }

    private static async Task<string> NextAsync(LiveStream stream)
    {
        var answer = await stream.NextAsync();
        Assert.False(answer.TryGetProperty("errors", out var errors), errors.ToString());
        return string.Join(',', answer.GetProperty("data").GetProperty("currentReportResultUpdated").GetProperty("sections").EnumerateArray()
            .Select(s => s.GetProperty("data").GetProperty("metrics").GetProperty("totals").GetProperty("orders").GetProperty("value").GetRawText()));
    }
}
