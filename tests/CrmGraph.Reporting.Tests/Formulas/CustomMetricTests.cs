using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Formulas;

/// <summary>Metrics of the company's own as a client sees them.</summary>
public sealed class CustomMetricTests
{
    private const string Months = "period: {range: {from: \"2026-01-01\", through: \"2026-03-31\"}}, currency: \"EUR\"";

    private const string Orders = """
        mutation { upsertOrders(input: {orders: [
          {orderedAt: "2026-01-05T12:00:00Z", currency: "EUR", amount: 100, channel: "WEB"},
          {orderedAt: "2026-02-05T12:00:00Z", currency: "EUR", amount: 300, channel: "WEB"},
          {orderedAt: "2026-02-06T12:00:00Z", currency: "EUR", amount: 60, channel: "SHOP"},
          {orderedAt: "2026-03-06T12:00:00Z", currency: "EUR", amount: 40, channel: "SHOP"}]}) { errors { ... on Error { message } } } }
        """;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task They_stand_beside_other_metrics_wherever_these_do(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        await client.DataAsync(Orders);
        await DefinedAsync(client, "basket", "revenue / orders");
        await DefinedAsync(client, "webRevenue", "revenue", """where: {channel: {eq: "WEB"}}""");
        await DefinedAsync(client, "webShare", "webRevenue / revenue", """labelZh: "线上占比", favourable: UP""");

        var rows = (await client.DataAsync($$"""
            { metrics({{Months}}, groupBy: [CHANNEL], order: [{custom: {key: "basket", direction: ASC} }]) {
                rows { channel custom(key: "basket") { value numerator denominator sampleSize ... on MoneyMetric { currency } }
                  share: custom(key: "webRevenue") { share rank }
                  values(metrics: ["webShare", "orders"]) { value metric { key unit expression } } }
                totals { custom(key: "webShare") { __typename value } web: custom(key: "basket", where: {channel: {eq: "WEB"} }) { value } } } }
            """)).GetProperty("metrics");
        Assert.Equal(["SHOP 50", "WEB 200"], rows.GetProperty("rows").EnumerateArray().Select(
            r => $"{r.GetProperty("channel")} {r.GetProperty("custom").GetProperty("value")}"));
        Assert.Equal(
            """{"value":50,"numerator":100,"denominator":2,"sampleSize":2,"currency":"EUR"}""", rows.GetProperty("rows")[0].GetProperty("custom").GetRawText());
        Assert.Equal("""{"share":1,"rank":1}""", rows.GetProperty("rows")[1].GetProperty("share").GetRawText());
        Assert.Equal(
            """[{"value":0,"metric":{"key":"webShare","unit":"ratio","expression":"webRevenue / revenue"}},"""
                + """{"value":2,"metric":{"key":"orders","unit":"orders","expression":null}}]""",
            rows.GetProperty("rows")[0].GetProperty("values").GetRawText());
        Assert.Equal("""{"custom":{"__typename":"RatioMetric","value":0.8},"web":{"value":200}}""", rows.GetProperty("totals").GetRawText());

        var months = (await client.DataAsync($$"""
            { metrics({{Months}}, grain: MONTH, compareTo: PREVIOUS_PERIOD) {
                bucketTotals { custom(key: "basket") { value previousReason cumulative(toDate: YEAR) moving(count: 2) } }
                series(metrics: ["basket"]) { name points { y } } } }
            """)).GetProperty("metrics");
        // 400 / 2 and 500 / 4 up to the month; the two last months together.
        Assert.Equal(
            ["100 100 ", "180 153.333333333333 153.333333333333", "40 125 133.333333333333"],
            months.GetProperty("bucketTotals").EnumerateArray().Select(r => r.GetProperty("custom"))
                .Select(v => $"{v.GetProperty("value")} {v.GetProperty("cumulative")} {v.GetProperty("moving")}"));
        Assert.Equal(
            """[{"name":"basket","points":[{"y":100},{"y":180},{"y":40}]}]""", months.GetProperty("series").GetRawText());

        var catalog = (await client.DataAsync("{ metricCatalog { key labels { text } dimensions emptyRule additivity } }")).GetProperty("metricCatalog");
        var share = catalog.EnumerateArray().Single(m => m.GetProperty("key").GetString() == "webShare");
        Assert.Equal(["webShare", "线上占比"], share.GetProperty("labels").EnumerateArray().Select(l => l.GetProperty("text").GetString()));
        Assert.Equal(("NON_ADDITIVE", "NULL"), (share.GetProperty("additivity").GetString(), share.GetProperty("emptyRule").GetString()));

        // The first groups by a metric of the company's own; the others keep the total.
        var first = (await client.DataAsync($$"""
            { metrics({{Months}}, groupBy: [CHANNEL], first: 1, order: [{custom: {key: "webRevenue", direction: DESC} }]) {
                groupCount rows { channel custom(key: "webRevenue") { value } orders { value } } } }
            """)).GetProperty("metrics").GetRawText();
        Assert.Equal("""{"groupCount":2,"rows":[{"channel":"WEB","custom":{"value":400},"orders":{"value":2}},"""
            + """{"channel":null,"custom":{"value":0},"orders":{"value":2}}]}""", first);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_dimension_that_a_part_lacks_is_an_error_with_both_names(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        await DefinedAsync(client, "trouble", "complaints / orders");
        foreach (var (by, part) in new[] { ("TICKET_KIND", "orders"), ("PRODUCT", "complaints") })
        {
            var error = Error(await client.SendAsync($$"""{ metrics({{Months}}, groupBy: [{{by}}]) { rows { custom(key: "trouble") { value } } } }"""));
            Assert.Equal("METRIC_UNSUPPORTED", error.Code);
            Assert.StartsWith($"The metric \"trouble\" cannot be grouped by {by}, only by ", error.Message, StringComparison.Ordinal);
            Assert.Contains($"It is made of \"{part}\".", error.Message, StringComparison.Ordinal);
        }

        // Beside a metric that can be told it has no value.
        var row = (await client.DataAsync(
            $$"""{ metrics({{Months}}, groupBy: [TICKET_KIND]) { totals { tickets { reason } custom(key: "trouble") { reason } } } }"""))
            .GetProperty("metrics").GetProperty("totals");
        Assert.Equal("UNSUPPORTED_GROUPING", row.GetProperty("custom").GetProperty("reason").GetString());
        var unknown = Error(await client.SendAsync($$"""{ metrics({{Months}}) { totals { custom(key: "truble") { value } } } }"""));
        Assert.Equal(
            ("METRIC_UNKNOWN", "There is no metric \"truble\". Did you mean \"trouble\"? `metricCatalog` lists those that exist."), unknown);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_change_is_a_version_and_says_first_what_it_moves(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        await client.DataAsync(Orders);
        var id = await DefinedAsync(client, "net", "revenue * 0.8");
        var basket = await DefinedAsync(client, "netBasket", "net / orders");
        await client.DataAsync("""
            mutation {
              createGoal(input: {goal: {name: "Net of spring", metric: "net", target: 1000, startDay: "2026-01-01", deadline: "2026-02-28"}}) {
                goal { id } errors { ... on Error { message } } }
              createReportDefinition(input: {key: "nets", title: "Nets", content: {purpose: OTHER, audience: "all", sections: [{heading: "h", chart: NUMBER,
                operation: "{ metrics(period: {month: \"2026-02\"}, currency: \"EUR\") { totals { custom(key: \"net\") { value } } } }"}]}}) {
                reportDefinition { id } errors { ... on Error { message } } } }
            """);
        var report = (await client.DataAsync("""{ reportDefinitionByKey(key: "nets") { id } }""")).GetProperty("reportDefinitionByKey").GetProperty("id");
        var run = await client.DataAsync("""
            mutation ($id: ID!) { runReport(input: {id: $id}) { reportResult { sections { data } } errors { ... on Error { message } } } }
            """, new { id = report.GetString() });
        Assert.Contains("288", run.GetRawText(), StringComparison.Ordinal);

        var preview = (await client.DataAsync("""
            { previewMetric(key: "net", formula: "revenue * 0.5") { useCount uses { use { kind name } start through before after change } } }
            """)).GetProperty("previewMetric");
        Assert.Equal(3, preview.GetProperty("useCount").GetInt32());
        Assert.Equal(
            ["METRIC netBasket", "REPORT nets 288 180 -108 2026-02-01 2026-02-28", "GOAL Net of spring 368 230 -138 2026-01-01 2026-02-28"],
            preview.GetProperty("uses").EnumerateArray().Select(Move));

        // Nothing was changed by that; what is used stays.
        Assert.Equal(400, await ValueAsync(client, "net"));
        var used = (await DoAsync(client, "deleteMetric", id)).GetProperty("errors")[0];
        Assert.Equal(("METRIC_IN_USE", 3), (used.GetProperty("code").GetString(), used.GetProperty("uses").GetArrayLength()));

        var changed = await ChangedAsync(client, id, """{formula: "revenue * 0.5"}""", 1);
        Assert.Equal(
            """{"customMetric":{"version":2,"formula":"revenue * 0.5","versions":[{"version":2,"formula":"revenue * 0.5"},"""
                + """{"version":1,"formula":"revenue * 0.8"}]},"errors":null}""",
            changed);
        Assert.Equal(250, await ValueAsync(client, "net"));
        // What the report showed before is no longer what it shows.
        Assert.Equal("null", (await client.DataAsync("""{ reportDefinitionByKey(key: "nets") { keptResult { version } } }"""))
            .GetProperty("reportDefinitionByKey").GetProperty("keptResult").GetRawText());
        Assert.Equal(62.5m, await ValueAsync(client, "netBasket"));
        Assert.Contains("METRIC_VERSION_CONFLICT", await ChangedAsync(client, id, """{formula: "revenue"}""", 1), StringComparison.Ordinal);
        Assert.Contains("\"version\":2", await ChangedAsync(client, id, """{label: "Net revenue"}""", null), StringComparison.Ordinal);
        // A formula that would make another one circle, or mean nothing, is refused.
        Assert.Contains("would be made of itself", await ChangedAsync(client, id, """{formula: "netBasket * orders"}""", null), StringComparison.Ordinal);
        Assert.Contains("Position 11: There is no metric", await ChangedAsync(client, id, """{formula: "revenue / ordrs"}""", null), StringComparison.Ordinal);

        await DoAsync(client, "archiveMetric", id);
        Assert.Equal(250, await ValueAsync(client, "net"));
        Assert.DoesNotContain("\"net\"", (await client.DataAsync("{ metricCatalog { key } }")).GetRawText(), StringComparison.Ordinal);
        Assert.Contains("archived", (await DefineAsync(client, "again", "net * 2", "")).GetRawText(), StringComparison.Ordinal);
        await DoAsync(client, "restoreMetric", id);
        await DefinedAsync(client, "again", "net * 2");
        Assert.Equal("netBasket", (await DoAsync(client, "deleteMetric", basket)).GetProperty("customMetric").GetProperty("key").GetString());
        Assert.Equal("METRIC_UNKNOWN", Error(await client.SendAsync($$"""{ metrics({{Months}}) { totals { custom(key: "netBasket") { value } } } }""")).Code);
    }

    [Fact]
    public async Task What_cannot_be_saved_is_refused_and_viewers_define_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var client = new GraphQLClient(database);
        await DefinedAsync(client, "mine", "orders");
        foreach (var (key, formula, more, code) in new[]
        {
            ("Mine", "orders", "", "METRIC_DEFINITION_INVALID"), ("my-own", "orders", "", "METRIC_DEFINITION_INVALID"),
            ("mine", "orders", "", "METRIC_KEY_TAKEN"), ("revenue", "orders", "", "METRIC_KEY_TAKEN"), ("other", "orders +", "", "METRIC_FORMULA_INVALID"),
            ("other", "other", "", "METRIC_FORMULA_INVALID"),
            ("other", "orders", "labelZh: \" \"", "METRIC_DEFINITION_INVALID"),
        })
            Assert.Equal(code, (await DefineAsync(client, key, formula, more)).GetProperty("errors")[0].GetProperty("code").GetString());
        var invalid = (await DefineAsync(client, "other", "orders + revenue", "")).GetProperty("errors")[0];
        Assert.Equal(8, invalid.GetProperty("position").GetInt32());
        var refused = await client.SendAsync(
            """mutation { defineMetric(input: {metric: {key: "x", label: "x", formula: "orders"}}) { customMetric { key } } }""",
            caller: new Caller("v", Role.Viewer, null, null));
        Assert.True(refused.TryGetProperty("errors", out _));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Callers_see_them_of_their_own_customers(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        await client.DataAsync(Orders);
        await DefinedAsync(client, "basket", "revenue / orders");
        await DefinedAsync(client, "roi", "revenue / marketingSpend");
        var own = (await client.DataAsync(
            $$"""{ metrics({{Months}}) { totals { custom(key: "basket") { reason } roi: custom(key: "roi") { reason } } } }""",
            caller: new Caller("rep", Role.Representative, null, []))).GetProperty("metrics").GetProperty("totals").GetRawText();
        Assert.Equal("""{"custom":{"reason":"NO_DATA"},"roi":{"reason":"NOT_ALLOWED"}}""", own);
    }

    private static async Task<decimal> ValueAsync(GraphQLClient client, string key) =>
        (await client.DataAsync($$"""{ metrics({{Months}}) { totals { custom(key: "{{key}}") { value } } } }"""))
            .GetProperty("metrics").GetProperty("totals").GetProperty("custom").GetProperty("value").GetDecimal();

    private static async Task<string> ChangedAsync(GraphQLClient client, string id, string change, int? version) => (await client.DataAsync($$"""
        mutation ($id: ID!, $version: Int) { updateMetric(input: {id: $id, change: {{change}}, expectedVersion: $version}) {
          customMetric { version formula versions { version formula } } errors { ... on Error { message } ... on ConflictError { code } } } }
        """, new { id, version })).GetProperty("updateMetric").GetRawText();

    private static string Move(JsonElement move)
    {
        var use = $"{move.GetProperty("use").GetProperty("kind")} {move.GetProperty("use").GetProperty("name")}";
        return use.StartsWith("METRIC", StringComparison.Ordinal)
            ? use
            : string.Join(' ', new[] { "before", "after", "change", "start", "through" }.Select(f => move.GetProperty(f).ToString()).Prepend(use));
    }

    private static async Task<JsonElement> DoAsync(GraphQLClient client, string mutation, string id) => (await client.DataAsync($$"""
        mutation ($id: ID!) { {{mutation}}(input: {id: $id}) { customMetric { key archivedAt }
          errors { ... on Error { message } {{(mutation == "deleteMetric" ? "... on MetricInUseError { code uses { kind name } }" : "")}} } } }
        """, new { id })).GetProperty(mutation);

    private static async Task<JsonElement> DefineAsync(GraphQLClient client, string key, string formula, string more) => (await client.DataAsync($$"""
        mutation ($key: String!, $formula: String!) { defineMetric(input: {metric: {key: $key, label: "{{key}}", formula: $formula, {{more}} } }) {
          customMetric { id }
          errors { ... on Error { message } ... on FormulaInvalidError { code position } ... on ValidationError { code } ... on ConflictError { code } } } }
        """, new { key, formula })).GetProperty("defineMetric");

    private static async Task<string> DefinedAsync(GraphQLClient client, string key, string formula, string more = "")
    {
        var payload = await DefineAsync(client, key, formula, more);
        Assert.True(payload.GetProperty("errors").ValueKind == JsonValueKind.Null, payload.GetRawText());
        return payload.GetProperty("customMetric").GetProperty("id").GetString()!;
    }

    private static (string? Code, string? Message) Error(JsonElement answer)
    {
        var error = answer.GetProperty("errors")[0];
        return (error.GetProperty("extensions").GetProperty("code").GetString(), error.GetProperty("message").GetString());
    }
}
