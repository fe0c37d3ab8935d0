using System.Net.Http.Json;
using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>One server with the demo company and one browser for all tests of pages.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    /// <summary>What the browser does without a time limit of its own is given up after this time.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    internal RunningServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var starting = RunningServer.StartAsync(settings: ["--demo"]);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium(), Args = ["--no-sandbox"] });
        Server = await starting;
    }

    public async Task DisposeAsync()
    {
        await EndedAsync(_browser.CloseAsync());
        _playwright.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>A visitor with a browser of his own: no cookies, nothing cached.</summary>
    internal async Task<Visit> VisitAsync(
        string path, string locale = "en-US", ColorScheme theme = ColorScheme.Light, int width = 1280, string? key = null, RunningServer? server = null)
    {
        var address = (server ?? Server).Address.ToString();
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = address,
            Locale = locale,
            ColorScheme = theme,
            ViewportSize = new() { Width = width, Height = 900 },
        }).WaitAsync(Patience);
        context.SetDefaultTimeout(30_000);
        if (key is not null)
        {
            await context.AddCookiesAsync(
                [new() { Name = "crmgraph_key", Value = key, Url = address, HttpOnly = true, SameSite = SameSiteAttribute.Strict }]);
        }
        var page = await context.NewPageAsync().WaitAsync(Patience);
        var visit = new Visit(context, page);
        await page.GotoAsync(path);
        return visit;
    }

    /// <summary>Waits for the end of something of the browser, which a browser that is stuck keeps from no other test: it ends with its driver.</summary>
    internal static async Task EndedAsync(Task ending)
    {
        if (await Task.WhenAny(ending, Task.Delay(TimeSpan.FromSeconds(15))) == ending)
            await ending;
    }

    /// <summary>What the API says, to whoever has the key.</summary>
    internal async Task<JsonElement> AskAsync(string query, object? variables = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query, variables }) };
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        using var answer = await Server.Client.SendAsync(request);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(json.TryGetProperty("errors", out var errors), errors.ToString());
        return json.GetProperty("data");
    }

    private static string Chromium() =>
        new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("The tests of pages need the operating system's chromium: apt-get install chromium");
}

/// <summary>A page that is looked at, and everything that its console complained of.</summary>
internal sealed class Visit : IAsyncDisposable
{
    /// <summary>Picks in several lists, by the first words of their labels, within one turn of the browser: no answer of the server comes between.</summary>
    public const string PickAtOnce = """
        (within, picked) => Object.entries(picked).forEach(([label, value]) => {
            const select = [...within.querySelectorAll('label')].find(l => l.textContent.trim().startsWith(label)).querySelector('select');
            select.value = value;
            select.dispatchEvent(new Event('change', { bubbles: true }));
        })
        """;

    private readonly IBrowserContext _context;

    public Visit(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Complaints.Add($"{message.Text} {message.Location}");
        };
        page.PageError += (_, error) => Complaints.Add(error);
    }

    public IPage Page { get; }
    public List<string> Complaints { get; } = [];

    /// <summary>Nothing is wider than the window, the console is silent, and axe finds nothing.</summary>
    public async Task AssertWholeAsync()
    {
        Assert.True(await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than the window.");
        Assert.Empty(Complaints);
        Assert.Empty((await Page.RunAxe()).Violations.Select(v => $"{v.Id}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}"));
    }

    public Task GoOfflineAsync(bool offline) => _context.SetOfflineAsync(offline);

    public async ValueTask DisposeAsync() => await DashboardFixture.EndedAsync(_context.CloseAsync());
}

[CollectionDefinition(Name)]
public sealed class DashboardPagesCollection : ICollectionFixture<DashboardFixture>
{
    public const string Name = "pages of the dashboard";
}
