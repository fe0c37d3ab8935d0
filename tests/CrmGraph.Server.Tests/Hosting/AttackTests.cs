using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using CrmGraph.Data.Model;
using Xunit;
using Xunit.Abstractions;

namespace CrmGraph.Server.Tests.Hosting;

/// <summary>
/// The attacks that the security audit graphql-cop tries, as it sends them, and heavier ones of the same kind. Each ends in a refusal before anything is
/// executed, or finds nothing. What an attack costs is bounded by counts: documents by their characters and tokens, all else by the limits that
/// the codes name. The processor time is printed, for people.
/// </summary>
public sealed class AttackTests(SharedServer shared, ITestOutputHelper output) : IClassFixture<SharedServer>
{
    private RunningServer Server => shared.Server;

    private static readonly string Duplicates = string.Concat(Enumerable.Repeat("__typename \n", 500));

    public static TheoryData<string, string, string> Floods => new()
    {
        { "alias overloading", "query cop { " + Aliases("__typename", 101) + "}", "TOO_MANY_ALIASES" },
        { "alias overloading of a page", "query cop { " + Aliases("customers(first: 1000) { nodes { name } }", 100) + "}", "HC0047" },
        { "alias overloading of introspection", "query cop { " + Aliases("__schema { types { name fields { name } } }", 90) + "}", "HC0047" },
        { "alias overloading through fragments", "query cop { ...A } fragment A on Query { " + Aliases("__typename", 51) + " ...B } fragment B on Query { "
            + Aliases("viewer { __typename }", 51, "b")
            + "}", "TOO_MANY_ALIASES" },
        { "directive overloading", "query cop { __typename @aa@aa@aa@aa@aa@aa@aa@aa@aa@aa }", "TOO_MANY_DIRECTIVES" },
        {
            "directive overloading, wide",
            "query cop { __typename " + string.Concat(Enumerable.Repeat("@include(if: true) ", 2_000)) + "}",
            "TOO_MANY_DIRECTIVES" },
        {
            "directives all over",
            "query cop { " + string.Concat(Enumerable.Repeat("... @include(if: true) { __typename } ", 101)) + "}",
            "TOO_MANY_DIRECTIVES" },
        { "field duplication", "query cop { " + Duplicates + "}", "TOO_MANY_REPETITIONS" },
        { "field duplication in a fragment", "query cop { ...F } fragment F on Query { viewer { " + Duplicates + "} }", "TOO_MANY_REPETITIONS" },
        { "field duplication by spreads", "query cop { " + string.Concat(Enumerable.Repeat("...F ", 3_000)) + "} fragment F on Query { __typename }", "" },
        {
            "circular introspection",
            "query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }",
            "HC0086" },
        {
            "circular introspection through a fragment",
            "query cop { __schema { types { ...T } } } fragment T on __Type { fields { type { fields { type { fields { name } } } } } }",
            "HC0086" },
        { "circular fragments", "query cop { viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }", "VALIDATION_FAILED" },
        { "a fragment of itself", "query cop { ...A } fragment A on Query { ...A }", "VALIDATION_FAILED" },
        { "fragments that double", "query cop { ...F0 } "
            + string.Concat(Enumerable.Range(0, 18).Select(i => $"fragment F{i} on Query {{ a{i}: viewer {{ __typename }} ...F{i + 1} ...F{i + 1} }} "))
            + "fragment F18 on Query { __typename }", "TOO_MANY_ALIASES" },
        {
            "a deep query",
            "query cop { teamMembers { nodes { " + string.Concat(Enumerable.Repeat("manager { ", 30)) + "name" + new string('}', 30) + " } } }",
            "TOO_DEEP" },
        {
            "pages in pages",
            "query cop { customers(first: 1000) { nodes { orders(first: 1000) { nodes { lines(first: 1000) { nodes { amount } } } } } } }",
            "HC0047" },
        { "a list of lists", "query cop { " + string.Concat(Enumerable.Range(0, 40).Select(
            i => $"a{i}: customers(where: {{name: {{in: [{string.Join(',', Enumerable.Repeat("\"a\"", 900))}]}}}}) {{ totalCount }} ")) + "}",
                "TOO_MANY_TOKENS|DOCUMENT_TOO_LARGE" },
    };

    [Theory]
    [MemberData(nameof(Floods))]
    public async Task A_flood_is_refused_before_it_runs(string attack, string query, string code)
    {
        await SendAsync(Server, JsonSerializer.Serialize(new { query = "query cop { __typename }", operationName = "cop" }));
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        var answer = await SendAsync(Server, JsonSerializer.Serialize(new { query, operationName = "cop" }));
        output.WriteLine($"{attack}: {(Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds:0} ms of processor time in the whole "
            + $"process, {answer.Length} characters");

        using var json = JsonDocument.Parse(answer);
        if (code.Length == 0)
        {
            // Allowed, and harmless: what is asked for a thousand times is done once, or what it costs is within the limits.
            Assert.False(json.RootElement.TryGetProperty("errors", out var none), none.ToString());
            return;
        }

        Assert.False(json.RootElement.TryGetProperty("data", out _));
        var errors = json.RootElement.GetProperty("errors");
        Assert.Contains(errors[0].GetProperty("extensions").GetProperty("code").GetString(), code.Split('|'));
        Assert.InRange(errors.GetArrayLength(), 1, 9);
        Assert.InRange(answer.Length, 1, 5_000);
    }

    [Fact]
    public async Task An_array_of_queries_is_refused_as_a_whole()
    {
        var batch = "[" + string.Join(',', Enumerable.Repeat("""{"query":"query cop { __typename }","operationName":"cop"}""", 10)) + "]";
        using var json = JsonDocument.Parse(await SendAsync(Server, batch));
        Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
        Assert.Equal("HC0009", json.RootElement.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_mutation_does_not_go_by_GET()
    {
        using var answer = await Server.Client.GetAsync("/graphql?query=" + Uri.EscapeDataString("mutation cop {__typename}"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.DoesNotContain("\"data\"", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Without Origin and Sec-Fetch-Site no browser sent it: GraphQL over HTTP wants it answered. A page of another site cannot send it so.</summary>
    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task Another_sites_page_gets_nothing_by_GET_or_by_a_form(string header, string value)
    {
        using var get = new HttpRequestMessage(HttpMethod.Get, "/graphql?query=" + Uri.EscapeDataString("query cop {__typename}"));
        using var form = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new FormUrlEncodedContent([new("query", "query cop { __typename }")])
        };
        foreach (var request in new[] { get, form })
        {
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await Server.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.DoesNotContain("\"data\"", await answer.Content.ReadAsStringAsync());
        }

        using var bare = await Server.Client.GetAsync("/graphql?query=" + Uri.EscapeDataString("query cop {__typename}"));
        Assert.Equal(HttpStatusCode.OK, bare.StatusCode);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain")]
    public async Task What_a_form_can_send_is_no_request(string contentType)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("query=query+cop+%7B+__typename+%7D"));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var answer = await Server.Client.PostAsync("/graphql", content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Theory]
    [InlineData("query cop { __schema { types { name fields { name } } } }")]
    [InlineData("query cop { __schema { directive } }")]
    public async Task Outside_Development_nobody_without_a_key_learns_the_schema(string query)
    {
        await using var server = await RunningServer.StartAsync("Production");
        var answer = await SendAsync(server, JsonSerializer.Serialize(new { query, operationName = "cop" }));
        Assert.Contains("AUTH_NOT_AUTHENTICATED", answer);
        Assert.DoesNotContain("Did you mean", answer);
        Assert.DoesNotContain("__Type", answer);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task There_is_no_foreign_editor_and_no_trace(string environment)
    {
        await using var server = await RunningServer.StartAsync(environment);
        foreach (var path in new[] {
            "/graphql",
            "/graphiql",
            "/playground",
            "/console",
            "/graphql/console",
            "/voyager",
            "/altair",
            "/graphql/ui",
            "/v1/explorer" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd("text/html");
            using var page = await server.Client.SendAsync(request);
            var text = await page.Content.ReadAsStringAsync();
            Assert.True((int)page.StatusCode >= 400, path);
            Assert.All(
                new[] { "graphiql", "playground", "graphql-explorer" },
                word => Assert.DoesNotContain($"<title>{word}", text, StringComparison.OrdinalIgnoreCase));
        }

        using var traced = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new StringContent("""{"query":"query cop { __typename }"}""", Encoding.UTF8, "application/json")
        };
        traced.Headers.Add("X-Apollo-Tracing", "1");
        traced.Headers.Authorization = new("Bearer", (await server.CreateKeyAsync(Role.Viewer)).Secret);
        using var answer = await server.Client.SendAsync(traced);
        Assert.Equal("""{"data":{"__typename":"Query"}}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("qwerty cop { abc }")]
    [InlineData("query cop { abc }")]
    [InlineData("query cop { node(id: \"%\") { id } }")]
    public async Task An_error_shows_nothing_of_the_inside(string query)
    {
        var answer = await SendAsync(Server, JsonSerializer.Serialize(new { query, operationName = "cop" }));
        using var json = JsonDocument.Parse(answer);
        var extensions = json.RootElement.GetProperty("errors")[0].GetProperty("extensions");
        Assert.True(extensions.TryGetProperty("code", out _));
        foreach (var name in new[] { "exception", "stackTrace", "stacktrace", "debugMessage", "tracing" })
            Assert.False(extensions.TryGetProperty(name, out _), answer);
        Assert.DoesNotContain("   at ", answer);
    }

    private static string Aliases(string field, int count, string prefix = "alias")
        => string.Concat(Enumerable.Range(0, count).Select(i => $"{prefix}{i}: {field} "));

    private static async Task<string> SendAsync(RunningServer server, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await server.Client.PostAsync("/graphql", content);
        return await answer.Content.ReadAsStringAsync();
    }
}
