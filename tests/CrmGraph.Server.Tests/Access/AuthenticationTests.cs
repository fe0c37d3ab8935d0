using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Server.Tests.Access;

public sealed class AuthenticationTests
{
    public static IEnumerable<object[]> Both => Databases.Both;

    /// <summary>No key: only in Development, on loopback, under a loopback name, from no other page and through no proxy.</summary>
    [Theory]
    [InlineData("Development", null, null, null, 200)]
    [InlineData("Development", "localhost:5080", null, null, 200)]
    [InlineData("Development", "127.0.0.1", null, null, 200)]
    [InlineData("Development", "[::1]:5080", null, null, 200)]
    [InlineData("Development", "evil.example", null, null, 401)]
    [InlineData("Development", "localhost.evil.example", null, null, 401)]
    [InlineData("Development", "192.168.1.10", null, null, 401)]
    [InlineData("Development", "evil.example:5080", "Origin", "http://evil.example:5080", 401)]
    [InlineData("Development", null, "Origin", "http://localhost:3000", 401)]
    [InlineData("Development", null, "Sec-Fetch-Site", "same-site", 401)]
    [InlineData("Development", null, "Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Development", null, "Forwarded", "for=203.0.113.9", 401)]
    [InlineData("Development", null, "X-Forwarded-For", "127.0.0.1", 401)]
    [InlineData("Development", null, "x-forwarded-proto", "https", 401)]
    [InlineData("Development", null, "X-Forwarded-Anything", "x", 401)]
    [InlineData("Development", null, "X-Real-IP", "127.0.0.1", 401)]
    [InlineData("Development", null, "Via", "1.1 proxy", 401)]
    [InlineData("Production", null, null, null, 401)]
    [InlineData("Production", "localhost:5080", null, null, 401)]
    [InlineData("Staging", null, null, null, 401)]
    public async Task Without_a_key(string environment, string? host, string? header, string? value, int status)
    {
        await using var server = await RunningServer.StartAsync(environment);
        using var request = Ask("{ __typename }");
        request.Headers.Host = host;
        if (header is not null)
            request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await server.Client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 401)
        {
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
            Assert.Equal(("AUTH_NOT_AUTHENTICATED", "NO_KEY"), await RefusalAsync(answer));
        }
    }

    [Theory]
    [InlineData("Bearer crm_wrong", "MALFORMED_KEY")]
    [InlineData("Bearer crm_0000000000000000000000000000000000000000000", "UNKNOWN_KEY")]
    [InlineData("Bearer a.b.c", "MALFORMED_KEY")]
    [InlineData("Bearer", "MALFORMED_KEY")]
    [InlineData("Basic dXNlcjpwYXNz", "MALFORMED_KEY")]
    public async Task A_bad_key_is_refused_even_where_none_is_needed(string authorization, string reason)
    {
        await using var server = await RunningServer.StartAsync("Development");
        using var request = Ask("{ __typename }");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var answer = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(("AUTH_NOT_AUTHENTICATED", reason), await RefusalAsync(answer));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_key_opens_until_it_is_revoked(DatabaseKind kind)
    {
        await using var server = await RunningServer.StartAsync("Production", kind: kind);
        var key = await server.CreateKeyAsync(Role.Analyst);
        Assert.Equal(HttpStatusCode.OK, (await AskWithAsync(server, key.Secret)).StatusCode);

        await server.Service<ApiKeys>().RevokeAsync(key.Key.Prefix, CancellationToken.None);

        using var answer = await AskWithAsync(server, key.Secret);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(("AUTH_NOT_AUTHENTICATED", "REVOKED_KEY"), await RefusalAsync(answer));
    }

    [Fact]
    public async Task A_development_servers_front_end_on_loopback_may_call_with_a_key()
    {
        await using var server = await RunningServer.StartAsync("Development");
        var key = await server.CreateKeyAsync(Role.Viewer);
        using var request = Ask("{ __typename }");
        request.Headers.Add("Origin", "http://localhost:3000");
        request.Headers.Authorization = new("Bearer", key.Secret);

        using var answer = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("http://localhost:3000", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task The_schema_is_for_callers_and_signing_in_and_health_are_for_all()
    {
        await using var server = await RunningServer.StartAsync("Production");

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.GetAsync("/graphql?sdl")).StatusCode);
        Assert.Equal("/sign-in?back=%2F", (await server.Client.GetAsync("/")).Headers.Location?.OriginalString);
        foreach (var path in new[] { "/sign-in", "/dashboard/dashboard.css", "/dashboard/logo.svg", "/health/live", "/health/ready" })
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(path)).StatusCode);
    }

    internal static HttpRequestMessage Ask(string query) => new(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query }) };

    private static async Task<HttpResponseMessage> AskWithAsync(RunningServer server, string secret)
    {
        using var request = Ask("{ __typename }");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return await server.Client.SendAsync(request);
    }

    private static async Task<(string?, string?)> RefusalAsync(HttpResponseMessage answer)
    {
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var extensions = body.RootElement.GetProperty("errors")[0].GetProperty("extensions");
        return (extensions.GetProperty("code").GetString(), extensions.GetProperty("reason").GetString());
    }
}
