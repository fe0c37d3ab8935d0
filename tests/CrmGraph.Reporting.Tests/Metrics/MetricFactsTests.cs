using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Tests.Analyses;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>The rows behind numbers: page by page they add up to what `metrics` says, which the oracle has proved, and they are those of memory.</summary>
public sealed class MetricFactsTests
{
    private const string Period = "{last: {count: 7, unit: MONTH}}";

    /// <summary>What has no rows that add up to it.</summary>
    private static readonly string[] Unlisted =
    [
        "cac numerator", "contractChurnRate denominator", "contractChurnRate numerator", "customerGrowthRate numerator", "grossRevenueRetention denominator",
        "grossRevenueRetention numerator", "lifetimeValueToCac denominator", "lifetimeValueToCac numerator", "marketingSpend", "netCustomerGrowth",
        "netRevenueRetention denominator", "netRevenueRetention numerator", "ordersPerDay denominator", "repeatPurchaseRate numerator", "reportReaders",
        "reportRuns", "returnOnSpend denominator", "returnOnSpend numerator", "churnRate numerator",
    ];

    [Fact]
    public async Task The_rows_behind_every_metric_add_up_to_it()
    {
        await using var bench = await AnalysisBench.CreateAsync(DatabaseKind.Sqlite);
        var unlisted = new List<string>();
        foreach (var metric in MetricCatalog.All.Where(m => m.Deprecation is null).Select(m => m.Key))
            if (!await AddsUpAsync(bench, metric, null, Caller.System, unlisted))
                foreach (var part in new[] { "NUMERATOR", "DENOMINATOR" })
                    await AddsUpAsync(bench, metric, part, Caller.System, unlisted);
        Assert.Equal(Unlisted.Order(StringComparer.Ordinal), unlisted.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task They_do_so_on_PostgreSQL_and_for_callers_who_see_a_part()
    {
        await using var bench = await AnalysisBench.CreateAsync(DatabaseKind.Postgres);
        foreach (var (metric, part) in new[]
        {
            ("revenue", null), ("unitsSold", null), ("buyers", null), ("oneTimeBuyers", null), ("medianOrderValue", null), ("openTickets", null),
            ("resolutionTime", null), ("nps", "NUMERATOR"), ("customerLifetimeValue", "DENOMINATOR"), ("wonAmount", null), ("weightedPipeline", null),
            ("openPipelineAge", null), ("recurringRevenue", null), ("customersAtEnd", null), ("newCustomers", null), ("lostCustomers", null),
            ("campaignRevenue", null), ("npsResponseRate", "NUMERATOR"),
        })
            Assert.True(await AddsUpAsync(bench, metric, part, bench.Representative, []), metric);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Rows_of_cells_are_those_of_memory(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        string[] groupings = ["CHANNEL", "OWNER, COUNTRY", "PRODUCT_CATEGORY", "TAG", "AGE_BAND", "WEEKDAY", "COHORT", "CUSTOMER"];
        foreach (var by in kind == DatabaseKind.Sqlite ? groupings : groupings[..4])
            foreach (var metric in by == "CHANNEL" ? new[] { "revenue", "buyers", "orders" } : ["orders"])
            {
                var table = await bench.AskAsync(
                    $"{{ metrics(period: {Period}, groupBy: [{by}]) {{ groupTotals {{ dimensions {{ dimension key }} "
                    + $"values(metrics: [\"{metric}\"]) {{ value }} }} }} }}",
                    bench.Representative);
                foreach (var row in table.List("groupTotals").Take(2))
                {
                    var cell = string.Join(", ", row.List("dimensions").Select(
                        d => $"{{dimension: {d.Text("dimension")}, key: {JsonSerializer.Serialize(d.Text("key"))}}}"));
                    var rows = await ReadAsync(bench, metric, $"cell: [{cell}]", bench.Representative);
                    Assert.Equal(row.List("values").Single().Number("value"), rows.Value);
                    Assert.Equal((rows.Value ?? 0).Six(), rows.Values.Sum().Six());
                }
            }

        var channel = bench.Crm.Orders.Where(o => o.Channel is not null).GroupBy(o => o.Channel!).MaxBy(c => c.Count())!.Key;
        var orders = bench.Customers(bench.Representative).SelectMany(AnalysisBench.OrdersOf).Where(o => o.Channel == channel && o.Day >= First(bench))
            .Where(o => o.GrossAmount != 0 || o.ReturnedAmount != 0).ToList();
        Assert.NotEmpty(orders);
        var listed = await ReadAsync(bench, "revenue", $"cell: [{{dimension: CHANNEL, key: \"{channel}\"}}]", bench.Representative);
        Assert.Equal(orders.Select(o => bench.Worth(o).Six()).Order(), listed.Values.Select(v => v.Six()).Order());
        Assert.Equal(orders.Select(o => o.Day).Distinct().OrderDescending(), listed.Days.Distinct());
    }

    [Fact]
    public async Task Of_a_hidden_number_no_rows_are_told()
    {
        await using var bench = await AnalysisBench.CreateAsync(DatabaseKind.Sqlite, sizes: new() { Customers = 40, Orders = 200, SmallGroupMinimum = 6 });
        var analyst = new Caller("analyst", Role.Analyst, null, null);
        var table = await bench.AskAsync(
            $"{{ metrics(period: {Period}, groupBy: [COUNTRY]) {{ groupTotals {{ dimensions {{ key }} orders {{ value reason }} }} }} }}", analyst);
        var hidden = table.List("groupTotals").Where(r => r.GetProperty("orders").Text("reason") == "SUPPRESSED_SMALL_GROUP").ToList();
        Assert.NotEmpty(hidden);
        foreach (var row in hidden.Take(2))
        {
            var cell = $"cell: [{{dimension: COUNTRY, key: {JsonSerializer.Serialize(row.List("dimensions").Single().Text("key"))}}}]";
            var query = $"{{ facts(metric: \"orders\", period: {Period}, {cell}) {{ value reason totalCount nodes {{ day }} }} }}";
            var facts = await bench.AskAsync(query, analyst);
            Assert.Equal((null, "SUPPRESSED_SMALL_GROUP", 0m), (facts.Number("value"), facts.Text("reason"), facts.Number("totalCount")));
            Assert.Empty(facts.List("nodes"));
            Assert.NotEqual(0, (await bench.AskAsync(query)).Number("totalCount"));
        }
    }

    [Theory]
    [InlineData("metric: \"averageOrderValue\"", "METRIC_INVALID_ARGUMENT")]
    [InlineData("metric: \"revenue\", part: NUMERATOR", "METRIC_INVALID_ARGUMENT")]
    [InlineData("metric: \"marketingSpend\"", "METRIC_UNSUPPORTED")]
    [InlineData("metric: \"revenues\"", "METRIC_UNKNOWN")]
    [InlineData("metric: \"tickets\", cell: [{dimension: PRODUCT, key: null}]", "METRIC_UNSUPPORTED")]
    [InlineData("metric: \"orders\", cell: [{dimension: WEEKDAY, key: \"Funday\"}]", "METRIC_INVALID_ARGUMENT")]
    [InlineData("metric: \"orders\", cell: [{dimension: OWNER, key: \"me\"}]", "INVALID_ID")]
    [InlineData("metric: \"orders\", cell: [{dimension: SEGMENT, key: \"me\"}]", "METRIC_INVALID_ARGUMENT")]
    [InlineData("metric: \"orders\", after: \"x\"", "HC0078")]
    public async Task What_cannot_be_listed_has_a_code(string arguments, string code)
    {
        await using var bench = await AnalysisBench.CreateAsync(DatabaseKind.Sqlite, sizes: new() { Customers = 4, Orders = 9 });
        Assert.Equal(code, await bench.Client.CodeAsync($"{{ facts({arguments}, period: {Period}) {{ value nodes {{ day }} }} }}"));
    }

    private static DateOnly First(AnalysisBench bench) => new DateOnly(bench.Crm.Today.Year, bench.Crm.Today.Month, 1).AddMonths(-6);

    /// <summary>False when the metric is a quotient and no part is named; noted when there is nothing to list.</summary>
    private static async Task<bool> AddsUpAsync(AnalysisBench bench, string metric, string? part, Caller caller, List<string> unlisted)
    {
        var argument = part is null ? "" : $"part: {part}";
        var answer = await bench.Client.SendAsync($"{{ facts(metric: \"{metric}\", period: {Period}, {argument}) {{ value }} }}", caller: caller);
        switch (answer.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("extensions").Text("code") : null)
        {
            case "METRIC_INVALID_ARGUMENT":
                return false;
            case "METRIC_UNSUPPORTED":
                unlisted.Add(part is null ? metric : $"{metric} {part.ToLowerInvariant()}");
                return true;
        }

        var rows = await ReadAsync(bench, metric, argument, caller);
        var totals = await bench.AskAsync(
            $"{{ metrics(period: {Period}) {{ totals {{ values(metrics: [\"{metric}\"]) {{ value numerator denominator }} }} }} }}", caller);
        var expected = totals.GetProperty("totals").List("values").Single().Number(part?.ToLowerInvariant() ?? "value");
        Assert.Equal(expected, rows.Value);
        if (rows.AddsUp)
            Assert.True((expected ?? 0).Six() == rows.Values.Sum().Six(), $"{metric} {part} is {expected}, its {rows.Values.Count} rows {rows.Values.Sum()}");
        else if (expected is not null && !metric.EndsWith("P90", StringComparison.Ordinal) && metric != "resolvedInTime")
            Assert.Equal(expected.Six(), Median(rows.Values).Six());
        return true;
    }

    private static decimal Median(List<decimal> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }

    private static async Task<(decimal? Value, bool AddsUp, List<decimal> Values, List<DateOnly> Days)> ReadAsync(
        AnalysisBench bench, string metric, string arguments, Caller caller)
    {
        var (values, days, after) = (new List<decimal>(), new List<DateOnly>(), "null");
        while (true)
        {
            var page = await bench.AskAsync(
                $"{{ facts(metric: \"{metric}\", period: {Period}, first: 90, after: {after}, {arguments}) {{ value addsUp totalCount pageInfo {{ hasNextPage "
                + "endCursor } nodes { type day value customer { id } order { id } orderLine { id } ticket { id } surveyResponse { id } opportunity { id } "
                + "contract { id } } } }",
                caller);
            foreach (var node in page.List("nodes"))
            {
                values.Add(node.Number("value")!.Value);
                if (node.Text("day") is { } day)
                    days.Add(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));
                var type = node.Text("type")!.Split('_').Select(w => w[..1] + w[1..].ToLowerInvariant());
                var field = string.Concat(type);
                Assert.Equal(JsonValueKind.Object, node.GetProperty(char.ToLowerInvariant(field[0]) + field[1..]).ValueKind);
            }

            if (!page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean())
            {
                Assert.Equal(values.Count, page.Number("totalCount"));
                return (page.Number("value"), page.GetProperty("addsUp").GetBoolean(), values, days);
            }

            after = JsonSerializer.Serialize(page.GetProperty("pageInfo").Text("endCursor"));
        }
    }
}
