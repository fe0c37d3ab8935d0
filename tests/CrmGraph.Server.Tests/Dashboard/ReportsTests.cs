using CrmGraph.Dashboard;
using Microsoft.Playwright;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>The pages at <c>/reports</c> in a browser.</summary>
[Collection(DashboardPagesCollection.Name)]
public sealed class ReportsTests(DashboardFixture pages)
{
    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280, "Sales performance")]
    [InlineData("zh-CN", ColorScheme.Dark, 390, "销售业绩")]
    public async Task The_list_and_a_report_are_whole(string locale, ColorScheme theme, int width, string title)
    {
        await using var visit = await pages.VisitAsync("/reports", locale, theme, width);
        await visit.AssertWholeAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#result")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(visit.Page.Locator("h1")).ToHaveTextAsync(title);
        await Assertions.Expect(visit.Page.Locator("canvas")).ToHaveCountAsync(4);
        await visit.AssertWholeAsync();
    }

    [Fact]
    public async Task A_month_is_picked_and_its_figures_are_those_of_the_API_beside_an_earlier_run()
    {
        var report = (await pages.AskAsync("{ reportDefinitionByKey(key: \"sales-performance\") { id } }")).GetProperty("reportDefinitionByKey");
        var month = $"{TimeProvider.System.GetUtcNow().AddMonths(-3):yyyy-MM}";
        await using var visit = await pages.VisitAsync(Routes.Of("/reports", report.GetProperty("id").GetString()!));
        await Assertions.Expect(visit.Page.Locator("#result")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        var earlier = await visit.Page.Locator("[data-tile=revenue] .value").First.GetAttributeAsync("data-value");

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Keep beside the next run" }).ClickAsync();
        await visit.Page.GetByLabel("The month to report on", new() { Exact = true }).SelectOptionAsync("amonth");
        await visit.Page.GetByLabel("The month to report on: A month").FillAsync(month);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();

        var metrics = (await pages.AskAsync($"{{ metrics(period: {{month: \"{month}\"}}) {{ totals {{ revenue {{ value }} }} }} }}")).GetProperty("metrics");
        var now = metrics.GetProperty("totals").GetProperty("revenue").GetProperty("value").ToString();
        await Assertions.Expect(visit.Page.Locator("[data-tile=revenue] .value").First).ToHaveAttributeAsync("data-value", now);
        await Assertions.Expect(visit.Page.Locator(".earlier [data-tile=revenue] .value")).ToHaveAttributeAsync("data-value", earlier!);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task On_paper_there_is_the_report_alone()
    {
        var report = (await pages.AskAsync("{ reportDefinitionByKey(key: \"customer-growth\") { id } }")).GetProperty("reportDefinitionByKey");
        await using var visit = await pages.VisitAsync(Routes.Of("/reports", report.GetProperty("id").GetString()!), theme: ColorScheme.Dark);
        await Assertions.Expect(visit.Page.Locator("#result")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visit.Page.EmulateMediaAsync(new() { Media = Media.Print });
        foreach (var onScreenOnly in new[] { ".top", ".picker", "[data-print]" })
            await Assertions.Expect(visit.Page.Locator(onScreenOnly).First).ToBeHiddenAsync();
        await Assertions.Expect(visit.Page.Locator("h1")).ToBeVisibleAsync();
        Assert.Equal("avoid", await visit.Page.Locator(".section").First.EvaluateAsync<string>("e => getComputedStyle(e).breakInside"));
    }
}
