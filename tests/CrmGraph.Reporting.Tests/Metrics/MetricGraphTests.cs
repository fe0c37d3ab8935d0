using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.TestKit;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.TestKit;
using Snapshooter.Xunit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>Metrics as a client sees them: through the schema.</summary>
public sealed class MetricGraphTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Typed_fields_and_values_by_name_are_the_same_and_ids_do_not_depend_on_the_selection(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 3);
        const string query = """
            {
              a: metrics(period: {last: {count: 6, unit: MONTH}}, grain: MONTH, groupBy: [COUNTRY, OWNER], compareTo: PREVIOUS_YEAR,
                order: [{revenue: DESC}], first: 3, where: {customer: {kind: {eq: PERSON}}, channel: {in: ["web", "store"]}}) {
                id groupCount currency asOf version period { start until days incomplete } comparison { start until }
                groupTotals {
                  id key country owner { id name } dimensions { dimension key label kind }
                  revenue { value currency previous change changeRatio favourable } values(metrics: ["revenue", "orders"]) { metric { key label } value }
                }
                totals { orders { value reason metric { key name version } } }
              }
              b: metrics(period: {last: {count: 6, unit: MONTH}}, grain: MONTH, groupBy: [COUNTRY, OWNER], compareTo: PREVIOUS_YEAR,
                order: [{revenue: DESC}], first: 3, where: {channel: {in: ["web", "store"]}, customer: {kind: {eq: PERSON}}}) {
                id bucketTotals { bucket { start until label incomplete startsAt hour } }
              }
            }
            """;
        var answer = await RunAsync(bench, query);
        Snapshot.Match(Transcript.Of(query, answer));
        var (a, b) = (answer.GetProperty("a"), answer.GetProperty("b"));
        Assert.Equal(a.GetProperty("id").GetString(), b.GetProperty("id").GetString());
        foreach (var row in a.GetProperty("groupTotals").EnumerateArray())
            Assert.Equal(row.GetProperty("revenue").GetProperty("value").GetRawText(), row.GetProperty("values")[0].GetProperty("value").GetRawText());
    }

    [Fact]
    public async Task The_catalogue_lists_every_field_of_a_row_with_its_labels_and_formula()
    {
        await using var bench = await MetricBench.CreateAsync(
            DatabaseKind.Sqlite,
            3,
            new SampleSizes { Customers = 5, Orders = 5, Contacts = 2, Opportunities = 2 });
        var answer = await RunAsync(bench,
            "{ metricCatalog { key name label labels { language text } formula unit kind additivity dimensions grains emptyRule version favourable "
            + "requirement } __type(name: \"MetricRow\") { fields(includeDeprecated: true) { name } } }");
        var keys = answer.GetProperty("metricCatalog").EnumerateArray().Select(m => m.GetProperty("key").GetString()!).ToList();
        var fields = answer.GetProperty("__type").GetProperty("fields").EnumerateArray().Select(f => f.GetProperty("name").GetString()!).ToHashSet();
        Assert.Equal(MetricCatalog.All.Select(m => m.Key), keys);
        Assert.Subset(fields, keys.ToHashSet());
        string[] asked = ["revenue", "grossRevenue", "returns", "orders", "averageOrderValue", "activeCustomers", "newCustomers", "totalCustomers",
            "retentionRate", "churnRate",
            "purchaseFrequency", "nps", "csat", "cac", "winRate", "openPipeline"];
        Assert.Subset(keys.ToHashSet(), asked.ToHashSet());
        Assert.All(
            answer.GetProperty("metricCatalog").EnumerateArray(),
            m => Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", m.GetProperty("labels")[1].GetProperty("text").GetString()!));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_metric_answers_over_the_whole_calendar(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 3, new SampleSizes { Customers = 5, Orders = 5, Contacts = 2, Opportunities = 2 });
        foreach (var comparison in Enum.GetValues<Comparison>())
        {
            var whole = new PeriodInput { Range = new DayRangeInput { From = Periods.Calendar.From, Until = Periods.Calendar.Until } };
            var table = await bench.ComputeAsync(new MetricQuery { Period = whole, CompareTo = comparison }, Caller.System);
            Assert.InRange(table.Totals.Values["orders"].Value!.Value, 1, bench.Crm.Orders.Count);
        }
    }

    [Theory]
    [InlineData("{ metrics(period: {last: {count: 0, unit: DAY}}) { id } }", "INVALID_ARGUMENT")]
    [InlineData("{ metrics(period: {last: {count: 2025, unit: YEAR}}) { id } }", "INVALID_ARGUMENT")]
    [InlineData("{ metrics(period: {range: {from: \"0001-01-01\", until: \"2026-01-01\"}}) { id totals { activeCustomers { value } } } }", "INVALID_ARGUMENT")]
    [InlineData("{ metrics(period: {range: {from: \"2026-01-01\", until: \"9999-12-31\"}}) { id totals { openPipeline { value } } } }", "INVALID_ARGUMENT")]
    [InlineData("{ metrics(period: {last: {count: 1, unit: DAY}}, groupBy: [SEGMENT]) { id } }", MetricErrorCodes.InvalidArgument)]
    [InlineData("{ metrics(period: {last: {count: 1, unit: DAY}}, groupBy: [CITY, CITY]) { id } }", MetricErrorCodes.InvalidArgument)]
    [InlineData("{ metrics(period: {last: {count: 1, unit: DAY}}, groupBy: [CITY], first: 0) { id } }", MetricErrorCodes.InvalidArgument)]
    [InlineData("{ metrics(period: {last: {count: 1, unit: DAY}}, currency: \"euro\") { id } }", MetricErrorCodes.InvalidArgument)]
    [InlineData("{ metrics(period: {last: {count: 1, unit: DAY}}, currency: \"ZZZ\") { id } }", MetricErrorCodes.InvalidArgument)]
    [InlineData("{ metrics(period: {last: {count: 40, unit: YEAR}}, grain: DAY) { rows { revenue { value } } } }", MetricErrorCodes.TooManyRows)]
    [InlineData("{ metrics(period: {last: {count: 1, unit: DAY}}) { totals { values(metrics: [\"profit\"]) { value } } } }", MetricErrorCodes.UnknownMetric)]
    public async Task A_senseless_question_gets_a_code_and_a_message_that_says_what_would_be_right(string query, string code)
    {
        await using var bench = await MetricBench.CreateAsync(
            DatabaseKind.Sqlite,
            3,
            new SampleSizes { Customers = 5, Orders = 5, Contacts = 2, Opportunities = 2 });
        var errors = (await ExecuteAsync(bench, query)).GetProperty("errors");
        Assert.Equal(code, errors[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.True(errors[0].GetProperty("message").GetString()!.Length > 25);
    }

    [Theory]
    [InlineData("{ metrics(period: {toDate: YEAR}, groupBy: [REGION]) { rows { cac { value reason } } } }", "REGION")]
    [InlineData("{ metrics(period: {toDate: YEAR}, groupBy: [TICKET_KIND]) { rows { orders { value } cac { value reason } } } }", "TICKET_KIND")]
    [InlineData("{ metrics(period: {toDate: YEAR}, groupBy: [CHANNEL, CITY]) { b: totals { values(metrics: [\"cac\"]) { value } } } }", "CHANNEL, CITY")]
    [InlineData(
        "{ a: metrics(period: {toDate: YEAR}, groupBy: [OWNER], first: 1) { groupTotals { ...F } } } fragment F on MetricRow { x: cac { value } }",
        "OWNER")]
    public async Task A_metric_by_a_dimension_that_it_cannot_have_is_an_error_that_names_both(string query, string dimensions)
    {
        await using var bench = await MetricBench.CreateAsync(
            DatabaseKind.Sqlite,
            3,
            new SampleSizes { Customers = 5, Orders = 5, Contacts = 2, Opportunities = 2 });
        var error = (await ExecuteAsync(bench, query)).GetProperty("errors")[0];
        Assert.Equal(MetricErrorCodes.Unsupported, error.GetProperty("extensions").GetProperty("code").GetString());
        Assert.Contains(
            $"\"cac\" cannot be grouped by {dimensions}, only by ACQUISITION_CHANNEL",
            error.GetProperty("message").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_metrics_that_can_be_grouped_one_that_cannot_has_its_reason()
    {
        await using var bench = await MetricBench.CreateAsync(DatabaseKind.Sqlite, 3);
        var rows = (await RunAsync(
            bench,
            "{ metrics(period: {last: {count: 2, unit: YEAR}}, groupBy: [REGION]) { rows { orders { value } cac { value reason } } } }"))
                .GetProperty("metrics").GetProperty("rows");
        Assert.NotEqual(0, rows.GetArrayLength());
        Assert.All(rows.EnumerateArray(), r => Assert.Equal("""{"value":null,"reason":"UNSUPPORTED_GROUPING"}""", r.GetProperty("cac").GetRawText()));
    }

    [Fact]
    public async Task A_table_of_groups_of_which_nothing_can_be_told_says_why_it_has_none()
    {
        await using var bench = await MetricBench.CreateAsync(
            DatabaseKind.Sqlite,
            3,
            new SampleSizes { Customers = 5, Orders = 5, Contacts = 2, Opportunities = 2 });
        var answer = await ExecuteAsync(
            bench,
            "{ metrics(period: {toDate: YEAR}, groupBy: [CHANNEL], where: {knownCustomersOnly: true}) { rows { marketingSpend { value } } } }");
        Assert.Contains(
            "\"marketingSpend\" has no value, the reason is UNSUPPORTED_FILTER",
            answer.GetProperty("errors")[0].GetProperty("message").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_are_what_the_formula_gives_and_the_catalogue_says_how_to_show_them()
    {
        await using var bench = await MetricBench.CreateAsync(DatabaseKind.Sqlite, 3);
        var answer = await RunAsync(bench,
            "{ metrics(period: {last: {count: 2, unit: YEAR}}) { totals { nps { value metric { decimals } } revenue { metric { decimals } } orders { metric "
            + "{ decimals } } npsResponses { value } } } }");
        var (totals, answers) = (answer.GetProperty("metrics").GetProperty("totals"), bench.Crm.SurveyResponses
            .Where(a => a.Kind == SurveyKind.Nps && a.Day >= new DateOnly(2025, 1, 1))
            .ToList());
        var points = answers.Count(a => a.Score >= 9) - answers.Count(a => a.Score <= 6);
        Assert.NotEqual(0, points * 1_000_000 % answers.Count);
        Assert.Equal(100m * points / answers.Count, totals.GetProperty("nps").GetProperty("value").GetDecimal(), 12);
        Assert.Equal((1, 0), (totals.GetProperty("nps").GetProperty("metric").GetProperty("decimals").GetInt32(), totals.GetProperty("orders")
            .GetProperty("metric")
            .GetProperty("decimals")
            .GetInt32()));
        Assert.Equal(JsonValueKind.Null, totals.GetProperty("revenue").GetProperty("metric").GetProperty("decimals").ValueKind);
    }

    private static async Task<JsonElement> RunAsync(MetricBench bench, string query)
    {
        var response = await ExecuteAsync(bench, query);
        Assert.False(response.TryGetProperty("errors", out var errors), errors.ToString());
        return response.GetProperty("data");
    }

    private static async Task<JsonElement> ExecuteAsync(MetricBench bench, string query)
    {
        await using var client = new GraphQLClient(bench.Database);
        return await client.SendAsync(query);
    }
}
