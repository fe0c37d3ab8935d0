using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>The page at <c>/explorer</c> in a browser.</summary>
[Collection(DashboardPagesCollection.Name)]
public sealed class ExplorerTests(DashboardFixture pages)
{
    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("zh-CN", ColorScheme.Dark, 390)]
    public async Task An_example_is_priced_and_run(string locale, ColorScheme theme, int width)
    {
        await using var visit = await OpenAsync(locale, theme, width);
        await Assertions.Expect(visit.Page.Locator("#price")).Not.ToBeEmptyAsync();
        await visit.Page.Locator("#run").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#answer")).ToContainTextAsync("averageOrderValue");
        Assert.True(await visit.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than the window.");
        Assert.Empty(visit.Complaints);
        // What the editor makes of itself is not ours.
        var result = await visit.Page.RunAxe(new Deque.AxeCore.Commons.AxeRunContext { Exclude = [new(".monaco-editor"), new(".monaco-aria-container")] });
        Assert.Empty(result.Violations.Select(v => $"{v.Id}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}"));
        await visit.Page.EvaluateAsync(
            "monaco.editor.getModels()[0].setValue('{ metrics(period: {toDate: YEAR}, grain: MONTH) { rows { bucket { label } orders { value } } } }')");
        await visit.Page.Locator("#view").SelectOptionAsync("chart");
        await visit.Page.Locator("#run").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#answer canvas")).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Fields_are_offered_where_they_can_stand_and_mistakes_are_marked()
    {
        await using var visit = await OpenAsync();
        await visit.Page.EvaluateAsync("monaco.editor.getModels()[0].setValue('{ viewer { nam } }')");
        await Assertions.Expect(visit.Page.Locator(".squiggly-error").First).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.Locator("#price")).ToContainTextAsync("nam");
        await visit.Page.Locator(".monaco-editor textarea").First.FocusAsync();
        await visit.Page.EvaluateAsync(
            """
            const editor = monaco.editor.getEditors()[0];
            editor.setPosition({ lineNumber: 1, column: 15 });
            editor.trigger('', 'editor.action.triggerSuggest', {});
            """);
        await Assertions.Expect(visit.Page.Locator(".suggest-widget")).ToContainTextAsync("name");
    }

    [Fact]
    public async Task A_subscription_is_followed_over_either_transport()
    {
        await using var visit = await OpenAsync();
        await visit.Page.EvaluateAsync("monaco.editor.getModels()[0].setValue('subscription { metricsUpdated(period: {toDate: MONTH}) { asOf } }')");
        foreach (var transport in new[] { "ws", "sse" })
        {
            await visit.Page.Locator("#transport").SelectOptionAsync(transport);
            await visit.Page.Locator("#run").ClickAsync();
            await Assertions.Expect(visit.Page.Locator("#status")).ToContainTextAsync(transport);
            await Assertions.Expect(visit.Page.Locator("#answer")).ToContainTextAsync("metricsUpdated");
        }
    }

    [Fact]
    public async Task The_text_outlives_a_reload_and_a_write_is_asked_for()
    {
        await using var visit = await OpenAsync();
        await visit.Page.EvaluateAsync("monaco.editor.getModels()[0].setValue('mutation Mine { __typename }')");
        await visit.Page.ReloadAsync();
        await Assertions.Expect(visit.Page.Locator("#tabs")).ToContainTextAsync("Mine");
        await visit.Page.Locator("#run").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#confirm[open]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Fields_error_codes_and_metrics_of_the_companys_own_are_found_and_types_lead_to_types()
    {
        await pages.AskAsync("mutation { defineMetric(input: {metric: {key: \"perBuyer\", label: \"Orders of a buyer\", "
            + "formula: \"orders / activeCustomers\"}}) { customMetric { key } } }");
        await using var visit = await OpenAsync();
        await visit.Page.Locator("#search").FillAsync("averageOrderValue");
        var field = visit.Page.Locator("#found details", new() { HasTextString = "MetricRow.averageOrderValue" }).First;
        await field.Locator("summary").ClickAsync();
        await field.GetByRole(AriaRole.Button, new() { Name = "MoneyMetric" }).ClickAsync();
        await visit.Page.Locator("#found .members").GetByRole(AriaRole.Button, new() { Name = "MetricDefinition" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#found h2")).ToContainTextAsync("MetricDefinition");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "← MoneyMetric" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#found h2")).ToContainTextAsync("MoneyMetric");
        await visit.Page.Locator("#search").FillAsync("REPORT_VERSION_CONFLICT");
        await Assertions.Expect(visit.Page.Locator("#found")).ToContainTextAsync("somebody else saved a newer version → take theirs");
        await visit.Page.Locator("#search").FillAsync("of a buyer");
        await Assertions.Expect(visit.Page.Locator("#found")).ToContainTextAsync("custom(key: \"perBuyer\") orders / activeCustomers");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task No_text_is_lost_to_an_example_or_to_formatting()
    {
        await using var visit = await OpenAsync();
        await visit.Page.EvaluateAsync("monaco.editor.getModels()[0].setValue('query  Precious{viewer{name}}')");
        await visit.Page.Locator("#format").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#query .view-lines")).ToContainTextAsync("viewer {");
        await visit.Page.EvaluateAsync("monaco.editor.getEditors()[0].trigger('', 'undo')");
        await AssertTheDocumentIsMadeWholeAndTheAnswerFoundAsync(visit.Page);
        await visit.Page.EvaluateAsync("monaco.editor.getModels()[0].setValue('query  Precious{viewer{name}}')");
        Assert.Equal("query  Precious{viewer{name}}", await visit.Page.EvaluateAsync<string>("monaco.editor.getModels()[0].getValue()"));

        // Examples come in tabs of their own; the tab that must go for the last of them is in the history.
        for (var i = 0; i < 13; i++)
            await visit.Page.Locator("[data-example]").First.ClickAsync();
        Assert.DoesNotContain("Precious", await visit.Page.Locator("#tabs").InnerTextAsync(), StringComparison.Ordinal);
        await visit.Page.GetByText("History", new() { Exact = true }).ClickAsync();
        await visit.Page.Locator("#history button", new() { HasTextString = "Precious" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#tabs [aria-pressed=true]")).ToHaveTextAsync("Precious");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Examples_stand_by_what_they_are_about_and_writes_last()
    {
        await using var visit = await OpenAsync();
        await Assertions.Expect(visit.Page.Locator("#examples summary"))
            .ToHaveTextAsync(
            [
                "Fields to tick", "Metrics", "Customers", "Segments", "Reports", "Analyses", "Live", "Writes changes data", "Documentation", "Saved", "History",
            ]);
        Assert.Equal(
            await visit.Page.EvaluateAsync<int>("[...document.querySelectorAll('[data-example]')].filter(e => /^mutation/m.test(e.dataset.example)).length"),
            await visit.Page.Locator("#examples details", new() { HasTextString = "changes data" }).Locator("[data-example]").CountAsync());
    }

    [Fact]
    public async Task Of_several_operations_the_chosen_one_is_run_with_variables_filled_in_by_type()
    {
        await using var visit = await OpenAsync();
        await visit.Page.EvaluateAsync(
            """
            monaco.editor.getModels()[0].setValue(`query First { viewer { name } }
            query Second($unit: CalendarUnit!, $period: PeriodInput!) { metrics(period: { toDate: $unit }) { asOf } other: metrics(period: $period) { asOf } }`)
            """);
        await visit.Page.Locator("#operation").SelectOptionAsync("Second");
        await visit.Page.Locator("#fill").ClickAsync();
        Assert.Equal(
            """{"unit":"DAY","period":{"last":{"count":0,"unit":"DAY"}}}""",
            await visit.Page.EvaluateAsync<string>("JSON.stringify(JSON.parse(monaco.editor.getEditors()[1].getValue()))"));
        await visit.Page.EvaluateAsync("""monaco.editor.getEditors()[1].setValue('{"unit": "MONTH", "period": {"toDate": "YEAR"}}')""");
        await visit.Page.Locator("#run").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#answer")).ToContainTextAsync("other");
        await visit.Page.Locator("#operation").SelectOptionAsync("First");
        await visit.Page.Locator("#run").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#answer")).ToContainTextAsync("viewer");
    }

    [Theory]
    [InlineData("{", "period", "PeriodInput!")]
    [InlineData("{ \"period\": {", "toDate", "CalendarUnit")]
    [InlineData("{ \"period\": { \"toDate\": ", "WEEK", "")]
    [InlineData("{ \"by\": [\"CHANNEL\", ", "AGE_BAND", "")]
    public async Task In_the_variables_names_and_values_are_offered_by_type(string before, string offered, string detail)
    {
        await using var visit = await OpenAsync();
        await visit.Page.EvaluateAsync(
            """
            before => {
              monaco.editor.getModels()[0].setValue('query Q($period: PeriodInput!, $by: [MetricDimension!]) { metrics(period: $period, groupBy: $by) { asOf } }');
              const editor = monaco.editor.getEditors()[1];
              editor.setValue(before);
              editor.focus();
              editor.setPosition({ lineNumber: 1, column: before.length + 1 });
              editor.trigger('', 'editor.action.triggerSuggest', {});
            }
            """,
            before);
        var offers = visit.Page.Locator(".suggest-widget .monaco-list-row", new() { HasTextString = offered });
        await Assertions.Expect(offers.First).ToBeVisibleAsync();
        await Assertions.Expect(offers.First).ToContainTextAsync(detail);
        await offers.First.ClickAsync();
        var text = await visit.Page.EvaluateAsync<string>("monaco.editor.getEditors()[1].getValue()");
        Assert.StartsWith(before + '"' + offered + '"', text, StringComparison.Ordinal);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Fields_and_arguments_are_ticked_and_stand_in_the_document()
    {
        await using var visit = await OpenAsync();
        await visit.Page.EvaluateAsync("monaco.editor.getModels()[0].setValue('query Mine { viewer { name } }')");
        await visit.Page.GetByText("Fields to tick", new() { Exact = true }).ClickAsync();
        var fields = visit.Page.Locator("#fields");
        await Assertions.Expect(Box("viewer")).ToBeCheckedAsync();
        await visit.Page.GetByLabel("Search fields").FillAsync("customers");
        await Box("customers").ClickAsync();
        await Box("customers/nodes").ClickAsync();
        await Box("customers/nodes/name").ClickAsync();
        await Box("customers(first)").ClickAsync();
        Assert.Equal("query Mine { viewer { name } customers(first: 1) { nodes { name } } }", await TextAsync());
        await visit.AssertWholeAsync();
        await visit.Page.Locator("#run").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#answer")).ToContainTextAsync("nodes");

        // Without the last field of a selection it goes, too; a needed argument comes with its field.
        await Box("customers/nodes/name").ClickAsync();
        await Box("customers(first)").ClickAsync();
        await Box("viewer").ClickAsync();
        Assert.Equal("query Mine { customers { nodes } }", await TextAsync());
        await visit.Page.GetByLabel("Search fields").FillAsync("metrics");
        await Box("metrics").ClickAsync();
        await Box("metrics/asOf").ClickAsync();
        await Box("customers").ClickAsync();
        await visit.Page.Locator("#run").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#answer")).ToContainTextAsync("asOf");
        Assert.DoesNotContain("errors", await visit.Page.Locator("#answer").InnerTextAsync(), StringComparison.Ordinal);
        await visit.Page.EvaluateAsync("monaco.editor.getModels()[0].setValue('')");
        await visit.Page.GetByLabel("Search fields").FillAsync("node");
        await Box("node").ClickAsync();
        await fields.GetByRole(AriaRole.Checkbox, new() { Name = "... on Customer", Exact = true }).ClickAsync();
        await Box("node/... on Customer/city").ClickAsync();
        Assert.Equal("query { node(id: \"\") { ... on Customer { __typename city } } }", await TextAsync());
        Assert.Empty(visit.Complaints);

        ILocator Box(string place) => fields.Locator($"input[data-place=\"{place}\"]");

        Task<string> TextAsync() => visit.Page.EvaluateAsync<string>("monaco.editor.getModels()[0].getValue().replace(/\\s+/g, ' ').trim()");
    }

    [Fact]
    public async Task Tabs_and_history_have_names_and_headers_are_offered()
    {
        await using var visit = await OpenAsync();
        await visit.Page.EvaluateAsync("monaco.editor.getModels()[0].setValue('{ viewer { name } }')");
        await visit.Page.Locator("#tabs [aria-pressed=true]").DblClickAsync();
        await visit.Page.Locator("#tabs input").FillAsync("Who I am");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.Locator("#run").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#answer")).ToContainTextAsync("viewer");
        await visit.Page.Locator("#view").SelectOptionAsync("headers");
        await Assertions.Expect(visit.Page.Locator("#answer")).ToContainTextAsync("content-type");
        await visit.Page.ReloadAsync();
        await Assertions.Expect(visit.Page.Locator("#tabs [aria-pressed=true]")).ToHaveTextAsync("Who I am");
        await visit.Page.GetByText("History", new() { Exact = true }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Rename (double click or F2): Who I am" }).ClickAsync();
        await visit.Page.Locator("#history input").FillAsync("Me");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Page.Locator("#history li")).ToHaveTextAsync("Me✎×");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Clear the history" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#history li")).ToHaveCountAsync(0);

        await visit.Page.EvaluateAsync(
            """
            () => {
              const editor = monaco.editor.getEditors()[2];
              editor.setValue('{"graphql-cost": ');
              editor.focus();
              editor.setPosition({ lineNumber: 1, column: 18 });
              editor.trigger('', 'editor.action.triggerSuggest', {});
            }
            """);
        await visit.Page.Locator(".suggest-widget .monaco-list-row", new() { HasTextString = "report" }).ClickAsync();
        await visit.Page.EvaluateAsync(
            """
            () => {
              const editor = monaco.editor.getEditors()[2];
              editor.setValue('{"graphql-cost": "report", ');
              editor.setPosition({ lineNumber: 1, column: 28 });
              editor.trigger('', 'editor.action.triggerSuggest', {});
            }
            """);
        await visit.Page.Locator(".suggest-widget .monaco-list-row", new() { HasTextString = "Accept-Language" }).ClickAsync();
        Assert.Equal(
            "{\"graphql-cost\": \"report\", \"Accept-Language\": ", await visit.Page.EvaluateAsync<string>("monaco.editor.getEditors()[2].getValue()"));
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_link_carries_the_document()
    {
        var shared = Convert.ToBase64String("""{"query":"query Shared { viewer { name } } # 客户","variables":""}"""u8).Replace('+', '-').Replace('/', '_');
        await using var visit = await OpenAsync(path: "/explorer#" + shared);
        await Assertions.Expect(visit.Page.Locator("#tabs")).ToContainTextAsync("Shared");
        Assert.EndsWith("# 客户", await visit.Page.EvaluateAsync<string>("monaco.editor.getModels()[0].getValue()"), StringComparison.Ordinal);
        Assert.EndsWith("/explorer", visit.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_are_found_by_their_Chinese_names()
    {
        await using var visit = await OpenAsync("zh-CN");
        await visit.Page.Locator("#search").FillAsync("销售额");
        await Assertions.Expect(visit.Page.Locator("#found")).ToContainTextAsync("MetricRow.revenue");
    }

    /// <summary>A selection that is missing, fragments that need not be, folding and finding in the answer, and a border that is moved by keys.</summary>
    private static async Task AssertTheDocumentIsMadeWholeAndTheAnswerFoundAsync(IPage page)
    {
        await Assertions.Expect(page.Locator("#explorer[data-schema]")).ToBeVisibleAsync();
        await page.EvaluateAsync("monaco.editor.getModels()[0].setValue('{ customers(first: 2) viewer { ...V } } fragment V on Viewer { name }')");
        await page.Locator("#merge").ClickAsync();
        Assert.DoesNotContain("fragment", await page.EvaluateAsync<string>("monaco.editor.getModels()[0].getValue()"), StringComparison.Ordinal);
        await page.Locator("#run").ClickAsync();
        var answer = page.Locator("#answer .json");
        await Assertions.Expect(answer).ToContainTextAsync("nodes");
        await Assertions.Expect(answer).ToContainTextAsync("viewer");
        await answer.Locator("summary").Nth(1).ClickAsync();
        await Assertions.Expect(answer.GetByText("nodes")).ToBeHiddenAsync();
        await page.Locator("#find").FillAsync("nodes");
        await Assertions.Expect(page.Locator("#hits")).ToHaveTextAsync("1/1");
        await Assertions.Expect(answer.GetByText("nodes")).ToBeVisibleAsync();
        var border = page.Locator("[data-border=query]");
        var before = await page.Locator("#query").EvaluateAsync<double>("e => e.clientWidth");
        await border.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(border).ToHaveAttributeAsync("aria-valuenow", "42");
        Assert.True(await page.Locator("#query").EvaluateAsync<double>("e => e.clientWidth") > before);
    }

    private async Task<Visit> OpenAsync(string locale = "en-US", ColorScheme theme = ColorScheme.Light, int width = 1280, string path = "/explorer")
    {
        var visit = await pages.VisitAsync(path, locale, theme, width);
        await Assertions.Expect(visit.Page.Locator("#explorer[data-schema]")).ToBeAttachedAsync(new() { Timeout = 30_000 });
        return visit;
    }
}
