using System.Globalization;
using System.Text.Json;
using CrmGraph.Data.Model;
using Microsoft.Playwright;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>The pages at <c>/dashboards</c> in a browser.</summary>
[Collection(DashboardPagesCollection.Name)]
public sealed class DashboardsTests(DashboardFixture pages)
{
    private const string Demo = "/dashboards/sales-dashboard";
    private const int Tiles = 7, SettleMilliseconds = 700;

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280, "Sales at a glance")]
    [InlineData("zh-CN", ColorScheme.Dark, 390, "销售一览")]
    public async Task The_list_and_a_dashboard_are_whole(string locale, ColorScheme theme, int width, string title)
    {
        await using var visit = await pages.VisitAsync("/dashboards", locale, theme, width);
        await visit.AssertWholeAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        await Loaded(visit.Page);
        await Assertions.Expect(visit.Page.Locator("h1")).ToHaveTextAsync(title);
        await Assertions.Expect(visit.Page.Locator("canvas")).ToHaveCountAsync(5);
        await visit.AssertWholeAsync();
        await visit.Page.Locator("button", new() { HasTextString = locale == "zh-CN" ? "排列" : "Arrange" }).First.ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".cell .tools")).ToHaveCountAsync(Tiles);
        await visit.AssertWholeAsync();
    }

    [Fact]
    public async Task A_write_is_on_the_tiles_within_a_second_and_they_say_what_the_API_says()
    {
        await using var visit = await pages.VisitAsync(Demo + "?period=7d&compare=previous");
        await Loaded(visit.Page);
        await Figure(visit.Page, "orders", await AskAsync("orders"));
        await new OverviewTests(pages).SellAsync();
        await Assertions.Expect(visit.Page.Locator("[data-tile=orders] .value"))
            .ToHaveAttributeAsync("data-value", await AskAsync("orders"), new() { Timeout = 2_000 });
        await Figure(visit.Page, "revenue", await AskAsync("revenue"));
        Assert.Empty(visit.Complaints);

        async Task<string> AskAsync(string metric)
        {
            var data = await pages.AskAsync($"{{ metrics(period: {{last: {{count: 7, unit: DAY}}}}) {{ totals {{ {metric} {{ value }} }} }} }}");
            return data.GetProperty("metrics").GetProperty("totals").GetProperty(metric).GetProperty("value").ToString();
        }
    }

    [Fact]
    public async Task What_is_chosen_filters_every_tile_and_can_be_let_go()
    {
        var rows = (await pages.AskAsync(
            "{ metrics(period: {last: {count: 30, unit: DAY}}, groupBy: [REGION], order: [{revenue: DESC}], first: 10) "
            + "{ rows { dimensions { label kind } orders { value } } totals { orders { value } } } }")).GetProperty("metrics");
        var first = rows.GetProperty("rows").EnumerateArray().First(r => r.GetProperty("dimensions")[0].GetProperty("kind").GetString() == "VALUE");
        var region = first.GetProperty("dimensions")[0].GetProperty("label").GetString()!;
        var orders = first.GetProperty("orders").GetProperty("value").ToString();
        await using var visit = await pages.VisitAsync(Demo);
        await Loaded(visit.Page);
        var cell = visit.Page.Locator("[data-cell=Regions]");
        await cell.GetByText("As a table").ClickAsync();
        await cell.GetByRole(AriaRole.Button, new() { Name = region, Exact = true }).ClickAsync();
        await Figure(visit.Page, "orders", orders);
        await Assertions.Expect(visit.Page.Locator("[data-filter=REGION]")).ToHaveValueAsync(":" + region);
        Assert.Contains("only=REGION", visit.Page.Url, StringComparison.Ordinal);

        await visit.Page.ReloadAsync();
        await Loaded(visit.Page);
        await Figure(visit.Page, "orders", orders);
        await visit.Page.RunAndWaitForResponseAsync(
            () => visit.Page.Locator("[data-zone]").SelectOptionAsync("Asia/Shanghai"), answer => answer.Url.Contains("zone=Asia", StringComparison.Ordinal));
        await Assertions.Expect(visit.Page.Locator("#figures")).ToContainTextAsync("UTC+8");
        Assert.Contains("zone=Asia%2FShanghai", visit.Page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain("period=", visit.Page.Url, StringComparison.Ordinal);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Remove the filter: " + region }).ClickAsync();
        await Figure(visit.Page, "orders", rows.GetProperty("totals").GetProperty("orders").GetProperty("value").ToString());
        await AssertWhatIsBehindANumberAsync(visit);
        // Another page, another address: the zone stays.
        await visit.Page.GotoAsync("/");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("UTC+8");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_filter_of_the_builder_goes_with_its_tile_and_into_a_report()
    {
        await using var visit = await pages.VisitAsync("/builder?metrics=orders&grain=&by=CHANNEL&chart=TABLE");
        var rows = visit.Page.Locator("table.rows tbody tr");
        await rows.Nth(1).WaitForAsync();
        await visit.Page.GetByText("Filters", new() { Exact = true }).ClickAsync();
        await visit.Page.GetByLabel("Filters, Channel: Value").FillAsync("Web");
        await Assertions.Expect(rows).ToHaveCountAsync(1);

        var add = visit.Page.Locator("#add");
        await add.Locator("select").SelectOptionAsync("report");
        await add.GetByLabel("Title").FillAsync("Of the web");
        await add.GetByLabel("Heading").FillAsync("Web alone");
        await add.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "To the report" }).ClickAsync();
        await visit.Page.Locator("#result").WaitForAsync();
        await Assertions.Expect(visit.Page.Locator(".section table.rows tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(visit.Page.Locator(".section table.rows tbody th")).ToHaveTextAsync("Web");
        await visit.AssertWholeAsync();
    }

    /// <summary>The number of a month and a channel: its rows, the parts of its change, and one of these parts.</summary>
    private async Task AssertWhatIsBehindANumberAsync(Visit visit)
    {
        var number = (await pages.AskAsync(
            "{ metrics(period: {last: {count: 12, unit: MONTH}}, grain: MONTH, groupBy: [CHANNEL], order: [{revenue: DESC}], first: 1) "
            + "{ rows { bucket { start } revenue { value } } } }")).GetProperty("metrics").GetProperty("rows")[0];
        // On a screen that is full of the dashboard, too.
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Full screen" }).ClickAsync();
        await visit.Page.WaitForFunctionAsync("document.fullscreenElement?.className === 'dashboard'");
        var cell = visit.Page.Locator("[data-cell='Months and channels']");
        await cell.GetByText("As a table").ClickAsync();
        await cell.Locator("tbody button.number").First.ClickAsync();
        var dialog = visit.Page.Locator("dialog.behind");
        await Assertions.Expect(dialog.Locator("#facts tbody tr").First).ToBeVisibleAsync();
        Assert.Equal(number.GetProperty("revenue").GetProperty("value").GetDecimal(), await BehindAsync(), 2);
        var part = dialog.Locator("#parts tbody tr").First;
        var (name, value) = (await part.Locator("th").InnerTextAsync(), await part.Locator("td").First.InnerTextAsync());
        await visit.AssertWholeAsync();
        await part.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(dialog.Locator(".chips")).ToContainTextAsync(name);
        await Assertions.Expect(dialog.Locator(".value.big")).ToHaveTextAsync(value);
        await visit.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);

        async Task<decimal> BehindAsync() =>
            decimal.Parse((await dialog.Locator("[data-behind]").GetAttributeAsync("data-behind"))!, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Each_visitor_sees_the_figures_of_his_own_customers()
    {
        await using var db = pages.Server.Database.CreateContext();
        var busiest = db.Customers.Where(c => c.OwnerId != null).GroupBy(c => c.OwnerId).OrderByDescending(g => g.Count()).Select(g => g.Key).First();
        var key = (await pages.Server.CreateKeyAsync(Role.Representative, busiest)).Secret;
        var totals = (await pages.AskAsync("{ metrics(period: {last: {count: 30, unit: DAY}}) { totals { orders { value } } } }", null, key))
            .GetProperty("metrics").GetProperty("totals");
        await using var visit = await pages.VisitAsync(Demo, key: key);
        await Loaded(visit.Page);
        await Figure(visit.Page, "orders", totals.GetProperty("orders").GetProperty("value").ToString());
    }

    [Fact]
    public async Task A_tile_of_the_builder_is_arranged_with_the_keyboard_and_saved_as_a_version()
    {
        await using var visit = await pages.VisitAsync("/builder?metrics=orders&grain=&by=CHANNEL&chart=BAR");
        var add = visit.Page.Locator("#add");
        await add.GetByLabel("Title").FillAsync("Ours");
        await add.GetByLabel("Heading").FillAsync("Orders by channel");
        await add.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "To the dashboard" }).WaitForAsync();
        await visit.Page.GotoAsync("/builder?metrics=revenue&grain=MONTH&chart=LINE");
        await add.Locator("select").SelectOptionAsync(new SelectOptionValue { Label = "Ours" });
        await add.GetByLabel("Heading").FillAsync("Revenue by month");
        await add.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "To the dashboard" }).ClickAsync();
        await Loaded(visit.Page);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Arrange" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Earlier: Revenue by month" }).FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Page.Locator("[data-cell]").First).ToHaveAttributeAsync("data-cell", "Revenue by month");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Wider: Revenue by month" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "+ Note" }).ClickAsync();
        await visit.Page.Locator("[data-cell] textarea")
            .FillAsync("- **Target**: 10 <b>each</b>\n- [why](https://example.com/why) and [not](javascript:alert(1))");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save as version 3" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".cell .tools")).ToHaveCountAsync(0);
        var note = visit.Page.Locator(".note");
        await Assertions.Expect(note.Locator("li").First).ToHaveTextAsync("Target: 10 <b>each</b>");
        await Assertions.Expect(note.Locator("strong")).ToHaveTextAsync("Target");
        await Assertions.Expect(note.Locator("a")).ToHaveAttributeAsync("href", "https://example.com/why");
        await Assertions.Expect(note.Locator("li").Last).ToHaveTextAsync("why and [not](javascript:alert(1))");

        var saved = (await pages.AskAsync(
            "{ reportDefinitions(where: {title: {eq: \"Ours\"}}) { nodes { version isDashboard content { layout sections { heading width } } } } }"))
            .GetProperty("reportDefinitions").GetProperty("nodes")[0];
        Assert.Equal((3, true), (saved.GetProperty("version").GetInt32(), saved.GetProperty("isDashboard").GetBoolean()));
        Assert.Equal("DASHBOARD", saved.GetProperty("content").GetProperty("layout").GetString());
        var sections = saved.GetProperty("content").GetProperty("sections");
        Assert.Equal(("Revenue by month", 7), (sections[0].GetProperty("heading").GetString(), sections[0].GetProperty("width").GetInt32()));
        Assert.Equal(JsonValueKind.Null, sections[1].GetProperty("width").ValueKind);

        // The first version had one tile: it is looked at, and made the newest.
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Versions" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Look at it: version 1" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByText("This is version 1; the newest is version 3.")).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.Locator("[data-cell]")).ToHaveCountAsync(1);
        await visit.AssertWholeAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Restore: version 1" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".looked")).ToHaveCountAsync(0);
        Assert.Equal((4, 1), await NewestAsync(null));

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Share" }).ClickAsync();
        await visit.Page.GetByLabel("These roles, and administrators").CheckAsync();
        await visit.Page.GetByLabel("Manager").CheckAsync();
        await visit.AssertWholeAsync();
        await visit.Page.Locator(".share").GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByText("Saved", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Null(await NewestAsync((await pages.Server.CreateKeyAsync(Role.Analyst)).Secret));
        Assert.Empty(visit.Complaints);

        async Task<(int Version, int Tiles)?> NewestAsync(string? key)
        {
            const string ask = "{ reportDefinitions(where: {title: {eq: \"Ours\"}}) { nodes { version content { sections { heading } } } } }";
            var found = (await pages.AskAsync(ask, null, key))
                .GetProperty("reportDefinitions").GetProperty("nodes");
            return found.GetArrayLength() == 0 ? null
                : (found[0].GetProperty("version").GetInt32(), found[0].GetProperty("content").GetProperty("sections").GetArrayLength());
        }
    }

    [Fact]
    public async Task Dashboards_follow_each_other_until_somebody_touches_the_screen()
    {
        await using var visit = await pages.VisitAsync("/dashboards?show=sales-dashboard&show=sales-performance&every=5");
        var turn = visit.Page.Locator("#turn");
        await Assertions.Expect(turn).ToHaveTextAsync("1 of 2 · every 5 s");
        await Assertions.Expect(turn).ToHaveTextAsync("2 of 2 · every 5 s", new() { Timeout = 30_000 });
        await Loaded(visit.Page);
        await visit.Page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(turn).ToHaveTextAsync("1 of 2 · stopped");
        await Assertions.Expect(visit.Page.Locator("h1")).ToHaveTextAsync("Sales at a glance");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Assertions.Expect(turn).ToHaveTextAsync("1 of 2 · every 5 s");
        await visit.Page.Locator("h1").ClickAsync();
        await Assertions.Expect(turn).ToHaveTextAsync("1 of 2 · stopped");
        Assert.Contains("every=5", visit.Page.Url, StringComparison.Ordinal);
        await visit.AssertWholeAsync();
    }

    [Fact]
    public async Task A_pivot_tile_has_the_sums_that_the_API_has()
    {
        await using var visit = await pages.VisitAsync("/builder?metrics=orders,buyers&grain=&by=REGION,CHANNEL&chart=PIVOT&period=12m&compare=none");
        var add = visit.Page.Locator("#add");
        await add.GetByLabel("Title").FillAsync("Crossed");
        await add.GetByLabel("Heading").FillAsync("Regions and channels");
        await add.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "To the dashboard" }).ClickAsync();
        await Loaded(visit.Page);
        var regions = await SumsAsync("REGION");
        var channels = await SumsAsync("CHANNEL");
        var all = await SumsAsync(null);
        var table = visit.Page.Locator("table.pivot");
        await Assertions.Expect(table.Locator("tbody th")).ToHaveTextAsync(regions.Select(r => r.Label));
        await Assertions.Expect(table.Locator("tbody td.sum")).ToHaveTextAsync(regions.SelectMany(r => new[] { r.Orders, r.Customers }));
        await Assertions.Expect(table.Locator("tfoot td")).ToHaveTextAsync(channels.Concat(all).SelectMany(c => new[] { c.Orders, c.Customers }));
        await Assertions.Expect(table.Locator("thead tr:first-child th:not(:first-child)")).ToHaveTextAsync(channels.Select(c => c.Label).Append("Total"));
        await visit.AssertWholeAsync();

        async Task<List<(string Label, string Orders, string Customers)>> SumsAsync(string? by)
        {
            var figures = "orders { value } buyers { value }";
            var data = (await pages.AskAsync("{ metrics(period: {last: {count: 12, unit: MONTH}}"
                + (by is null ? $") {{ totals {{ {figures} }} }} }}" : $", groupBy: [{by}]) {{ rows {{ dimensions {{ label }} {figures} }} }} }}")))
                .GetProperty("metrics");
            return by is null
                ? [("", Number(data.GetProperty("totals"), "orders"), Number(data.GetProperty("totals"), "buyers"))]
                : [.. data.GetProperty("rows").EnumerateArray().Select(r => (
                    r.GetProperty("dimensions")[0].GetProperty("label").GetString()!, Number(r, "orders"), Number(r, "buyers")))];
        }

        static string Number(JsonElement row, string metric) =>
            row.GetProperty(metric).GetProperty("value").GetDecimal().ToString("#,0.##", CultureInfo.InvariantCulture);
    }

    /// <summary>A mark is clicked where it is drawn: of a dimension it filters all tiles, of time it opens what is behind it.</summary>
    [Fact]
    public async Task Every_chart_has_marks_that_can_be_gone_into()
    {
        await using var visit = await pages.VisitAsync(Demo);
        await Loaded(visit.Page);
        await Assertions.Expect(visit.Page.Locator("canvas")).ToHaveCountAsync(5);
        var (filtered, opened) = (0, 0);
        for (var at = 0; at < 5; at++)
        {
            var chart = visit.Page.Locator(".cell .chart").Nth(at);
            await chart.ScrollIntoViewIfNeededAsync();
            // What a filter has changed comes to its place first.
            await visit.Page.WaitForTimeoutAsync(SettleMilliseconds);
            var place = await chart.EvaluateAsync<float[]>(MarkPlace);
            await chart.ClickAsync(new() { Position = new() { X = place[0], Y = place[1] } });
            var dialog = visit.Page.Locator("dialog.behind");
            await dialog.Or(visit.Page.Locator(".chips li")).First.WaitForAsync();
            if (await dialog.CountAsync() > 0)
            {
                await Assertions.Expect(dialog.Locator("#facts tbody tr").First).ToBeVisibleAsync();
                // Of hours and days of the week no part can be gone into.
                if (at < 4)
                    await Assertions.Expect(dialog.Locator("#parts tbody tr").First).ToBeVisibleAsync();
                await visit.Page.Keyboard.PressAsync("Escape");
                await Assertions.Expect(dialog).ToHaveCountAsync(0);
                opened++;
                continue;
            }

            await visit.Page.Locator(".chips button").First.ClickAsync();
            await Assertions.Expect(visit.Page.Locator(".chips li")).ToHaveCountAsync(0);
            await Loaded(visit.Page);
            filtered++;
        }

        Assert.True(filtered > 0 && opened > 0, $"{filtered} filtered, {opened} opened");
        Assert.Empty(visit.Complaints);
    }

    /// <summary>Where a chart has drawn its first mark, by the chart itself.</summary>
    private const string MarkPlace = """
        element => {
          const chart = echarts.getInstanceByDom(element), series = chart.getModel().getSeriesByIndex(0), data = series.getData();
          const at = [...Array(data.count()).keys()].filter(i => data.hasValue(i)).at(series.type === 'series.line' ? -1 : 0), layout = data.getItemLayout(at);
          if (layout?.r) { const angle = (layout.startAngle + layout.endAngle) / 2, r = ((layout.r0 ?? 0) + layout.r) / 2; return [layout.cx + r * Math.cos(angle), layout.cy + r * Math.sin(angle)]; }
          if (layout?.width) return [layout.x + layout.width / 2, layout.y + layout.height / 2];
          const value = series.getRawValue(at);
          return chart.convertToPixel({ seriesIndex: 0 }, Array.isArray(value) ? value.slice(0, 2) : [at, value]);
        }
        """;

    [Fact]
    public async Task All_tiles_are_filtered_by_an_attribute_that_is_chosen()
    {
        await using var visit = await pages.VisitAsync(Demo);
        await Loaded(visit.Page);
        await visit.Page.Locator("[data-filter=ATTRIBUTE]").SelectOptionAsync("language");
        await visit.Page.Locator("[data-values]").SelectOptionAsync(":zh");
        var totals = (await pages.AskAsync(
            "{ metrics(period: {last: {count: 30, unit: DAY}}, where: {customer: {attributes: {some: {key: {eq: \"language\"}, value: {eq: \"zh\"}}}}}) "
            + "{ totals { orders { value } } } }")).GetProperty("metrics").GetProperty("totals");
        await Figure(visit.Page, "orders", totals.GetProperty("orders").GetProperty("value").ToString());
        await Assertions.Expect(visit.Page.Locator(".chips")).ToContainTextAsync("language: zh");
        await visit.Page.WaitForURLAsync("**only=ATTRIBUTE**");
        await visit.AssertWholeAsync();
        // The address has all of it.
        await visit.Page.ReloadAsync();
        await Figure(visit.Page, "orders", totals.GetProperty("orders").GetProperty("value").ToString());
        await Assertions.Expect(visit.Page.Locator("[data-values]")).ToHaveValueAsync(":zh");
    }

    [Fact]
    public async Task A_metric_of_the_companys_own_is_a_tile_like_any_other()
    {
        await pages.AskAsync(
            "mutation { defineMetric(input: {metric: {key: \"halfOrders\", label: \"Half the orders\", formula: \"orders / 2\"}}) { customMetric { key } } }");
        await using var visit = await pages.VisitAsync("/builder?metrics=halfOrders,revenue&grain=MONTH&by=CHANNEL&chart=STACKED_BAR&period=12m");
        await Assertions.Expect(visit.Page.Locator("[data-tile=halfOrders] h2")).ToHaveTextAsync("Half the orders");
        await visit.Page.GetByLabel("Interval").SelectOptionAsync("");
        var add = visit.Page.Locator("#add");
        await add.GetByLabel("Title").FillAsync("Halves");
        await add.GetByLabel("Heading").FillAsync("Halves by channel");
        await add.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "To the dashboard" }).ClickAsync();
        await Loaded(visit.Page);
        var rows = (await pages.AskAsync(
            "{ metrics(period: {last: {count: 12, unit: MONTH}}, groupBy: [CHANNEL], order: [{custom: {key: \"halfOrders\", direction: DESC}}]) "
            + "{ rows { dimensions { label } custom(key: \"halfOrders\") { value } } } }")).GetProperty("metrics").GetProperty("rows");
        await visit.Page.GetByText("As a table").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("thead th:not(:first-child)")).ToHaveTextAsync(["Revenue", "Half the orders"]);
        await Assertions.Expect(visit.Page.Locator("tbody th")).ToHaveTextAsync(
            rows.EnumerateArray().Select(r => r.GetProperty("dimensions")[0].GetProperty("label").GetString()!).ToArray());
        await Assertions.Expect(visit.Page.Locator("tbody tr:first-child td").Last).ToHaveTextAsync(
            rows[0].GetProperty("custom").GetProperty("value").GetDecimal().ToString("#,0.##", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Empty(visit.Complaints);
    }

    private static Task Figure(IPage page, string tile, string value) =>
        Assertions.Expect(page.Locator($"[data-tile={tile}] .value")).ToHaveAttributeAsync("data-value", value);

    private static Task Loaded(IPage page) => Assertions.Expect(page.Locator("#live.live")).ToBeVisibleAsync(new() { Timeout = 30_000 });
}
