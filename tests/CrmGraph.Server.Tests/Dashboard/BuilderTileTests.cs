using System.Text.Json.Nodes;
using CrmGraph.Dashboard;
using CrmGraph.GraphQL;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>What the builder's controls say as the operation of a tile, and read back from it.</summary>
public sealed class BuilderTileTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly MetricCatalog _catalog = new(
        [Entry("revenue", null), Entry("orders", null), Entry("half", "orders / 2")], new Preferences(new DefaultHttpContext().Request));

    [Theory]
    [InlineData("metrics=revenue,orders&grain=MONTH&by=")]
    [InlineData("metrics=revenue&grain=&by=")]
    [InlineData("metrics=orders&grain=&by=CHANNEL,ATTRIBUTE%3Aemployees%3A100%3B250.5&chart=PIVOT")]
    [InlineData("metrics=orders&grain=QUARTER&by=ORDER_ATTRIBUTE%3Agift%252C%2520%2522wrap%2522&chart=PIVOT")]
    [InlineData("metrics=orders&grain=&by=TICKET_ATTRIBUTE%3A%25E8%25AE%25BE%25E5%25A4%2587,ATTRIBUTE%3Aplan", "PREVIOUS_YEAR")]
    [InlineData("metrics=orders&grain=&by=OWNER", PeriodChoice.None)]
    public void A_section_is_read_back_as_it_was_chosen(string address, string compare = "")
    {
        var choice = BuilderChoice.Of("http://localhost/builder?" + address, _catalog, null);
        Assert.Equal(choice.Query, BuilderChoice.Of("http://localhost/builder" + choice.Query, _catalog, null).Query);
        var where = new JsonObject { ["channel"] = new JsonObject { ["eq"] = "Web" } };
        var (tile, parameters) = new BuilderTile(choice, Compare: compare).In([], "Heading", _catalog, where);
        Assert.Empty(shared.Server.Service<RequestExecutor>().Prepare(tile.Operation!).Errors.Select(e => e.Message));
        Assert.Equal(compare.Length == 0 ? ["period", "compareTo", "where2"] : ["period", "where2"], parameters.Select(p => p.Name));
        var read = BuilderTile.Of(tile, _catalog)!;
        Assert.Equal(
            (choice.Grain, string.Join(' ', choice.Splits), string.Join(' ', choice.Metrics), compare, "where2"),
            (read.Choice.Grain, string.Join(' ', read.Choice.Splits), string.Join(' ', read.Choice.Metrics), read.Compare, read.Filter));
    }

    [Fact]
    public void A_metric_of_the_companys_own_is_asked_for_by_its_key()
    {
        var own = new BuilderTile(BuilderChoice.First(null) with { Metrics = ["half", "revenue"] });
        var (tile, _) = own.In([], "Heading", _catalog, null);
        Assert.Contains("values(metrics: [\"half\"])", tile.Operation, StringComparison.Ordinal);
        Assert.Empty(shared.Server.Service<RequestExecutor>().Prepare(tile.Operation!).Errors.Select(e => e.Message));
    }

    [Theory]
    [InlineData("query T($period: PeriodInput!, $where: MetricFilterInput) { metrics(period: $period, where: $where) { asOf totals { orders { value } } } }")]
    [InlineData("{ customers { totalCount } }")]
    [InlineData("{ metrics(")]
    [InlineData(null)]
    public void What_says_more_than_the_controls_is_left_alone(string? operation) =>
        Assert.Null(BuilderTile.Of(new DashboardTile("Heading", null, operation, "BAR", null), _catalog));

    private static MetricEntry Entry(string key, string? expression) => new(
        key, "COUNT", "UP", [], [], ["CHANNEL", "OWNER", "ATTRIBUTE", "ORDER_ATTRIBUTE", "TICKET_ATTRIBUTE"], ["MONTH", "QUARTER"], [], expression);
}
