using Microsoft.Playwright;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>The page at <c>/builder</c> in a browser.</summary>
[Collection(DashboardPagesCollection.Name)]
public sealed class BuilderTests(DashboardFixture pages)
{
    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280, "Revenue")]
    [InlineData("zh-CN", ColorScheme.Dark, 390, "销售额")]
    public async Task The_page_is_whole(string locale, ColorScheme theme, int width, string revenue)
    {
        await using var visit = await pages.VisitAsync("/builder", locale, theme, width);
        await Assertions.Expect(visit.Page.Locator("canvas")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        await Assertions.Expect(visit.Page.Locator("[data-tile=revenue] h2")).ToHaveTextAsync(revenue);
        await visit.AssertWholeAsync();
    }

    [Fact]
    public async Task What_is_chosen_is_shown_at_once_as_the_API_has_it()
    {
        await using var visit = await pages.VisitAsync("/builder");
        await Assertions.Expect(visit.Page.Locator("#live.live")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visit.Page.GetByLabel("Search metrics").FillAsync("Average order value");
        await visit.Page.GetByLabel("Average order value", new() { Exact = true }).CheckAsync();
        await visit.Page.GetByLabel("Interval").SelectOptionAsync("");
        await visit.Page.GetByLabel("Split by").SelectOptionAsync("CHANNEL");

        var metrics = (await pages.AskAsync(
            "{ metrics(period: {last: {count: 12, unit: MONTH}}, groupBy: [CHANNEL], order: [{revenue: DESC}], first: 12) "
            + "{ totals { averageOrderValue { value } } rows { dimensions { label } } } }")).GetProperty("metrics");
        await Assertions.Expect(visit.Page.Locator("[data-tile=averageOrderValue] .value")).ToHaveAttributeAsync(
            "data-value", metrics.GetProperty("totals").GetProperty("averageOrderValue").GetProperty("value").ToString());
        var channels = metrics.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("dimensions")[0].GetProperty("label").GetString()!);
        await Assertions.Expect(visit.Page.Locator("tbody th")).ToHaveTextAsync(channels.ToArray());
        Assert.Contains("by=CHANNEL", visit.Page.Url, StringComparison.Ordinal);
        Assert.Contains("averageOrderValue", visit.Page.Url, StringComparison.Ordinal);
        await Assertions.Expect(visit.Page.Locator("[data-variables]")).ToContainTextAsync("averageOrderValue");
        Assert.Empty(visit.Complaints);
    }
}
