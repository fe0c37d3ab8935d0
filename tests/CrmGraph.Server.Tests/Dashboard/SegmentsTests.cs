using System.Globalization;
using System.Text.Json.Nodes;
using CrmGraph.Dashboard;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Types;
using Microsoft.Playwright;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>The pages at <c>/segments</c> in a browser.</summary>
[Collection(DashboardPagesCollection.Name)]
public sealed class SegmentsTests(DashboardFixture pages)
{
    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("zh-CN", ColorScheme.Dark, 390)]
    public async Task The_list_and_a_segment_are_whole_and_say_the_sizes_that_the_API_tells(string locale, ColorScheme theme, int width)
    {
        await using var visit = await pages.VisitAsync("/segments", locale, theme, width);
        foreach (var (_, key, _, size) in await SegmentsAsync())
            Assert.Equal(size, int.Parse(await visit.Page.Locator($"[data-size={key}]").InnerTextAsync(), CultureInfo.InvariantCulture));
        await visit.AssertWholeAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "About to leave" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#count[data-count]")).ToBeVisibleAsync();
        await visit.AssertWholeAsync();
    }

    [Fact]
    public async Task Conditions_are_counted_while_they_are_made_and_saved_as_a_segment()
    {
        await using var visit = await pages.VisitAsync("/segments/new");
        await Assertions.Expect(visit.Page.Locator("#count")).ToHaveAttributeAsync("data-count", await CountAsync("{}"));
        await visit.Page.GetByLabel("Order count: Comparison").SelectOptionAsync("gte");
        await visit.Page.GetByLabel("Order count: Value").FillAsync("3");
        await Assertions.Expect(visit.Page.Locator("#count")).ToHaveAttributeAsync("data-count", await CountAsync("{orderCount: {gte: 3}}"));
        await visit.Page.GetByText("+ Condition").ClickAsync();
        await Assertions.Expect(visit.Page.GetByLabel("Field")).ToHaveCountAsync(2);
        await visit.Page.GetByLabel("Field").Last.SelectOptionAsync("city");
        await visit.Page.GetByLabel("City: Value").FillAsync("Berlin");
        await visit.Page.GetByLabel("How conditions count together").SelectOptionAsync("or");
        await Assertions.Expect(visit.Page.Locator("#count")).ToHaveAttributeAsync(
            "data-count", await CountAsync("{or: [{orderCount: {gte: 3}}, {city: {eq: \"Berlin\"}}]}"));

        await visit.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Berlin or loyal");
        await visit.Page.GetByLabel("Key").FillAsync("berlin-or-loyal");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("h1")).ToHaveTextAsync("Berlin or loyal");
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.GetByText("Download as CSV").ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync());
        Assert.Equal(await CountAsync("{or: [{orderCount: {gte: 3}}, {city: {eq: \"Berlin\"}}]}"), $"{lines.Length - 1}");

        visit.Page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await visit.Page.WaitForURLAsync("**/segments");
        Assert.DoesNotContain(await SegmentsAsync(), s => s.Key == "berlin-or-loyal");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Who_may_not_save_is_not_asked_to()
    {
        var key = await pages.Server.CreateKeyAsync(Role.Viewer);
        await using var visit = await pages.VisitAsync("/segments/new", key: key.Secret);
        await Assertions.Expect(visit.Page.Locator("#count[data-count]")).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.Locator(".save")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_definition_comes_out_of_the_editor_as_it_went_in()
    {
        var type = (InputObjectType)pages.Server.Service<RequestExecutor>().Schema.Type("CustomerFilterInput")!;
        string[] others =
        [
            """{"or":[{"name":{"contains":"a"}},{"and":[{"name":{"contains":"b"}},{"name":{"contains":"c"}}]}]}""",
            """{"not":{"or":[{"erasedAt":{"neq":null}},{"kind":{"in":["PERSON","COMPANY"]}}]}}""",
            """{"moneySpent":{"currency":"EUR","amount":{"gte":100.5}},"ordersIn":{"period":{"toDate":"YEAR"},"count":{"gte":2}}}""",
            """{"tickets":{"none":{"kind":{"eq":"COMPLAINT"}}},"contracts":{"any":false},"segments":{"nin":["U2VnbWVudDox"]}}""",
        ];
        foreach (var text in (await SegmentsAsync()).Select(s => s.Definition).Where(d => d != "null").Concat(others))
        {
            var definition = JsonNode.Parse(text);
            Assert.True(JsonNode.DeepEquals(definition, Condition.Of(type, definition).ToJson()), $"{text} became {Condition.Of(type, definition).ToJson()}");
        }
    }

    [Fact]
    public void Comparisons_and_values_are_said_in_Chinese_too() =>
        Assert.All(ConditionWords.All, words => Assert.True(Preferences.Chinese.ContainsKey(words), words));

    private async Task<string> CountAsync(string definition) =>
        (await pages.AskAsync($"{{ segmentPreview(definition: {definition}) {{ count }} }}")).GetProperty("segmentPreview").GetProperty("count").GetRawText();

    private async Task<List<(string Id, string Key, string Definition, int Size)>> SegmentsAsync()
    {
        var data = await pages.AskAsync("{ segments(first: 50) { nodes { id key definition memberCount } } }");
        return
        [
            .. data.GetProperty("segments").GetProperty("nodes").EnumerateArray().Select(s => (
                s.GetProperty("id").GetString()!, s.GetProperty("key").GetString()!, s.GetProperty("definition").GetRawText(),
                s.GetProperty("memberCount").GetInt32())),
        ];
    }
}
