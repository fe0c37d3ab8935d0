using System.Text.Json;
using CrmGraph.Dashboard;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>How the rows of an operation become a pivot table.</summary>
public sealed class PivotViewTests
{
    private const string Rows = """
        "rows": [
          {"dimensions": [{"key": "1", "label": "Ann", "kind": "VALUE"}, {"key": "Web", "label": "Web", "kind": "VALUE"}], "orders": {"value": 3}},
          {"dimensions": [{"key": "1", "label": "Ann", "kind": "VALUE"}, {"key": null, "label": "Total", "kind": "TOTAL"}], "orders": {"value": 4}},
          {"dimensions": [{"key": "2", "label": "Ann", "kind": "VALUE"}, {"key": "Shop", "label": "Shop", "kind": "VALUE"}], "orders": {"value": 5}},
          {"dimensions": [], "orders": {"value": 9}}]
        """;

    [Fact]
    public void Two_who_are_called_alike_stay_two_and_sums_are_those_of_the_operation()
    {
        var view = Read("{\"metrics\": {" + Rows + "}, \"columns\": {\"rows\": [{\"dimensions\": "
            + "[{\"key\": \"Web\", \"label\": \"Web\", \"kind\": \"VALUE\"}], \"orders\": {\"value\": 7}}]}}");

        Assert.Equal(["Ann", "Ann"], view.Rows);
        Assert.Equal(["Web", "Shop"], view.Columns);
        Assert.Equal([3, null, null, 5], from row in new int?[] { 0, 1 } from column in new int?[] { 0, 1 } select Value(view, row, column));
        Assert.Equal([4, null, 7, null, 9], [Value(view, 0, null), Value(view, 1, null), Value(view, null, 0), Value(view, null, 1), Value(view, null, null)]);
    }

    [Fact]
    public void Time_goes_to_the_right()
    {
        var view = Read("""
            {"metrics": {
              "rows": [{"bucket": {"label": "2026-01"}, "dimensions": [{"key": "Web", "label": "Web", "kind": "VALUE"}], "orders": {"value": 3}},
                {"bucket": {"label": "2026-02"}, "dimensions": [{"key": "Web", "label": "Web", "kind": "VALUE"}], "orders": {"value": 4}}],
              "groupTotals": [{"dimensions": [{"key": "Web", "label": "Web", "kind": "VALUE"}], "orders": {"value": 7}}],
              "bucketTotals": [{"bucket": {"label": "2026-02"}, "orders": {"value": 8}}],
              "totals": {"orders": {"value": 15}}}}
            """);

        Assert.Equal(["Web"], view.Rows);
        Assert.Equal(["Jan 2026", "Feb 2026"], view.Columns);
        Assert.Equal([3, 4, 7], new int?[] { 0, 1, null }.Select(c => Value(view, 0, c)));
        Assert.Equal([null, 8, 15], new int?[] { 0, 1, null }.Select(c => Value(view, null, c)));
    }

    private static decimal? Value(PivotView view, int? row, int? column) => view.Cell(row, column, 0)?.Figure?.Value;

    private static PivotView Read(string json)
    {
        var say = new Preferences(new DefaultHttpContext().Request);
        var data = JsonSerializer.Deserialize<JsonElement>(json);
        return new ResultReader(new MetricCatalog([], say), say, new Figures(say)).Pivot(data)!;
    }
}
