using System.Net;
using System.Text.Json;
using Xunit;

namespace CrmGraph.Server.Tests.Access;

/// <summary>Which browsers' pages may call: Fetch standard (Origin, CORS protocol) and Fetch Metadata (Sec-Fetch-Site).</summary>
public sealed class OriginTests
{
    [Theory]
    [InlineData("Production", null, null, 200)]
    [InlineData("Production", null, "none", 200)]
    [InlineData("Production", null, "same-origin", 200)]
    [InlineData("Production", null, "cross-site", 403)]
    [InlineData("Production", null, "same-origin,cross-site", 403)]
    [InlineData("Production", null, "same-origin,same-origin", 403)]
    [InlineData("Production", "{own}", "none,cross-site", 403)]
    [InlineData("Production", null, "elsewhere", 403)]
    [InlineData("Production", "{own}", null, 200)]
    [InlineData("Production", "{own}", "same-origin", 200)]
    [InlineData("Production", "{own}", "cross-site", 403)]
    [InlineData("Production", "https://app.example", "cross-site", 200)]
    [InlineData("Production", "https://APP.example", null, 200)]
    [InlineData("Production", "https://app.example:444", null, 403)]
    [InlineData("Production", "http://app.example", null, 403)]
    [InlineData("Production", "https://app.example.evil", null, 403)]
    [InlineData("Production", "https://evil.app.example", null, 403)]
    [InlineData("Production", "https://evil.example", null, 403)]
    [InlineData("Production", "null", null, 403)]
    [InlineData("Production", "file://", null, 403)]
    [InlineData("Production", "http://localhost:3000", null, 403)]
    [InlineData("Development", "http://localhost:3000", "cross-site", 200)]
    [InlineData("Development", "http://127.0.0.1:3000", "same-site", 200)]
    [InlineData("Development", "http://[::1]:3000", null, 200)]
    [InlineData("Development", "http://localhost.evil.example", null, 403)]
    [InlineData("Development", "https://evil.example", null, 403)]
    public async Task Only_our_own_and_listed_origins_get_through(string environment, string? origin, string? site, int status)
    {
        await using var server = await RunningServer.StartAsync(environment, ["--Cors:Origins", "https://app.example, https://second.example:8443"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin.Replace("{own}", server.Address.GetLeftPart(UriPartial.Authority)));
        if (site is not null)
            foreach (var line in site.Split(','))
                request.Headers.Add("Sec-Fetch-Site", line);

        using var answer = await server.Client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 403)
        {
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.Equal("ORIGIN_NOT_ALLOWED", body.RootElement.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
            if (origin is not null && origin.StartsWith("http", StringComparison.Ordinal))
                Assert.EndsWith($"--Cors:Origins {origin}", body.RootElement.GetProperty("errors")[0].GetProperty("message").GetString());
        }
        else if (origin is not null && origin != "{own}")
        {
            Assert.Equal(origin, answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.Contains("Origin", answer.Headers.Vary);
            if (environment == "Development")
                await IsToldWhyItNeedsAKeyAsync(server, origin);
        }
    }

    [Fact]
    public async Task A_preflight_of_a_listed_origin_is_answered_and_never_allows_credentials()
    {
        await using var server = await RunningServer.StartAsync("Production", ["--Cors:Origins:0", "https://app.example"]);
        using var request = Preflight("https://app.example");

        using var answer = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("https://app.example", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("POST", answer.Headers.GetValues("Access-Control-Allow-Methods").Single());
        Assert.Equal("authorization,content-type", answer.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task A_preflight_of_any_other_origin_is_refused()
    {
        await using var server = await RunningServer.StartAsync("Production", ["--Cors:Origins:0", "https://app.example"]);
        using var request = Preflight("https://evil.example");

        using var answer = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_link_from_another_site_opens_the_start_page_but_nothing_with_data()
    {
        await using var server = await RunningServer.StartAsync("Production");

        Assert.Equal(HttpStatusCode.OK, (await FollowLinkAsync(server, "/")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await FollowLinkAsync(server, "/graphql?query={__typename}")).StatusCode);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("https://*.example")]
    [InlineData("app.example")]
    [InlineData("https://app.example/path")]
    [InlineData("null")]
    public async Task A_setting_that_is_no_origin_keeps_the_server_from_starting_and_says_so(string origin)
    {
        var failure = await Assert.ThrowsAsync<OptionsException>(async () => await RunningServer.StartAsync("Production", ["--Cors:Origins", origin]));
        Assert.Contains(origin, failure.Message);
    }

    private static async Task IsToldWhyItNeedsAKeyAsync(RunningServer server, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/graphql?query={__typename}");
        request.Headers.Add("Origin", origin);
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("this page comes from another origin. Send", await answer.Content.ReadAsStringAsync());
    }

    private static HttpRequestMessage Preflight(string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/graphql");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return request;
    }

    private static async Task<HttpResponseMessage> FollowLinkAsync(RunningServer server, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        request.Headers.Add("Sec-Fetch-Dest", "document");
        return await server.Client.SendAsync(request);
    }
}
