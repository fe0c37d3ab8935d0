using System.Globalization;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Tests.Analyses;
using CrmGraph.Reporting.Tests.Imports;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>Several additional attributes in one table: of customers, orders and tickets, by their values and in bands.</summary>
public sealed class SeveralAttributesTests
{
    private const MetricDimension Value = MetricDimension.Attribute, Band = MetricDimension.AttributeBand, OfOrder = MetricDimension.OrderAttribute,
        OfTicket = MetricDimension.TicketAttribute;

    private static readonly MetricAttributeInput Plan = new("Plan"), Size = new("shoe size"), Sizes = new("shoe size", [38, 42.5m]), Gift = new("gift"),
        Weights = new("weight", [2, 3.5m]), Line = new("product line"), Floors = new("floor", [0, 10]);

    public static TheoryData<DatabaseKind, int> Cases => new() { { DatabaseKind.Sqlite, 1 }, { DatabaseKind.Postgres, 1 }, { DatabaseKind.Sqlite, 7 } };

    [Theory, MemberData(nameof(Cases))]
    public async Task Every_metric_equals_the_oracle_by_several_attributes(DatabaseKind kind, int seed)
    {
        await using var bench = await BenchAsync(kind, seed);
        var owners = bench.Crm.Members.Take(3).Select(m => m.Id).Order().ToList();
        var manager = new Caller("manager", Role.Manager, owners[0], owners);
        var query = bench.Query();
        await bench.CheckAsync(
            query with { GroupBy = [Value, Value], Attributes = [Plan, Size], CompareTo = Comparison.PreviousPeriod, Grain = TimeGrain.Year }, manager);
        await bench.CheckAsync(query with { GroupBy = [Band, MetricDimension.Channel, Value], Attributes = [Sizes, Plan] }, Caller.System);
        await bench.CheckAsync(
            query with { GroupBy = [Value, Value, Band, Band], Attributes = [Size, new("nothing"), Sizes, new("shoe size", [40])] }, manager);
        await bench.CheckAsync(
            query with { GroupBy = [OfOrder, Value, OfOrder], Attributes = [Gift, Plan, Weights], Grain = TimeGrain.Quarter }, Caller.System);
        await bench.CheckAsync(query with { GroupBy = [OfOrder, MetricDimension.ProductCategory, OfOrder], Attributes = [Weights, Gift] }, manager);
        await bench.CheckAsync(query with { GroupBy = [OfTicket, OfTicket, MetricDimension.TicketKind], Attributes = [Line, Floors] }, Caller.System);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_first_groups_are_those_of_the_whole_table_and_the_others_make_up_the_totals(DatabaseKind kind)
    {
        await using var bench = await BenchAsync(kind, 3);
        foreach (var (by, attributes) in new (MetricDimension[], MetricAttributeInput[])[]
        {
            ([Value, Value], [Plan, Size]), ([Band, Value], [Sizes, Plan]), ([OfOrder, OfOrder], [Gift, Weights]), ([OfOrder, Band], [Weights, Sizes]),
        })
            await bench.CheckOthersAsync(bench.Query() with
            {
                GroupBy = by,
                Attributes = attributes,
                First = 2,
                Order = [new(MetricCatalog.Require("orders"), true)],
                Grain = TimeGrain.Year,
            });
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Tables_charts_facts_and_explanations_name_the_attributes(DatabaseKind kind)
    {
        await using var bench = await BenchAsync(kind, 3);
        await using var client = new GraphQLClient(bench.Database);
        var answer = await client.DataAsync(
            """
            {
              metrics(period: {last: {count: 3, unit: YEAR}}, groupBy: [ATTRIBUTE, ATTRIBUTE, ORDER_ATTRIBUTE], subtotals: true,
                attributes: [{key: "shoe size", bands: [40]}, {key: "Plan"}, {key: "weight", bands: [2, 3.5]}]) {
                rows { level size: attribute plan: attribute(key: "Plan") weight: orderAttribute(key: "weight") dimensions { attribute key label kind } orders { value } }
                totals { orders { value } }
              }
              chart: metrics(period: {last: {count: 3, unit: YEAR}}, groupBy: [ATTRIBUTE, ATTRIBUTE], attributes: [{key: "Plan"}, {key: "shoe size"}]) {
                pivot(metrics: ["orders"]) { columns { keys { attribute key } } rows { x values } }
                turned: pivot(metrics: ["orders"], by: [ATTRIBUTE]) { columns { keys { attribute } } }
              }
              cell: facts(metric: "orders", period: {last: {count: 3, unit: YEAR}}, attributes: [{key: "shoe size", bands: [40]}, {key: "Plan"}],
                cell: [{dimension: ATTRIBUTE, key: "40.."}, {dimension: ATTRIBUTE, key: "Gold"}]) { value totalCount nodes { customer { attributes { key value } } } }
              explain(metric: "orders", period: {last: {count: 1, unit: YEAR}}, by: [ATTRIBUTE, ATTRIBUTE, ORDER_ATTRIBUTE],
                attributes: [{key: "Plan"}, {key: "shoe size", bands: [40]}, {key: "gift"}]) {
                change dimensions { dimension attribute contributions { contribution member { key attribute } } }
              }
            }
            """);
        List<JsonElement> rows = [.. answer.GetProperty("metrics").List("rows")];
        var whole = rows.Where(r => r.Number("level") == 3).ToList();
        Assert.Equal(answer.GetProperty("metrics").GetProperty("totals").GetProperty("orders").Number("value"), whole.Sum(Orders));
        Assert.All(
            rows.Where(r => r.Number("level") > 0), r => Assert.Equal(["shoe size", "Plan", "weight"], r.List("dimensions").Select(d => d.Text("attribute"))));
        Assert.All(whole, r => Assert.Equal(r.List("dimensions").Select(d => d.Text("key")), [r.Text("size"), r.Text("plan"), r.Text("weight")]));
        Assert.Equal(["..40", "40..", null], whole.Select(r => r.Text("size")).Distinct());
        Assert.Contains("2 to under 3.5", whole.Select(r => r.List("dimensions").Last().Text("label")));
        foreach (var part in rows.Where(r => r.Number("level") == 2))
            Assert.Equal(Orders(part), whole.Where(r => (r.Text("size"), r.Text("plan")) == (part.Text("size"), part.Text("plan"))).Sum(Orders));

        var cell = answer.GetProperty("cell");
        Assert.Equal(Orders(rows.Single(r => r.Number("level") == 2 && (r.Text("size"), r.Text("plan")) == ("40..", "Gold"))), cell.Number("value"));
        Assert.Equal(cell.Number("value"), cell.Number("totalCount"));
        Assert.True(cell.Number("value") > 0);
        foreach (var attributes in cell.List("nodes").Select(f => f.GetProperty("customer").List("attributes"))
            .Select(all => all.ToDictionary(a => a.Text("key")!, a => a.Text("value")!)))
            Assert.True(attributes["Plan"] == "Gold" && decimal.Parse(attributes["shoe size"], CultureInfo.InvariantCulture) >= 40);

        var pivot = answer.GetProperty("chart").GetProperty("pivot");
        Assert.Equal([("Plan", "Gold"), ("Plan", "gold"), ("Plan", null)], pivot.List("columns").Select(c => c.List("keys").Single())
            .Select(k => (k.Text("attribute"), k.Text("key"))));
        Assert.Equal("36", pivot.List("rows").First().Text("x"));
        Assert.Equal("Plan", answer.GetProperty("chart").GetProperty("turned").List("columns").First().List("keys").Single().Text("attribute"));

        var explained = answer.GetProperty("explain");
        Assert.Equal(["Plan", "shoe size", "gift"], explained.List("dimensions").Select(d => d.Text("attribute")));
        foreach (var dimension in explained.List("dimensions"))
            Assert.Equal(explained.Number("change"), dimension.List("contributions").Sum(c => c.Number("contribution")));

        static decimal? Orders(JsonElement row) => row.GetProperty("orders").Number("value");
    }

    /// <summary>Whoever cuts by several attributes sees no group that is too small, and none that follows from what is shown.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Small_groups_of_attributes_are_hidden_with_what_would_give_them_away(DatabaseKind kind)
    {
        await using var bench = await BenchAsync(kind, 4, new SampleSizes { SmallGroupMinimum = 6 });
        var query = bench.Query() with { GroupBy = [Value, Value], Attributes = [Plan, Sizes], Subtotals = true };
        var analyst = new Caller("analyst", Role.Analyst, null, null);
        var hidden = 0;
        foreach (var (by, attributes) in new (MetricDimension[], MetricAttributeInput[])[]
        {
            ([Value, Value], [Plan, Size]), ([Band, Value], [Sizes, Plan]), ([Value, OfOrder], [Plan, Gift]), ([OfOrder, OfOrder], [Gift, Weights]),
        })
        {
            var asked = query with { GroupBy = by, Attributes = attributes };
            var (open, seen) = (await bench.ComputeAsync(asked, Caller.System), await bench.ComputeAsync(asked, analyst));
            foreach (var (all, shown) in open.GroupTotals.Zip(seen.GroupTotals))
            {
                Assert.Equal(all.Key, shown.Key);
                if (all.Values.TryGetValue("newCustomers", out var fresh) && fresh.Value is > 0 and < 6)
                    Assert.Equal(NoValueReason.SuppressedSmallGroup, shown.Values["newCustomers"].Reason);
                // Those who bought are among those who bought or returned: a shown count of buyers stands for at least as many people.
                Assert.True(shown.Values["buyers"].Value is null || shown.Values["buyers"].Value == all.Values["buyers"].Value);
            }

            foreach (var parent in seen.GroupTotals.Where(r => r.Level == 1).Append(seen.Totals))
            {
                var missing = seen.GroupTotals.Count(r => r.Level == parent.Level + 1 && r.Values["buyers"].Reason == NoValueReason.SuppressedSmallGroup
                    && (parent.Level == 0 || r.Dimensions[0].Key == parent.Dimensions[0].Key));
                hidden += missing;
                Assert.False(missing == 1 && parent.Values["buyers"].Value is not null, parent.Key);
            }
        }

        Assert.True(hidden > 0);
    }

    [Theory]
    [InlineData("groupBy: [ATTRIBUTE, ATTRIBUTE], attribute: \"Plan\"", "say in `attributes`")]
    [InlineData("groupBy: [ATTRIBUTE, ATTRIBUTE], attributes: [{key: \"Plan\"}, {key: \"Plan\"}]", "of \"Plan\" twice")]
    [InlineData("groupBy: [ATTRIBUTE_BAND, ATTRIBUTE_BAND], attributes: [{key: \"shoe size\", bands: [1]}, {key: \"shoe size\", bands: [1]}]", "twice")]
    [InlineData("groupBy: [REGION, REGION]", "by REGION twice")]
    [InlineData("groupBy: [ATTRIBUTE, ATTRIBUTE], attributes: [{key: \"Plan\"}]", "2, not 1")]
    [InlineData("groupBy: [ATTRIBUTE], attributes: [{key: \"Plan\"}, {key: \"gift\"}]", "1, not 2")]
    [InlineData("groupBy: [REGION], attributes: [{key: \"Plan\"}]", "0, not 1")]
    [InlineData("attributes: [{key: \"Plan\"}]", "0, not 1")]
    [InlineData("groupBy: [ATTRIBUTE], attributes: [{key: \"\"}]", "needs the name")]
    [InlineData("groupBy: [ATTRIBUTE], attributes: [{key: \"Plan\"}], attribute: \"Plan\"", "instead of `attribute`")]
    [InlineData("groupBy: [ATTRIBUTE_BAND], attributes: [{key: \"shoe size\"}]", "ATTRIBUTE_BAND needs the borders")]
    [InlineData("groupBy: [ATTRIBUTE], attributes: [{key: \"shoe size\", bands: [3, 2]}]", "`bands` in `attributes` must be ascending")]
    [InlineData("groupBy: [ATTRIBUTE_BAND], attributes: [{key: \"shoe size\"}]", "attributes: [{key: \"age\", bands: [18, 30, 50]}]")]
    [InlineData("groupBy: [ATTRIBUTE_BAND], attribute: \"shoe size\", attributeBands: [3, 2]", "`attributeBands` must be ascending")]
    [InlineData("groupBy: [ATTRIBUTE], attributes: [{key: \"Plan\", bands: [3]}]", "No value of the attribute \"Plan\" is a number")]
    [InlineData("groupBy: [ORDER_ATTRIBUTE], attributes: [{key: \"gift\", bands: [3]}]", "No value of the attribute \"gift\" is a number")]
    [InlineData("groupBy: [TICKET_ATTRIBUTE], attributes: [{key: \"product line\", bands: [3]}]", "No value of the attribute \"product line\" is a number")]
    [InlineData("groupBy: [ATTRIBUTE], attributes: [{key: \"shoe size\"}]", "not grouped by ATTRIBUTE of \"Plan\"", "plan: attribute(key: \"Plan\")")]
    [InlineData("groupBy: [ATTRIBUTE], attribute: \"Plan\"", "not grouped by ORDER_ATTRIBUTE of \"Plan\"", "orderAttribute(key: \"Plan\")")]
    public async Task What_cannot_be_is_refused_with_what_would_be_right(string arguments, string says, string door = "level")
    {
        await using var bench = await MetricBench.CreateAsync(DatabaseKind.Sqlite, 3);
        await using var client = new GraphQLClient(bench.Database);
        var error = (await client.SendAsync(
            $"{{ metrics(period: {{last: {{count: 1, unit: YEAR}}}}, {arguments}) {{ rows {{ {door} tickets {{ value }} }} }} }}")).GetProperty("errors")[0];
        Assert.Equal("METRIC_INVALID_ARGUMENT", error.GetProperty("extensions").GetProperty("code").GetString());
        Assert.Contains(says, error.GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    /// <summary>What no database can hold is in none of them, and PostgreSQL cannot even be asked for it.</summary>
    [Theory]
    [InlineData("metrics(PERIOD, groupBy: [ATTRIBUTE], attribute: TEXT) { rows { orders { value } } }")]
    [InlineData("metrics(PERIOD, groupBy: [ORDER_ATTRIBUTE], attributes: [{key: TEXT, bands: [1]}]) { rows { orders { value } } }")]
    [InlineData("explain(metric: \"orders\", PERIOD, by: [ATTRIBUTE], attribute: TEXT) { change }")]
    [InlineData("facts(metric: \"orders\", PERIOD, cell: [{dimension: CHANNEL, key: TEXT}]) { value }")]
    [InlineData("facts(metric: \"orders\", PERIOD, attribute: \"Plan\", cell: [{dimension: ATTRIBUTE, key: TEXT}]) { value }")]
    [InlineData("customerAggregates { groups(by: [ATTRIBUTE], attribute: TEXT) { count } }")]
    [InlineData("orderAggregates { distinctValues(field: ATTRIBUTE, attribute: TEXT) { count } }")]
    [InlineData("ticketAggregates { total { attribute(key: TEXT) { count } } }")]
    [InlineData("funnel(steps: [{stage: \"Won\"}, {stage: TEXT}]) { n }")]
    public async Task Texts_that_no_database_can_hold_are_refused(string selection)
    {
        await using var bench = await MetricBench.CreateAsync(DatabaseKind.Postgres, 3);
        await using var client = new GraphQLClient(bench.Database);
        var query = selection.Replace("PERIOD", "period: {last: {count: 1, unit: YEAR}}", StringComparison.Ordinal)
            .Replace("TEXT", "\"a\\u0000\"", StringComparison.Ordinal);
        Assert.EndsWith("INVALID_ARGUMENT", await client.CodeAsync($"{{ {query} }}", caller: Caller.System), StringComparison.Ordinal);
    }

    [PublicDataFact("telco_churn/Telco-Customer-Churn.csv")]
    public async Task Churn_of_the_telephone_company_is_one_table_by_contract_and_PaymentMethod()
    {
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        var file = await File.ReadAllBytesAsync(PublicData.PathOf("telco_churn/Telco-Customer-Churn.csv"));
        await ImportRun.WriteAsync(crm, ReadyMaps.Load("telco-churn"), ImportRun.File(file, "Telco-Customer-Churn.csv"));
        await using var client = new GraphQLClient(crm.Database);
        var customers = File.ReadLines(PublicData.PathOf("telco_churn/Telco-Customer-Churn.csv")).Skip(1).Select(l => l.Split(',')).ToList();

        var rows = (await client.DataAsync(
            """
            {
              metrics(period: {range: {from: "2020-01-01", through: "2020-01-01"}}, groupBy: [ATTRIBUTE, ATTRIBUTE], subtotals: true,
                attributes: [{key: "contract"}, {key: "PaymentMethod"}]) {
                rows { level contract: attribute payment: attribute(key: "PaymentMethod") churnRate { numerator denominator } }
              }
            }
            """)).GetProperty("metrics").List("rows").ToList();

        // The columns of the file: Contract is the 16th, PaymentMethod the 18th, Churn the last.
        Assert.Equal(12, rows.Count(r => r.Number("level") == 2));
        foreach (var row in rows)
        {
            var (level, rate) = (row.Number("level"), row.GetProperty("churnRate"));
            var like = customers.Where(c => (level < 1 || c[15] == row.Text("contract")) && (level < 2 || c[17] == row.Text("payment"))).ToList();
            Assert.Equal((like.Count(c => c[20] == "Yes"), like.Count), (rate.Number("numerator"), rate.Number("denominator")));
        }
    }

    /// <summary>The sample's data, with numbers as attributes of orders and tickets.</summary>
    private static async Task<MetricBench> BenchAsync(DatabaseKind kind, int seed, SampleSizes? sizes = null)
    {
        var bench = await MetricBench.CreateAsync(kind, seed, sizes);
        await using var db = bench.Database.CreateContext();
        foreach (var (i, order) in bench.Crm.Orders.Index().Where(o => o.Index % 4 > 0))
            order.Attributes.Add(Added(db, new OrderAttribute
            {
                CustomerId = order.CustomerId, FactId = order.Id, Key = "weight",
                Value = i % 7 == 0 ? "heavy" : string.Create(CultureInfo.InvariantCulture, $"{i % 11 / 2m}"),
            }));
        foreach (var (i, ticket) in bench.Crm.Tickets.Index().Where(t => t.Index % 3 > 0))
            ticket.Attributes.Add(Added(db, new TicketAttribute
            {
                CustomerId = ticket.CustomerId, FactId = ticket.Id, Key = "floor", Value = $"{(i % 30) - 5}",
            }));
        await db.SaveChangesAsync();
        return bench;

        static T Added<T>(CrmDbContext db, T attribute) where T : class
        {
            db.Add(attribute);
            return attribute;
        }
    }
}
