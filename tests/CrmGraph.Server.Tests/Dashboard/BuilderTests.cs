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

    [Fact]
    public async Task What_is_picked_before_the_page_is_drawn_again_is_all_kept()
    {
        await using var visit = await pages.VisitAsync("/builder");
        await Assertions.Expect(visit.Page.Locator("#live.live")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visit.Page.Locator("main").EvaluateAsync(Visit.PickAtOnce, new Dictionary<string, string>
        {
            ["Interval"] = "", ["Period"] = "90d", ["Split by"] = "CHANNEL", ["Compare with"] = "previous", ["Shown as"] = "TABLE",
        });
        await visit.Page.WaitForURLAsync(url => new[] { "period=90d", "by=CHANNEL", "compare=previous", "chart=TABLE" }.All(url.Contains));
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Attributes_split_by_value_and_in_bands_as_the_API_has_them()
    {
        await using var visit = await pages.VisitAsync("/builder?metrics=orders&grain=&by=&chart=BAR&period=12m&compare=none");
        await visit.Page.GetByLabel("Split by").SelectOptionAsync(new SelectOptionValue { Label = "employees" });
        await visit.Page.GetByLabel("In bands: borders of the numbers of employees").FillAsync("100, x");
        await visit.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Borders are numbers");
        await visit.Page.GetByLabel("In bands: borders of the numbers of employees").FillAsync("100, 300");
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.GetByLabel("and by").SelectOptionAsync(new SelectOptionValue { Label = "gift wrap" });
        const string by = "period: {last: {count: 12, unit: MONTH}}, groupBy: [ATTRIBUTE, ORDER_ATTRIBUTE], "
            + "attributes: [{key: \"employees\", bands: [100, 300]}, {key: \"gift wrap\"}]";
        var rows = (await pages.AskAsync(
            $"{{ metrics({by}, order: [{{orders: DESC}}], first: 12) {{ rows {{ dimensions {{ label }} orders {{ value }} }} }} }}"))
            .GetProperty("metrics").GetProperty("rows").EnumerateArray().ToList();
        Assert.True(rows.Count > 6);
        await Assertions.Expect(visit.Page.Locator("table.rows tbody th")).ToHaveTextAsync(
            rows.Select(r => string.Join(" · ", r.GetProperty("dimensions").EnumerateArray().Select(d => d.GetProperty("label").GetString()))).ToArray());

        // Opened by its address, what is chosen stands there before and after the names have come.
        Assert.Contains("/builder?", visit.Page.Url, StringComparison.Ordinal);
        await visit.Page.ReloadAsync();
        await Assertions.Expect(visit.Page.GetByLabel("Split by").Locator("option", new() { HasTextString = "language" }))
            .ToHaveCountAsync(1, new() { Timeout = 30_000 });
        Assert.Equal("ATTRIBUTE:employees", await visit.Page.GetByLabel("Split by").InputValueAsync());
        await Assertions.Expect(visit.Page.Locator("#live.live")).ToBeVisibleAsync();

        // What is behind a number of two attributes are as many rows as it says.
        await visit.Page.Locator("table.rows tbody button.number").First.ClickAsync();
        await Assertions.Expect(visit.Page.Locator("dialog.behind [data-behind]"))
            .ToHaveAttributeAsync("data-behind", rows[0].GetProperty("orders").GetProperty("value").ToString());
        await Assertions.Expect(visit.Page.Locator("#facts tbody tr").First).ToBeVisibleAsync();
        await visit.AssertWholeAsync();
    }

    [Fact]
    public async Task An_owner_is_chosen_by_name_and_an_attribute_from_those_that_there_are()
    {
        var owner = (await pages.AskAsync(
            "{ metrics(period: {last: {count: 12, unit: MONTH}}, groupBy: [OWNER], order: [{orders: DESC}]) "
            + "{ rows { dimensions { kind key label } orders { value } } } }")).GetProperty("metrics").GetProperty("rows").EnumerateArray()
            .First(r => r.GetProperty("dimensions")[0].GetProperty("kind").GetString() == "VALUE");
        var name = owner.GetProperty("dimensions")[0].GetProperty("label").GetString()!;
        await using var visit = await pages.VisitAsync("/builder?metrics=orders&grain=&by=&chart=BAR&period=12m&compare=none");
        await visit.Page.GetByText("Filters", new() { Exact = true }).ClickAsync();
        await visit.Page.GetByLabel("Filters, Owner: Value").SelectOptionAsync(new SelectOptionValue { Label = name });
        await Assertions.Expect(visit.Page.Locator("[data-tile=orders] .value"))
            .ToHaveAttributeAsync("data-value", owner.GetProperty("orders").GetProperty("value").ToString());

        await visit.Page.GetByLabel("Filters, Owner: Comparison").SelectOptionAsync("in");
        await Assertions.Expect(visit.Page.Locator(".part .chip")).ToHaveTextAsync(name + " ✕");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "+ Condition" }).First.ClickAsync();
        await visit.Page.Locator(".condition select[aria-label=Field]").First.SelectOptionAsync("attributes");
        await visit.Page.Locator(".condition .group").First.GetByRole(AriaRole.Button, new() { Name = "+ Condition" }).First.ClickAsync();
        var key = visit.Page.Locator(".condition .condition").First;
        await key.GetByLabel("Field").SelectOptionAsync("key");
        await key.GetByLabel("Key: Value").SelectOptionAsync("language");
        var filtered = (await pages.AskAsync(
            "query ($id: ID!) { metrics(period: {last: {count: 12, unit: MONTH}}, "
            + "where: {owner: {in: [$id]}, customer: {attributes: {some: {key: {eq: \"language\"}}}}}) { totals { orders { value } } } }",
            new { id = owner.GetProperty("dimensions")[0].GetProperty("key").GetString() }))
            .GetProperty("metrics").GetProperty("totals").GetProperty("orders").GetProperty("value").ToString();
        await Assertions.Expect(visit.Page.Locator("[data-tile=orders] .value")).ToHaveAttributeAsync("data-value", filtered);
        await visit.AssertWholeAsync();
    }
}
