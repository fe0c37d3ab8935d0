using System.Globalization;
using System.Text.RegularExpressions;
using CrmGraph.Dashboard;
using CrmGraph.Data.Model;
using Microsoft.Playwright;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>The page at <c>/</c> in a browser: what it shows is what the API says.</summary>
[Collection(DashboardPagesCollection.Name)]
public sealed class OverviewTests(DashboardFixture pages)
{
    private static readonly object Variables = new { period = new { last = new { count = 30, unit = "DAY" } }, compareTo = "PREVIOUS_PERIOD" };

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280, "Overview")]
    [InlineData("zh-CN", ColorScheme.Dark, 1280, "总览")]
    [InlineData("zh-CN", ColorScheme.Light, 390, "总览")]
    [InlineData("en-US", ColorScheme.Dark, 390, "Overview")]
    public async Task The_page_is_whole_in_both_languages_and_themes_and_on_a_phone(string locale, ColorScheme theme, int width, string title)
    {
        await using var visit = await pages.VisitAsync("/", locale, theme, width);
        await Loaded(visit.Page);
        Assert.Equal(title, await visit.Page.Locator("h1").InnerTextAsync());
        await Assertions.Expect(visit.Page.Locator("canvas")).ToHaveCountAsync(4);
        await visit.AssertWholeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Role.Representative)]
    public async Task Each_visitor_sees_the_figures_that_the_API_tells_him(Role? role)
    {
        var key = role is null ? null : (await pages.Server.CreateKeyAsync(role.Value, await MemberAsync())).Secret;
        var totals = (await pages.AskAsync(OverviewOperations.Tiles.Text, Variables, key)).GetProperty("metrics").GetProperty("totals");
        await using var visit = await pages.VisitAsync("/", key: key);
        await Loaded(visit.Page);
        foreach (var tile in totals.EnumerateObject())
            Assert.Equal(tile.Value.GetProperty("value").ToString(), await Value(visit.Page, tile.Name).GetAttributeAsync("data-value") ?? "");
    }

    [Fact]
    public async Task A_write_is_on_the_screen_within_a_second()
    {
        await using var visit = await pages.VisitAsync("/?period=7d");
        await Loaded(visit.Page);
        var before = await OrdersAsync(visit.Page);
        await SellAsync();
        await Assertions.Expect(Value(visit.Page, "orders"))
            .ToHaveAttributeAsync("data-value", (before + 1).ToString(CultureInfo.InvariantCulture), new() { Timeout = 1_500 });
    }

    [Fact]
    public async Task Whoever_was_offline_comes_back_to_the_present_figures()
    {
        await using var visit = await pages.VisitAsync("/?period=7d");
        await Loaded(visit.Page);
        var before = await OrdersAsync(visit.Page);
        await visit.GoOfflineAsync(true);
        // A socket that is open stays open; what is closed cannot be opened again.
        await visit.Page.EvaluateAsync("Blazor._internal.forceCloseConnection()");
        await Assertions.Expect(visit.Page.Locator("#connection")).ToContainTextAsync("Connection lost");
        await SellAsync();
        await visit.GoOfflineAsync(false);
        await Assertions.Expect(visit.Page.Locator("#connection")).ToContainTextAsync("Back after", new() { Timeout = 30_000 });
        await Assertions.Expect(Value(visit.Page, "orders")).ToHaveAttributeAsync("data-value", (before + 1).ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Whoever_comes_back_too_late_gets_the_page_anew_and_is_told_so()
    {
        await using var visit = await pages.VisitAsync("/?period=7d");
        await Loaded(visit.Page);
        // As Blazor's script says it when the server no longer knows the page.
        await visit.Page.EvaluateAsync(
            """
            globalThis.isOld = true;
            for (const state of ['show', 'rejected'])
              document.getElementById('components-reconnect-modal').dispatchEvent(new CustomEvent('components-reconnect-state-changed', { detail: { state } }));
            """);
        await Assertions.Expect(visit.Page.Locator("#connection")).ToContainTextAsync("Back after");
        Assert.False(await visit.Page.EvaluateAsync<bool>("'isOld' in globalThis"), "The page is still the old one.");
        await Assertions.Expect(visit.Page.Locator("#connection")).ToBeHiddenAsync(new() { Timeout = 10_000 });
    }

    [Fact]
    public async Task An_error_is_told_on_the_page_which_goes_on_afterwards()
    {
        await using var visit = await pages.VisitAsync("/");
        await Loaded(visit.Page);
        await visit.Page.EvaluateAsync("""
            globalThis.isBroken = true;
            void (history.replaceState = (...all) => { if (isBroken) throw new Error('broken'); History.prototype.replaceState.apply(history, all); });
            """);
        await visit.Page.Locator(".picker select").First.SelectOptionAsync("12m");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(new Regex("The server noted it as [0-9a-f]{8}"));
        await visit.AssertWholeAsync();

        await visit.Page.EvaluateAsync("globalThis.isBroken = false");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Loaded(visit.Page);
        await visit.Page.Locator(".picker select").First.SelectOptionAsync("7d");
        await Assertions.Expect(visit.Page).ToHaveURLAsync(new Regex("period=7d"));
        await visit.AssertWholeAsync();
    }

    [Fact]
    public async Task A_chart_that_cannot_be_drawn_leaves_its_numbers()
    {
        await using var visit = await pages.VisitAsync("/sign-in");
        await visit.Page.RouteAsync("**/echarts.js*", route => route.AbortAsync());
        await visit.Page.GotoAsync("/");
        await Assertions.Expect(visit.Page.Locator(".card .error")).ToHaveCountAsync(4, new() { Timeout = 30_000 });
        await Assertions.Expect(visit.Page.Locator(".card .error").First).ToHaveTextAsync("The chart could not be drawn. Its numbers are right.");
        await Loaded(visit.Page);
        Assert.NotEqual(0, await OrdersAsync(visit.Page));
    }

    [Fact]
    public async Task The_demo_company_goes_to_work_at_the_press_of_a_button()
    {
        await using var server = await RunningServer.StartAsync(settings: ["--demo"]);
        await using var visit = await pages.VisitAsync("/?period=7d", server: server);
        await Loaded(visit.Page);
        var asOf = await visit.Page.Locator("p.hint").First.InnerTextAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Let the demo company work" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "The demo company is at work" })).ToBeDisabledAsync();
        await Assertions.Expect(visit.Page.Locator("p.hint").First).Not.ToHaveTextAsync(asOf, new() { Timeout = 30_000 });
    }

    [Fact]
    public async Task One_page_too_many_says_so()
    {
        await using var server = await RunningServer.StartAsync(settings: ["--DashboardPages", "0"]);
        await using var visit = await pages.VisitAsync("/", server: server);
        await Assertions.Expect(visit.Page.Locator("#connection")).ToContainTextAsync("Too many pages", new() { Timeout = 30_000 });
    }

    [Fact]
    public async Task Another_period_is_shown_at_once_and_stands_in_the_address()
    {
        await using var visit = await pages.VisitAsync("/");
        await Loaded(visit.Page);
        await visit.Page.Locator(".picker select").First.SelectOptionAsync("12m");
        await Assertions.Expect(visit.Page).ToHaveURLAsync(new Regex("period=12m"));
        var totals = (await pages.AskAsync(
            OverviewOperations.Tiles.Text, new { period = new { last = new { count = 12, unit = "MONTH" } }, compareTo = "PREVIOUS_PERIOD" }))
            .GetProperty("metrics").GetProperty("totals");
        await Assertions.Expect(Value(visit.Page, "buyers"))
            .ToHaveAttributeAsync("data-value", totals.GetProperty("buyers").GetProperty("value").ToString());
    }

    [Fact]
    public async Task A_card_shows_its_query_and_gives_its_table()
    {
        await using var visit = await pages.VisitAsync("/");
        await Loaded(visit.Page);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Query: Channels by revenue" }).ClickAsync();
        var dialog = visit.Page.Locator("dialog[open]");
        await Assertions.Expect(dialog.Locator("[data-document]")).ToContainTextAsync("query OverviewChannels");
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => dialog.GetByRole(AriaRole.Button, new() { Name = "CSV", Exact = true }).ClickAsync());
        Assert.Contains("revenue.value", await File.ReadAllTextAsync(await download.PathAsync()));
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_revoked_key_ends_the_page_that_it_opened()
    {
        var key = await pages.Server.CreateKeyAsync(Role.Analyst);
        await using var visit = await pages.VisitAsync("/", key: key.Secret);
        await Loaded(visit.Page);
        await pages.Server.Service<CrmGraph.Reporting.Access.ApiKeys>().RevokeAsync(key.Key.Id.ToString(), default);
        await visit.Page.WaitForURLAsync("**/sign-in*");
        await Assertions.Expect(visit.Page.GetByLabel("API key")).ToBeVisibleAsync();
    }

    private static ILocator Value(IPage page, string tile) => page.Locator($"[data-tile={tile}] .value");

    private static Task Loaded(IPage page) => Assertions.Expect(page.Locator("#live.live")).ToBeVisibleAsync(new() { Timeout = 30_000 });

    private static async Task<int> OrdersAsync(IPage page) =>
        int.Parse((await Value(page, "orders").GetAttributeAsync("data-value"))!, CultureInfo.InvariantCulture);

    private async Task<Guid> MemberAsync()
    {
        await using var db = pages.Server.Database.CreateContext();
        return db.TeamMembers.OrderBy(m => m.Id).First().Id;
    }

    internal async Task SellAsync()
    {
        var customers = (await pages.AskAsync("{ customers(first: 1) { nodes { id } } }")).GetProperty("customers");
        var customer = customers.GetProperty("nodes")[0].GetProperty("id").GetString();
        var saved = await pages.AskAsync(
            "mutation($input: UpsertOrderInput!) { upsertOrder(input: $input) { order { id } errors { ... on Error { message } } } }",
            new
            {
                input = new
                {
                    externalIds = new[] { new { source = "test", key = Guid.NewGuid().ToString() } },
                    customer = new { id = customer },
                    orderedAt = TimeProvider.System.GetUtcNow(),
                    currency = "EUR",
                    lines = new[] { new { quantity = 1, unitPrice = 10 } },
                },
            });
        Assert.Equal("null", saved.GetProperty("upsertOrder").GetProperty("errors").GetRawText());
    }
}
