using System.Text.Json;
using CrmGraph.Reporting.Reports;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Reports;

public sealed class ReportTemplateTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_template_runs_with_its_defaults_and_each_of_its_figures_can_be_computed(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        await SavedDefinitions.RefreshAsync(bench.Client.Services, default);
        var reports = (await bench.Client.DataAsync("{ reportDefinitions { nodes { id key isTemplate brokenReason version } } }")).GetProperty(
            "reportDefinitions").GetProperty("nodes").EnumerateArray().ToList();

        Assert.Equal(
            [
                "customer-analysis", "customer-growth", "customer-journey", "customer-segments", "customer-value", "marketing-effect", "monthly-customers",
                "product-sales", "products-by-group", "sales-dashboard", "sales-funnel", "sales-performance", "satisfaction", "satisfaction-map",
                "service-report",
            ],
            reports.Select(r => r.GetProperty("key").GetString()!).Order());
        foreach (var report in reports)
        {
            Assert.True(report.GetProperty("isTemplate").GetBoolean());
            Assert.Equal(JsonValueKind.Null, report.GetProperty("brokenReason").ValueKind);
            var result = (await bench.RunAsync(report.GetProperty("id").GetString()!)).GetProperty("data").GetProperty("runReport").GetProperty("reportResult");
            Assert.All(result.GetProperty("sections").EnumerateArray(), section =>
            {
                Assert.Equal(JsonValueKind.Null, section.GetProperty("errors").ValueKind);
                Assert.False(string.IsNullOrWhiteSpace(section.GetProperty("text").GetString()));
                Assert.DoesNotContain("UNSUPPORTED", section.GetProperty("data").GetRawText(), StringComparison.Ordinal);
                Assert.DoesNotContain("NOT_ALLOWED", section.GetProperty("data").GetRawText(), StringComparison.Ordinal);
            });
        }
    }

    [Fact]
    public async Task The_monthly_customer_report_names_the_figures_of_R78_with_total_new_and_lost_customers_on_top()
    {
        await using var bench = await ReportBench.CreateAsync(DatabaseKind.Sqlite);
        await SavedDefinitions.RefreshAsync(bench.Client.Services, default);
        var id = (await bench.Client.DataAsync("{ reportDefinitionByKey(key: \"monthly-customers\") { id } }")).GetProperty("reportDefinitionByKey")
            .GetProperty("id")
            .GetString()!;

        var sections = (await bench.RunAsync(id)).GetProperty("data").GetProperty("runReport").GetProperty("reportResult").GetProperty("sections");

        Assert.Equal(["customersAtEnd", "newCustomers", "reactivatedCustomers", "lostCustomers"], Totals(sections[0]).EnumerateObject().Select(p => p.Name));
        Assert.Superset(
            new HashSet<string> { "cac", "retentionRate", "churnRate", "nps", "csat" },
            Totals(sections[1]).EnumerateObject().Select(p => p.Name).ToHashSet());
        // The clock stands on 2026-03-16: the last whole month is February.
        var period = sections[0].GetProperty("data").GetProperty("metrics").GetProperty("period");
        Assert.Equal(("2026-02-01", "2026-03-01"), (period.GetProperty("start").GetString(), period.GetProperty("until").GetString()));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Starting_again_changes_only_templates_that_are_not_today_s(DatabaseKind kind)
    {
        await using var bench = await ReportBench.CreateAsync(kind);
        var mine = await bench.IdOfNewAsync("satisfaction", ReportBench.Content("{ viewer { name } }"));
        await SavedDefinitions.RefreshAsync(bench.Client.Services, default);
        var ids = (await bench.Client.DataAsync("{ reportDefinitions { nodes { id key } } }")).GetProperty("reportDefinitions").GetProperty("nodes")
            .EnumerateArray()
            .ToDictionary(r => r.GetProperty("key").GetString()!, r => r.GetProperty("id").GetString()!);
        await bench.UpdateAsync(ids["sales-performance"], null, "Our sales");
        await bench.Client.DataAsync(
            "mutation ($id: ID!) { deleteReportDefinition(input: { id: $id }) { reportDefinition { key } } }", new { id = ids["customer-growth"] });
        await SetTitleAsync(bench, "monthly-customers", "As an older program called it");

        await SavedDefinitions.RefreshAsync(bench.Client.Services, default);

        var after = (await bench.Client.DataAsync("{ reportDefinitions { nodes { id key title version isTemplate } } }")).GetProperty("reportDefinitions")
            .GetProperty("nodes")
            .EnumerateArray()
            .Select(r => (r.GetProperty("key").GetString()!, r.GetProperty("title").GetString()!, r.GetProperty("version").GetInt32(), r.GetProperty(
                "isTemplate").GetBoolean()))
            .Where(r => r.Item1 is "monthly-customers" or "sales-dashboard" or "sales-performance" or "satisfaction" or "customer-growth")
            .Order();
        Assert.Equal(mine, ids["satisfaction"]);
        Assert.Equal(
            [
                ("monthly-customers", "Monthly customer report", 2, true), ("sales-dashboard", "Sales at a glance", 1, true),
                ("sales-performance", "Our sales", 2, false), ("satisfaction", "Sales 销售", 1, false),
            ],
            after);
    }

    [Theory]
    [InlineData("monthly-customers", "Customers month by month")]
    [InlineData("customer-growth", "Growth month by month")]
    public async Task What_lifts_and_lowers_the_total_of_the_demo_company_stands_in_the_chart(string key, string heading)
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);
        await CrmGraph.Reporting.Demo.DemoCompany.SeedAsync(database.Engine, 400, new DateTime(2026, 3, 16, 10, 0, 0, DateTimeKind.Utc));
        await using var graph = new GraphQLClient(database);
        var section = ReportTemplates.Load().Single(t => t.Key == key).Content.Sections.Single(s => s.Heading == heading);
        var period = new { range = new { from = "2025-03-01", until = "2026-03-01" } };

        var rows = (await graph.DataAsync(section.Operation!, new { trend = period })).GetProperty("metrics").GetProperty("rows").EnumerateArray().ToList();

        decimal Of(JsonElement row, string metric) => row.GetProperty(metric).GetProperty("value").GetDecimal();
        Assert.Equal(12, rows.Count);
        Assert.Contains(rows, r => Of(r, "reactivatedCustomers") > 0);
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.Equal(
            Of(pair.Second, "customersAtEnd"),
            Of(pair.First, "customersAtEnd") + Of(pair.Second, "newCustomers") + Of(pair.Second, "reactivatedCustomers") - Of(pair.Second, "lostCustomers")));
    }

    [Fact]
    public async Task Templates_are_valid_as_they_are_written()
    {
        await using var bench = await ReportBench.CreateAsync(DatabaseKind.Sqlite);
        var validator = bench.Client.Services.GetRequiredService<ReportValidator>();

        Assert.All(ReportTemplates.Load(), template => Assert.Empty(validator.Check(template.Content)));
    }

    private static JsonElement Totals(JsonElement section) => section.GetProperty("data").GetProperty("metrics").GetProperty("totals");

    private static async Task SetTitleAsync(ReportBench bench, string key, string title)
    {
        await using var context = bench.Database.CreateContext();
        (await context.ReportDefinitions.SingleAsync(r => r.Key == key)).Title = title;
        await context.SaveChangesAsync();
    }
}
