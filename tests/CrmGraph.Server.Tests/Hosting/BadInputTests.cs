using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Server.Tests.Hosting;

/// <summary>Every kind of bad input gets an error with a code, never a stack trace, and the server goes on: one for all of it.</summary>
public sealed class BadInputTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Json = "application/json";

    public static TheoryData<string, string, string, int, string> Bodies => new()
    {
        { "malformed JSON", Json, "{\"query\": ", 400, "HC0009|HC0011" },
        { "not an object", Json, "[1, 2]", 400, "HC0009" },
        { "a batch of requests", Json, """[{"query": "{ __typename }"}, {"query": "{ __typename }"}]""", 400, "HC0009" },
        { "a text", Json, "\"{ __typename }\"", 400, "HC0009" },
        { "JSON that is too deep", Json, """{"query": "query ($w: CustomerFilterInput) { customers(where: $w) { totalCount } }", "variables": {"w": """
            + string.Concat(Enumerable.Repeat("""{"not":""", 5_000))
            + "{}"
            + new string('}', 5_002), 400, "HC0009|HC0011|HC0016" },
        {
            "an enum value that is none",
            Json,
            """{"query": "query ($k: CustomerKind!) { customers(where: {kind: {eq: $k}}) { totalCount } }", "variables": {"k": "ROBOT"}}""",
            400,
            "HC0016" },
        { "empty body", Json, "", 400, "HC0009|HC0013" },
        { "no query", Json, "{}", 400, "HC0009|HC0013" },
        { "query of another type", Json, """{"query": 7}""", 400, "HC0009|HC0013" },
        { "variables of another type", Json, """{"query": "{ __typename }", "variables": [1]}""", 400, "HC0009|HC0016" },
        { "bytes that are not UTF-8", Json, "{\"query\": \"{ __typename }\u00ff\"}", 400, "HC0009|HC0011" },
        { "another media type", "text/plain", "{ __typename }", 415, "UNSUPPORTED_MEDIA_TYPE" },
        { "a form", "application/x-www-form-urlencoded", "query=%7B__typename%7D", 415, "UNSUPPORTED_MEDIA_TYPE" },
        { "syntax error", Json, """{"query": "{ customers( }"}""", 400, "HC0011" },
        { "unknown field", Json, """{"query": "{ nothingLikeThis }"}""", 400, "VALIDATION_FAILED" },
        { "unknown operation", Json, """{"query": "query A { __typename }", "operationName": "B"}""", 400, "HC0015" },
        { "wrong variable", Json, """{"query": "query ($n: Int!) { customers(first: $n) { totalCount } }", "variables": {"n": "many"}}""", 400, "HC0016" },
        { "missing variable", Json, """{"query": "query ($n: Int!) { customers(first: $n) { totalCount } }"}""", 400, "HC0016|HC0018" },
        {
            "too deep",
            Json,
            Query("{ __schema" + string.Concat(Enumerable.Repeat(" { types { fields { type", 12)) + " { name }" + new string('}', 36) + " }"),
            400,
            "TOO_DEEP|HC0086" },
        { "too deep to parse", Json, Query(new string('{', 5_000)), 400, "TOO_DEEP|HC0011" },
        { "too many tokens", Json, Query("{ " + string.Concat(Enumerable.Repeat("__typename ", 10_001)) + "}"), 400, "TOO_MANY_TOKENS|DOCUMENT_TOO_LARGE" },
        { "too many aliases", Json, Query("{ " + string.Concat(Enumerable.Range(0, 200).Select(i => $"a{i}: __typename ")) + "}"), 400, "TOO_MANY_ALIASES" },
        { "document too large", Json, Query("{ __typename } #" + new string('x', 150_000)), 400, "DOCUMENT_TOO_LARGE" },
        { "body too large", Json, Query(new string(' ', 2_000_000)), 413, "HC0010" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_request_is_told_what_is_wrong(string kind, string contentType, string body, int status, string codes)
    {
        var server = shared.Server;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body)) };
        request.Content.Headers.ContentType = new(contentType);
        request.Headers.Accept.ParseAdd("application/graphql-response+json");

        using var answer = await server.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.True(status == (int)answer.StatusCode, $"{kind}: {(int)answer.StatusCode} {text}");
        using var json = JsonDocument.Parse(text);
        var error = json.RootElement.GetProperty("errors")[0];
        Assert.Contains(error.GetProperty("extensions").GetProperty("code").GetString(), codes.Split('|'));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        AssertNoTrace(text);
        await AssertGoesOnAsync(server);
    }

    public static TheoryData<string, string, string> Fields => new()
    {
        { "a cursor that is none", """{ customers(first: 1, after: "nonsense") { totalCount nodes { id } } }""", "HC0078" },
        { "a cursor that is no base64", """{ customers(first: 1, after: "%%%") { nodes { id } } }""", "HC0078" },
        { "an id that is none", """{ node(id: "nonsense") { id } }""", "INVALID_ID" },
        { "an empty id", """{ customer(id: "") { id } }""", "INVALID_ID" },
        { "an id of another type", """{ customer(id: "UHJvZHVjdDoBmaqqAABwAIAAAAAAAAAB") { id } }""", "INVALID_ID" },
        { "a page of too many", "{ customers(first: 100000) { nodes { id } } }", "HC0051" },
        { "a page of less than none", "{ customers(first: -1) { nodes { id } } }", "HC0079" },
        {
            "a period that ends before it begins",
            """{ metrics(period: { range: { from: "2026-02-01", until: "2026-01-01" } }) { totals { orders { value } } } }""",
            "INVALID_ARGUMENT|INVALID_PERIOD" },
        { "too many buckets", """{ metrics(period: { range: { from: "1990-01-01", until: "2050-01-01" } }, grain: HOUR) { groupCount } }""", "*" },
        { "a segment that is not there", """{ customers(where: { segments: { some: ["U2VnbWVudDoBmaqqAABwAIAAAAAAAAAB"] } }) { totalCount } }""", "*" },
    };

    /// <summary>The request itself is good, so its status is 200 (GraphQL over HTTP, application/graphql-response+json); the field says what is wrong with it.</summary>
    [Theory]
    [MemberData(nameof(Fields))]
    public async Task A_field_that_cannot_be_answered_says_why(string kind, string query, string codes)
    {
        var server = shared.Server;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = new StringContent(Query(query), Encoding.UTF8, Json) };
        request.Headers.Accept.ParseAdd("application/graphql-response+json");

        using var answer = await server.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();

        using var json = JsonDocument.Parse(text);
        Assert.True(json.RootElement.TryGetProperty("errors", out var errors), $"{kind}: {text}");
        var code = errors[0].GetProperty("extensions").GetProperty("code").GetString();
        Assert.True(codes == "*" ? code != "INTERNAL_ERROR" : codes.Split('|').Contains(code), $"{kind}: {text}");
        AssertNoTrace(text);
        await AssertGoesOnAsync(server);
    }

    /// <summary>Text that PostgreSQL cannot hold (NUL) or UTF-8 cannot say (half a surrogate pair).</summary>
    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Text_that_cannot_be_stored_is_found_nowhere_and_breaks_nothing(DatabaseKind kind)
    {
        await using var server = await RunningServer.StartAsync(kind: kind);
        // As an escape of GraphQL, and as one of JSON, which is then the character itself in the document.
        foreach (var text in new[] { @"\\u0000", @"\u0000", @"\\ud800", @"\ud800" })
            foreach (var query in new[]
            {
                $$"""{ customers(where: { name: { contains: \"{{text}}\" } }) { totalCount } }""",
                $$"""{ customers(where: { name: { eq: \"{{text}}\" } }) { totalCount } }""",
                $$"""{ customers(where: { tags: { some: { eq: \"{{text}}\" } } }) { totalCount } }""",
                $$"""{ customerByExternalId(source: \"{{text}}\", key: \"{{text}}\") { id } }""",
                $$"""mutation { upsertCustomer(input: { name: \"{{text}}\" }) { errors { ... on Error { code } } } }""",
                $$"""mutation { createSegment(input: { key: \"k\", name: \"{{text}}\" }) { errors { ... on Error { code } } } }""",
                $$"""mutation { createSegment(input: { key: \"l\", name: \"l\", description: \"{{text}}\" }) { errors { ... on Error { code } } } }""",
                $$"""mutation { updateSettings(input: { reportingZone: \"{{text}}\" }) { errors { ... on Error { code } } } }""",
            })
            {
                using var answer = await server.Client.PostAsync("/graphql", new StringContent($$"""{"query":"{{query}}"}""", Encoding.UTF8, Json));
                var body = await answer.Content.ReadAsStringAsync();
                Assert.False(body.Contains("INTERNAL_ERROR", StringComparison.Ordinal), $"{query}: {body}");
                AssertNoTrace(body);
            }

        await AssertGoesOnAsync(server);
    }

    [Fact]
    public async Task A_mutation_by_GET_is_not_done()
    {
        var server = shared.Server;
        var query = Uri.EscapeDataString("""mutation { upsertCustomer(input: { name: "Ada" }) { customer { id } } }""");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/graphql?query=" + query);
        request.Headers.Accept.ParseAdd("application/graphql-response+json");

        using var answer = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Contains("POST", answer.Content.Headers.Allow);
        Assert.Contains("\"METHOD_NOT_ALLOWED\"", await answer.Content.ReadAsStringAsync());
        Assert.Equal(0L, (await server.Database.QueryAsync("select count(*) from customers"))[0][0]);
    }

    [Theory]
    [InlineData("PUT", "/graphql", 405)]
    [InlineData("DELETE", "/graphql", 405)]
    [InlineData("GET", "/graphql", 400)]
    [InlineData("GET", "/graphql?query=mutation{x}", 400, 405)]
    [InlineData("GET", "/graphql?query={__typename}&variables={", 400)]
    [InlineData("GET", "/nothing-here", 404)]
    [InlineData("POST", "/health/live", 405)]
    public async Task A_wrong_method_or_path_is_told_so(string method, string path, params int[] statuses)
    {
        var server = shared.Server;
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Accept.ParseAdd("application/graphql-response+json");

        using var answer = await server.Client.SendAsync(request);

        Assert.Contains((int)answer.StatusCode, statuses);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.NotEmpty(json.RootElement.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()!);
        await AssertGoesOnAsync(server);
    }

    [Fact]
    public async Task An_unacceptable_accept_header_is_told_so()
    {
        var server = shared.Server;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new StringContent("""{"query":"{ __typename }"}""", Encoding.UTF8, Json)
        };
        request.Headers.Accept.ParseAdd("image/png");

        using var answer = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotAcceptable, answer.StatusCode);
    }

    [Theory]
    [InlineData("NONSENSE\r\n\r\n")]
    [InlineData("GET /graphql HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"q")]
    public async Task A_broken_connection_does_not_take_the_server_with_it(string bytes)
    {
        var server = shared.Server;
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(server.Address.Host, server.Address.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(bytes));
        }

        await AssertGoesOnAsync(server);
    }

    private static string Query(string query) => JsonSerializer.Serialize(new { query });

    internal static void AssertNoTrace(string text)
    {
        Assert.DoesNotContain("   at ", text);
        Assert.DoesNotContain("Exception", text);
        Assert.DoesNotContain("CrmGraph.", text);
        Assert.DoesNotContain("System.", text);
    }

    internal static async Task AssertGoesOnAsync(RunningServer server)
    {
        using var answer = await server.Client.PostAsync("/graphql", new StringContent("""{"query":"{ __typename }"}""", Encoding.UTF8, Json));
        Assert.Contains("\"Query\"", await answer.Content.ReadAsStringAsync());
    }
}
