using System.Net;
using System.Text.RegularExpressions;
using CrmGraph.Dashboard;
using CrmGraph.Data.Model;
using CrmGraph.Server.Tests.Access;
using Microsoft.Playwright;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>Signing in to the dashboard at an OpenID Connect issuer, as a browser does it and as an attacker would like to.</summary>
[Collection(DashboardPagesCollection.Name)]
public sealed partial class IssuerSignInTests : IClassFixture<IssuerSignInTests.Fixture>
{
    private readonly DashboardFixture _pages;
    private readonly SignInIssuer _issuer;
    private readonly RunningServer _server;

    public IssuerSignInTests(DashboardFixture pages, Fixture fixture)
    {
        (_pages, _issuer, _server) = (pages, fixture.Issuer, fixture.Server);
        _issuer.Behave();
    }

    /// <summary>A server in Production, and the issuer that it knows.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal SignInIssuer Issuer { get; private set; } = null!;
        internal RunningServer Server { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Issuer = await SignInIssuer.StartAsync();
            Server = await RunningServer.StartAsync("Production", Issuer.Settings);
        }

        public async Task DisposeAsync()
        {
            await Server.DisposeAsync();
            await Issuer.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_browser_comes_in_through_the_issuer_is_sent_there_again_when_its_time_is_over_and_signs_out_of_all_its_pages()
    {
        _issuer.Lifetime = TimeSpan.FromSeconds(4);
        await using var visit = await _pages.VisitAsync("/segments?of=mine", server: _server);
        var page = visit.Page;
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Sign in at localhost") }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"127\.0\.0\.1.*/segments\?of=mine$"));
        await Assertions.Expect(page.Locator(".who")).ToHaveTextAsync("person-1");
        var cookie = (await page.Context.CookiesAsync().WaitAsync(DashboardFixture.Patience)).Single(c => c.Name == "crmgraph_key");
        Assert.Equal((true, SameSiteAttribute.Strict, "/"), (cookie.HttpOnly, cookie.SameSite, cookie.Path));
        Assert.Equal(1, _issuer.Asked);

        // A page with a connection, whose token ends: back at the same place, through the issuer, without a word.
        _issuer.Lifetime = TimeSpan.FromMinutes(5);
        await page.RunAndWaitForRequestAsync(() => page.GotoAsync("/builder?metrics=orders"), new Regex("/authorize"), new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("[data-tile=orders] .value")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        Assert.Contains("/builder?", page.Url, StringComparison.Ordinal);
        Assert.Equal(2, _issuer.Asked);

        // Elsewhere in the same browser somebody signs out. Not in a page of its own: a page behind another one, which goes to the sign-in by itself, has
        // made Playwright's driver fall silent.
        var address = _server.Address.ToString().TrimEnd('/');
        var signedOut = await page.Context.APIRequest.PostAsync(address + SignIn.Leave, new() { Headers = [new("Origin", address)], Timeout = 30_000 })
            .WaitAsync(DashboardFixture.Patience);
        Assert.Contains("You have signed out", await signedOut.TextAsync(), StringComparison.Ordinal);
        await Assertions.Expect(page.GetByText("You have signed out")).ToBeVisibleAsync().WaitAsync(DashboardFixture.Patience);
        await Assertions.Expect(page.Locator("header nav")).ToHaveCountAsync(0).WaitAsync(DashboardFixture.Patience);
        var left = await page.Context.CookiesAsync().WaitAsync(DashboardFixture.Patience);
        Assert.DoesNotContain(left, c => c.Name.StartsWith("crmgraph_", StringComparison.Ordinal));

        await page.GetByLabel("API key").FillAsync((await _server.CreateKeyAsync(Role.Analyst)).Secret);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-tile=orders] .value")).ToBeVisibleAsync(new() { Timeout = 30_000 }).WaitAsync(DashboardFixture.Patience);
        await page.GotoAsync("/segments").WaitAsync(DashboardFixture.Patience);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync().WaitAsync(DashboardFixture.Patience);
        await Assertions.Expect(page.GetByText("You have signed out")).ToBeVisibleAsync().WaitAsync(DashboardFixture.Patience);
        Assert.True(visit.Complaints.Count == 0, string.Join("; ", visit.Complaints));
    }

    [Fact]
    public async Task A_sign_in_goes_on_by_its_refresh_token_which_no_browser_has_until_the_issuer_ends_it()
    {
        _issuer.Renews = true;
        using var browser = new Browser(_server);
        using (var start = await browser.GetAsync("/dashboard/issuer"))
        using (var asked = await browser.GetAsync(start.Headers.Location!.ToString()))
        using (var entered = await browser.GetAsync(asked.Headers.Location!.ToString()))
            Assert.Equal(HttpStatusCode.OK, entered.StatusCode);
        var (before, visits) = (browser.Cookies, _issuer.Asked);
        using var renewed = await browser.GetAsync("/dashboard/issuer?back=%2Freports");
        Assert.Equal("/reports", renewed.Headers.Location!.ToString());
        Assert.Equal((1, visits), (_issuer.Renewed, _issuer.Asked));
        Assert.NotEqual(before, browser.Cookies);
        using var page = await browser.GetAsync("/reports");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        // What is no word of the issuer ends nothing: a broken connection, a gateway, an answer that is none.
        foreach (var between in new[] { -1, 503, 429, 200 })
        {
            _issuer.Between = between;
            using var waits = await browser.GetAsync("/dashboard/issuer?back=%2Freports");
            Assert.Contains("refused=issuer", waits.Headers.Location!.ToString(), StringComparison.Ordinal);
        }

        _issuer.Between = null;
        using var later = await browser.GetAsync("/dashboard/issuer?back=%2Freports");
        Assert.Equal(("/reports", 2, visits), (later.Headers.Location!.ToString(), _issuer.Renewed, _issuer.Asked));

        // A token of somebody else is none of this sign-in.
        _issuer.Claims["sub"] = "person-2";
        using var other = await browser.GetAsync("/dashboard/issuer?back=%2Freports");
        Assert.Contains("refused=ended", other.Headers.Location!.ToString(), StringComparison.Ordinal);
        using var word = await browser.GetAsync(other.Headers.Location.ToString());
        Assert.Contains("Your sign-in has ended", await word.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // What the refresh token was for is gone: now through the issuer again.
        using var through = await browser.GetAsync("/dashboard/issuer?back=%2Freports");
        Assert.Contains("/authorize", through.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state", "unfinished")]
    [InlineData("nonce", "unfinished")]
    [InlineData("denied", "unfinished")]
    [InlineData("role", "account")]
    [InlineData("member", "account")]
    [InlineData("another browser", "unfinished")]
    public async Task Whoever_does_not_come_as_he_should_is_told_so_and_is_not_signed_in(string what, string reason)
    {
        _ = what switch
        {
            "state" => (object)(_issuer.StateSent = state => state[..^4] + "AAAA"),
            "nonce" => _issuer.NonceSigned = nonce => nonce + "x",
            "denied" => _issuer.Denial = "access_denied",
            "role" => _issuer.Claims["role"] = "emperor",
            "member" => _issuer.Claims["role"] = "REPRESENTATIVE",
            _ => what,
        };
        using var browser = new Browser(_server);
        using var start = await browser.GetAsync("/dashboard/issuer?back=%2Freports");
        using var asked = await browser.GetAsync(start.Headers.Location!.ToString());
        if (what == "another browser")
            browser.Cookies = "";
        using var back = await browser.GetAsync(asked.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Redirect, back.StatusCode);
        Assert.Contains("refused=" + reason, back.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("/sign-in?", back.Headers.Location.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("crmgraph_key", browser.Cookies, StringComparison.Ordinal);
        using var page = await browser.GetAsync(back.Headers.Location.ToString());
        Assert.Matches("class=\"error\" role=\"alert\">(Your account is known|The sign-in was not finished)", await page.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("//evil.example/x")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task Nobody_is_sent_to_another_site_afterwards(string back)
    {
        using var browser = new Browser(_server);
        using var start = await browser.GetAsync("/dashboard/issuer?back=" + Uri.EscapeDataString(back));
        using var asked = await browser.GetAsync(start.Headers.Location!.ToString());
        using var entered = await browser.GetAsync(asked.Headers.Location!.ToString());
        var html = await entered.Content.ReadAsStringAsync();
        Assert.Contains("content=\"0;url=/\"", html);
        Assert.DoesNotContain("evil", html, StringComparison.Ordinal);
        // A code is good once.
        using var again = await browser.GetAsync(asked.Headers.Location!.ToString());
        Assert.Contains("refused=unfinished", again.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_larger_than_a_cookie_is_kept_in_several_and_opens_the_graph_for_its_own_page_alone()
    {
        _issuer.Claims["groups"] = Enumerable.Range(0, 150).Select(i => $"a group with a long name {i}").ToArray();
        using var browser = new Browser(_server);
        using var start = await browser.GetAsync("/dashboard/issuer");
        using var asked = await browser.GetAsync(start.Headers.Location!.ToString());
        using var entered = await browser.GetAsync(asked.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, entered.StatusCode);
        Assert.Contains("crmgraph_keyC2=", browser.Cookies, StringComparison.Ordinal);
        Assert.Contains("\"ANALYST\"", await AskAsync("same-origin"));
        Assert.Contains("NO_KEY", await AskAsync("same-site"));

        async Task<string> AskAsync(string site)
        {
            using var request = AuthenticationTests.Ask("{ viewer { role } }");
            request.Headers.Add("Cookie", browser.Cookies);
            request.Headers.Add("Sec-Fetch-Site", site);
            using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = _server.Address };
            using var answer = await client.SendAsync(request);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task An_issuer_that_does_not_answer_is_told_and_a_key_still_opens_the_door()
    {
        await using var server = await RunningServer.StartAsync(
            "Production", ["--Jwt:Authority", "http://localhost:1", "--Jwt:Audience", "api", "--Jwt:ClientId", SignInIssuer.Client]);
        using var browser = new Browser(server);
        using var start = await browser.GetAsync("/dashboard/issuer?back=%2Freports");
        Assert.Equal("/sign-in?back=%2Freports&refused=issuer", start.Headers.Location!.ToString());
        using var page = await browser.GetAsync(start.Headers.Location.ToString());
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains("does not answer at present", html);
        Assert.Contains("name=\"key\"", html);
        using var form = new FormUrlEncodedContent([new("key", (await server.CreateKeyAsync(Role.Analyst)).Secret), new("back", "/reports")]);
        using var entered = await server.Client.PostAsync(new Uri("/dashboard/enter", UriKind.Relative), form);
        Assert.Equal("/reports", entered.Headers.Location!.ToString());
    }

    /// <summary>Keeps cookies as a browser does, and follows nothing by itself.</summary>
    private sealed partial class Browser(RunningServer server) : IDisposable
    {
        private readonly Dictionary<string, string> _cookies = [];
        private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

        public string Cookies
        {
            get => string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}"));
            set => _cookies.Clear();
        }

        public async Task<HttpResponseMessage> GetAsync(string address)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, address));
            if (request.RequestUri!.Port == server.Address.Port && _cookies.Count > 0)
                request.Headers.Add("Cookie", Cookies);
            var answer = await _client.SendAsync(request);
            foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var all) ? all : [])
            {
                var match = Pair().Match(cookie);
                if (cookie.Contains("expires=Thu, 01 Jan 1970", StringComparison.Ordinal))
                    _cookies.Remove(match.Groups[1].Value);
                else
                    _cookies[match.Groups[1].Value] = match.Groups[2].Value;
            }

            return answer;
        }

        public void Dispose() => _client.Dispose();

        [GeneratedRegex("^([^=]+)=([^;]*)")]
        private static partial Regex Pair();
    }
}
