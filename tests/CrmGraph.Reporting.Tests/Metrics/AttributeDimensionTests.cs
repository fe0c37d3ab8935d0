using System.Text.Json;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Tests.Analyses;
using CrmGraph.Reporting.Tests.Imports;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>Metrics by an additional attribute of customers.</summary>
public sealed class AttributeDimensionTests
{
    [PublicDataFact("telco_churn/Telco-Customer-Churn.csv")]
    public async Task Churn_of_the_telephone_company_is_that_published_by_contract()
    {
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        var file = await File.ReadAllBytesAsync(PublicData.PathOf("telco_churn/Telco-Customer-Churn.csv"));
        await ImportRun.WriteAsync(crm, ReadyMaps.Load("telco-churn"), ImportRun.File(file, "Telco-Customer-Churn.csv"));
        await using var client = new GraphQLClient(crm.Database);

        var answer = (await client.DataAsync(
            """
            {
              metrics(period: {range: {from: "2020-01-01", through: "2020-01-01"}}, groupBy: [ATTRIBUTE], attribute: "contract") {
                rows { attribute churnRate { value } customersAtStart { value } } totals { churnRate { value numerator denominator } }
              }
            }
            """)).GetProperty("metrics");

        var total = answer.GetProperty("totals").GetProperty("churnRate");
        Assert.Equal((1869, 7043), (total.Number("numerator"), total.Number("denominator")));
        Assert.Equal(0.2654m, Math.Round(total.Number("value")!.Value, 4));
        var rates = answer.List("rows").ToDictionary(r => r.Text("attribute")!, r => Math.Round(r.GetProperty("churnRate").Number("value")!.Value, 4));
        Assert.Equal((0.4271m, 0.1127m, 0.0283m), (rates["Month-to-month"], rates["One year"], rates["Two year"]));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_first_values_and_the_others_make_up_the_totals_and_follow_changes(DatabaseKind kind)
    {
        await using var bench = await MetricBench.CreateAsync(kind, 3);
        await using var client = new GraphQLClient(bench.Database);
        var before = await SizesAsync(client);
        Assert.Equal(before.Total, before.Shown);
        var bands = (await client.DataAsync(
            """
            {
              metrics(period: {last: {count: 3, unit: YEAR}}, groupBy: [ATTRIBUTE_BAND], attribute: "shoe size", attributeBands: [-1, 9, 40.50, 43]) {
                rows { attributeBand dimensions { key label } orders { value } }
              }
              explain(metric: "orders", period: {last: {count: 1, unit: YEAR}}, by: [ATTRIBUTE_BAND], attribute: "shoe size", attributeBands: [9, 40.5]) { n }
              facts(metric: "orders", period: {last: {count: 3, unit: YEAR}}, cell: [{dimension: ATTRIBUTE_BAND, key: "40.5..43"}], attribute: "shoe size",
                attributeBands: [-1, 9, 40.5, 43]) { totalCount }
              crossed: metrics(period: {last: {count: 3, unit: YEAR}}, groupBy: [ATTRIBUTE, ORDER_ATTRIBUTE], attribute: "shoe size", orderAttribute: "gift",
                subtotals: true) { rows { level attribute orderAttribute orders { value } } }
              each: explain(metric: "orders", period: {last: {count: 1, unit: YEAR}}, by: [ATTRIBUTE, ORDER_ATTRIBUTE], attribute: "Plan", orderAttribute: "gift") {
                dimensions { dimension contributions { member { key } } } }
              cell: facts(metric: "orders", period: {last: {count: 3, unit: YEAR}}, attribute: "shoe size", orderAttribute: "gift",
                cell: [{dimension: ATTRIBUTE, key: "36"}, {dimension: ORDER_ATTRIBUTE, key: "Yes"}]) { totalCount value }
            }
            """));
        List<JsonElement> rows = [.. bands.GetProperty("metrics").List("rows")];
        Assert.Equal(["9..40.5", "40.5..43", "43..", null], rows.Select(r => r.Text("attributeBand")));
        Assert.Equal(["9 to under 40.5", "40.5 to under 43", "43 and over", "Unknown"], rows.Select(r => r.List("dimensions").Single().Text("label")));
        Assert.Equal("9 至小于 40.5", AttributeBand.Parse("9..40.5")!.LabelIn(Language.Chinese));
        Assert.Equal(before.Total, rows.Sum(r => r.GetProperty("orders").Number("value")));
        Assert.Equal(rows[1].GetProperty("orders").Number("value"), bands.GetProperty("facts").Number("totalCount"));

        List<JsonElement> crossed = [.. bands.GetProperty("crossed").List("rows")];
        var (all, cell) = (crossed.Single(r => r.Number("level") == 0), bands.GetProperty("cell"));
        Assert.Equal(before.Total, all.GetProperty("orders").Number("value"));
        Assert.Equal(before.Total, crossed.Where(r => r.Number("level") == 2).Sum(r => r.GetProperty("orders").Number("value")));
        Assert.Equal(
            cell.Number("value"),
            crossed.Single(r => r.Text("attribute") == "36" && r.Text("orderAttribute") == "Yes").GetProperty("orders").Number("value"));
        Assert.Equal(cell.Number("value"), cell.Number("totalCount"));
        Assert.Equal(2, bands.GetProperty("each").List("dimensions").Count());

        await bench.Database.ExecuteAsync("update customer_attributes set value = '36' where key = 'shoe size'");

        var after = await SizesAsync(client);
        Assert.Equal((before.Total, before.Total), (after.Total, after.Shown));
        Assert.True(after.Largest > before.Largest);
    }

    [Theory]
    [InlineData("groupBy: [ATTRIBUTE]")]
    [InlineData("groupBy: [REGION], attribute: \"Plan\"")]
    [InlineData("attribute: \"Plan\"")]
    [InlineData("groupBy: [ATTRIBUTE, ORDER_ATTRIBUTE], orderAttribute: \"gift\"")]
    [InlineData("groupBy: [ORDER_ATTRIBUTE], orderAttribute: \"gift\", attribute: \"Plan\"")]
    [InlineData("groupBy: [ATTRIBUTE], attribute: \"Plan\", orderAttribute: \"gift\"")]
    [InlineData("groupBy: [ATTRIBUTE], attribute: \"Plan\", ticketAttribute: \"line\"")]
    [InlineData("groupBy: [ATTRIBUTE_BAND], attributeBands: [1]")]
    [InlineData("groupBy: [ATTRIBUTE], attribute: \" \"")]
    [InlineData("groupBy: [ATTRIBUTE_BAND], attribute: \"shoe size\"")]
    [InlineData("groupBy: [ATTRIBUTE], attribute: \"shoe size\", attributeBands: [40]")]
    [InlineData("groupBy: [ATTRIBUTE_BAND], attribute: \"shoe size\", attributeBands: [40, 40]")]
    [InlineData("groupBy: [ATTRIBUTE_BAND], attribute: \"shoe size\", attributeBands: [1.23456]")]
    [InlineData("groupBy: [ATTRIBUTE_BAND], attribute: \"shoe size\", attributeBands: [100000000000000]")]
    [InlineData("groupBy: [ATTRIBUTE_BAND], attribute: \"shoe size\", attributeBands: [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21]")]
    [InlineData("groupBy: [ATTRIBUTE_BAND], attribute: \"Plan\", attributeBands: [40]")]
    public async Task An_attribute_is_named_where_it_is_grouped_by_and_nowhere_else(string arguments)
    {
        await using var bench = await MetricBench.CreateAsync(DatabaseKind.Sqlite, 3);
        await using var client = new GraphQLClient(bench.Database);

        Assert.Equal("METRIC_INVALID_ARGUMENT", await client.CodeAsync(
            $"{{ metrics(period: {{last: {{count: 1, unit: YEAR}}}}, {arguments}) {{ totals {{ orders {{ value }} }} }} }}", caller: Caller.System));
    }

    private static async Task<(decimal? Total, decimal? Shown, decimal? Largest)> SizesAsync(GraphQLClient client)
    {
        var table = (await client.DataAsync(
            """
            {
              metrics(period: {last: {count: 3, unit: YEAR}}, groupBy: [ATTRIBUTE], attribute: "shoe size", first: 2, order: [{orders: DESC}]) {
                rows { attribute dimensions { kind } orders { value } } totals { orders { value } }
              }
            }
            """)).GetProperty("metrics");
        List<JsonElement> rows = [.. table.List("rows")];
        return (Orders(table.GetProperty("totals")), rows.Sum(Orders), rows.Where(r => r.Text("attribute") is not null).Max(Orders));

        static decimal? Orders(JsonElement row) => row.GetProperty("orders").Number("value");
    }
}
