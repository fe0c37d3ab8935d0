using System.Globalization;
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

        await visit.Page.GetByLabel("The month to report on", new() { Exact = true }).SelectOptionAsync("amonth");
        await visit.Page.GetByLabel("The month to report on: A month").FillAsync(month);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();

        var metrics = (await pages.AskAsync($"{{ metrics(period: {{month: \"{month}\"}}) {{ totals {{ revenue {{ value }} }} }} }}")).GetProperty("metrics");
        var now = metrics.GetProperty("totals").GetProperty("revenue").GetProperty("value").ToString();
        await Assertions.Expect(visit.Page.Locator("[data-tile=revenue] .value").First).ToHaveAttributeAsync("data-value", now);
        await visit.Page.GetByLabel("Beside it").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await Assertions.Expect(visit.Page.Locator(".earlier [data-tile=revenue] .value")).ToHaveAttributeAsync("data-value", earlier!);
        var change = decimal.Parse(now, CultureInfo.InvariantCulture) - decimal.Parse(earlier!, CultureInfo.InvariantCulture);
        await Assertions.Expect(visit.Page.Locator(".differences [data-change]").First)
            .ToHaveAttributeAsync("data-change", change.ToString(CultureInfo.InvariantCulture));
        await Assertions.Expect(visit.Page.Locator(".differences .change").First)
            .ToHaveClassAsync(change > 0 ? "change good" : change < 0 ? "change bad" : "change");

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Write down findings" }).ClickAsync();
        await visit.Page.GetByLabel("What do the figures say?").FillAsync("A quiet month.");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".findings .lines")).ToHaveTextAsync("A quiet month.");
        await visit.AssertWholeAsync();

        // The month is no longer what the form says, but its run and what was found are there.
        await visit.Page.ReloadAsync();
        await Assertions.Expect(visit.Page.Locator("#result")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visit.Page.Locator("[aria-label='Stored runs'] select").First.SelectOptionAsync(new SelectOptionValue { Index = 0 });
        await Assertions.Expect(visit.Page.Locator("[data-tile=revenue] .value").First).ToHaveAttributeAsync("data-value", now);
        await Assertions.Expect(visit.Page.Locator(".findings .lines")).ToHaveTextAsync("A quiet month.");
        Assert.Empty(visit.Complaints);
    }

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("zh-CN", ColorScheme.Dark, 390)]
    public async Task The_editor_is_whole(string locale, ColorScheme theme, int width)
    {
        await using var visit = await pages.VisitAsync("/reports/new", locale, theme, width);
        await visit.Page.Locator("#editor button:not([disabled])").First.WaitForAsync();
        // The default of a period is a form, and no JSON.
        Assert.Equal(0, await visit.Page.Locator("#editor input[spellcheck]").CountAsync());
        await visit.AssertWholeAsync();
    }

    [Fact]
    public async Task A_report_is_written_previewed_and_changed_section_by_section()
    {
        await using var visit = await pages.VisitAsync("/reports/new");
        var editor = visit.Page.Locator("#editor");
        await editor.GetByLabel("Title").FillAsync("Written here");
        await editor.GetByLabel("Key").FillAsync("written-here");
        await editor.GetByLabel("For", new() { Exact = true }).FillAsync("Sales");
        var first = visit.Page.GetByRole(AriaRole.Region, new() { Name = "Section 1" });
        await first.GetByLabel("Heading").FillAsync("Orders");
        await first.GetByRole(AriaRole.Button, new() { Name = "GraphQL" }).ClickAsync();
        await first.GetByLabel("Query (GraphQL)").FillAsync("mutation {\n\n\n\n\n\n  refreshNothing\n\n\n\n\n\n}");
        // As long as a person presses: the text is left and the page drawn again meanwhile.
        await first.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync(new() { Delay = 300 });
        await Assertions.Expect(first.GetByRole(AriaRole.Alert)).ToHaveTextAsync("A section has one query.");
        await first.GetByLabel("Query (GraphQL)").FillAsync("{ metrics(period: { last: { count: 12, unit: MONTH } }) { totals { orders { value } } } }");
        await first.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        var orders = (await pages.AskAsync("{ metrics(period: { last: { count: 12, unit: MONTH } }) { totals { orders { value } } } }"))
            .GetProperty("metrics").GetProperty("totals").GetProperty("orders").GetProperty("value").ToString();
        await Assertions.Expect(first.Locator("[data-tile=orders] .value")).ToHaveAttributeAsync("data-value", orders);
        await visit.AssertWholeAsync();

        await editor.GetByRole(AriaRole.Button, new() { Name = "+ Section", Exact = true }).ClickAsync();
        var second = visit.Page.GetByRole(AriaRole.Region, new() { Name = "Section 2" });
        await second.GetByLabel("Heading").FillAsync("Broken");
        await second.GetByRole(AriaRole.Button, new() { Name = "GraphQL" }).ClickAsync();
        await second.GetByLabel("Query (GraphQL)").FillAsync("{ nothingOfThatName }");
        await editor.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(editor.GetByRole(AriaRole.Alert)).ToContainTextAsync("sections[1].operation");
        await second.GetByLabel("Query (GraphQL)").FillAsync("{ customers { totalCount } }");
        await second.GetByRole(AriaRole.Button, new() { Name = "Earlier" }).ClickAsync();
        await editor.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#result")).ToBeVisibleAsync(new() { Timeout = 30_000 });

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await editor.GetByLabel("Summary").FillAsync("In short.");
        await editor.GetByRole(AriaRole.Button, new() { Name = "Save as version 2" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByText("In short.")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        var saved = (await pages.AskAsync("{ reportDefinitionByKey(key: \"written-here\") { version content { summary sections { heading } } } }"))
            .GetProperty("reportDefinitionByKey");
        Assert.Equal((2, "In short."), (saved.GetProperty("version").GetInt32(), saved.GetProperty("content").GetProperty("summary").GetString()));
        var headings = saved.GetProperty("content").GetProperty("sections").EnumerateArray().Select(s => s.GetProperty("heading").GetString()!);
        Assert.Equal(["Broken", "Orders"], headings);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_section_is_made_and_changed_with_the_controls_alone()
    {
        await using var visit = await pages.VisitAsync("/reports/new");
        var editor = visit.Page.Locator("#editor");
        await editor.GetByLabel("Title").FillAsync("By controls");
        await editor.GetByLabel("Key", new() { Exact = true }).FillAsync("by-controls");
        await editor.GetByLabel("For", new() { Exact = true }).FillAsync("Sales");
        var section = visit.Page.GetByRole(AriaRole.Region, new() { Name = "Section 1" });
        await section.GetByLabel("Heading").FillAsync("Channels");
        // What is chosen is shown at once.
        await section.Locator("canvas").WaitForAsync();
        await section.GetByLabel("Interval").SelectOptionAsync("");
        await section.GetByLabel("Split by").SelectOptionAsync("CHANNEL");
        await section.GetByLabel("Shown as").SelectOptionAsync("BAR");
        await section.GetByLabel("Compare with").SelectOptionAsync("PREVIOUS_YEAR");
        await section.GetByText("Filters", new() { Exact = true }).ClickAsync();
        await section.GetByLabel("Filters, Channel: Value").FillAsync("Web");
        var row = section.Locator(".preview tbody tr");
        await Assertions.Expect(row).ToHaveCountAsync(1);
        var orders = (await pages.AskAsync(
            "{ metrics(period: {last: {count: 12, unit: MONTH, complete: true}}, where: {channel: {eq: \"Web\"}}) { totals { orders { value } } } }"))
            .GetProperty("metrics").GetProperty("totals").GetProperty("orders").GetProperty("value").GetDecimal()
            .ToString("#,0.##", CultureInfo.InvariantCulture);
        await Assertions.Expect(row).ToContainTextAsync(orders);
        await visit.AssertWholeAsync();
        await editor.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#result")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(visit.Page.Locator(".section tbody tr")).ToContainTextAsync(orders);

        // Opened again, the controls say what they said, and the query is one click away.
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await Assertions.Expect(section.GetByLabel("Split by")).ToHaveValueAsync("CHANNEL");
        await Assertions.Expect(section.GetByLabel("Compare with")).ToHaveValueAsync("PREVIOUS_YEAR");
        await section.GetByText("Filters", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(section.GetByLabel("Filters, Channel: Value")).ToHaveValueAsync("Web");
        await section.GetByRole(AriaRole.Button, new() { Name = "GraphQL" }).ClickAsync();
        Assert.Contains("compareTo: PREVIOUS_YEAR", await section.GetByLabel("Query (GraphQL)").InputValueAsync(), StringComparison.Ordinal);
        await section.GetByRole(AriaRole.Button, new() { Name = "Controls" }).ClickAsync();
        await section.GetByLabel("and by").SelectOptionAsync(new SelectOptionValue { Label = "language" });
        await Assertions.Expect(row.Nth(1)).ToBeVisibleAsync();
        await section.GetByRole(AriaRole.Button, new() { Name = "GraphQL" }).ClickAsync();
        await section.GetByLabel("Query (GraphQL)")
            .FillAsync("{ funnel(steps: [{stage: \"Qualification\"}, {stage: \"Proposal\"}]) { steps { number stage reached } } }");
        await section.GetByRole(AriaRole.Button, new() { Name = "Controls" }).ClickAsync();
        await Assertions.Expect(section.GetByText("This query says more than the controls can show.")).ToBeVisibleAsync();

        // Plain numbers of steps are a funnel.
        await section.GetByLabel("Shown as").SelectOptionAsync("FUNNEL");
        await section.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await section.Locator(".preview canvas").WaitForAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task What_is_picked_before_the_page_is_drawn_again_is_all_kept()
    {
        await using var visit = await pages.VisitAsync("/reports/new");
        var section = visit.Page.GetByRole(AriaRole.Region, new() { Name = "Section 1" });
        await section.Locator("canvas").WaitForAsync();
        await section.EvaluateAsync(Visit.PickAtOnce, new Dictionary<string, string>
        {
            ["Interval"] = "", ["Split by"] = "CHANNEL", ["Shown as"] = "TABLE", ["Compare with"] = "PREVIOUS_YEAR",
        });
        await Assertions.Expect(section.Locator(".preview tbody tr").Nth(1)).ToBeVisibleAsync();
        await section.GetByRole(AriaRole.Button, new() { Name = "GraphQL" }).ClickAsync();
        var query = await section.GetByLabel("Query (GraphQL)").InputValueAsync();
        Assert.Contains("compareTo: PREVIOUS_YEAR", query, StringComparison.Ordinal);
        Assert.Contains("CHANNEL", query, StringComparison.Ordinal);
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
