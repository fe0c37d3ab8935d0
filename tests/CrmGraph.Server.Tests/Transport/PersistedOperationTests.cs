using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Xunit;

namespace CrmGraph.Server.Tests.Transport;

/// <summary>Automatic persisted operations as Apollo's clients speak them, trusted documents, and what clients may keep of their answers.</summary>
public sealed class PersistedOperationTests
{
    private const string Document = "query Who { viewer { name } }";
    private const string Name = "\"local administrator\"";

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Named(string hash, string? query = null) => JsonSerializer.Serialize(query is null
        ? (object)new { extensions = new { persistedQuery = new { version = 1, sha256Hash = hash } } }
        : new { query, extensions = new { persistedQuery = new { version = 1, sha256Hash = hash } } });

    [Fact]
    public async Task A_hash_is_unknown_until_the_document_comes_with_it_and_known_from_then_on()
    {
        await using var server = await RunningServer.StartAsync();

        var (first, missing) = await server.AskAsync(Named(HashOf(Document)));
        var (strict, _) = await server.AskAsync(Named(HashOf(Document)), Requests.Response);
        var (_, registered) = await server.AskAsync(Named(HashOf(Document), Document));
        var (status, found) = await server.AskAsync(Named(HashOf(Document).ToUpperInvariant()));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (first, strict));
        Assert.Equal("HC0020", Requests.CodeOf(missing));
        // By these words Apollo's and urql's clients know that they are to send the document.
        Assert.Contains("\"message\":\"PersistedQueryNotFound\"", missing);
        Assert.Contains(Name, registered);
        Assert.Equal((HttpStatusCode.OK, registered), (status, found));
    }

    [Theory]
    [InlineData("{ __typename }", "HC0009")]
    [InlineData("{ nothingLikeThis }", "VALIDATION_FAILED")]
    public async Task Nothing_is_kept_under_a_wrong_hash_or_of_a_document_that_does_not_fit(string sent, string code)
    {
        await using var server = await RunningServer.StartAsync();
        var hash = code == "HC0009" ? HashOf(Document) : HashOf(sent);

        Assert.Equal(code, Requests.CodeOf((await server.AskAsync(Named(hash, sent))).Body));
        Assert.Equal("HC0020", Requests.CodeOf((await server.AskAsync(Named(hash))).Body));
    }

    [Theory]
    [InlineData("""{"extensions":{"persistedQuery":{"version":2,"sha256Hash":"00"}}}""")]
    [InlineData("""{"extensions":{"persistedQuery":{"version":1}}}""")]
    [InlineData("""{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"short"}}}""")]
    [InlineData("""{"documentId":"viewer","query":"{ __typename }"}""")]
    public async Task A_wrong_form_is_told(string body)
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal("HC0009", Requests.CodeOf((await server.AskAsync(body)).Body));
    }

    [Fact]
    public async Task The_examples_are_trusted_by_name_and_by_hash_on_every_transport()
    {
        await using var server = await RunningServer.StartAsync();
        var text = await File.ReadAllTextAsync(Architecture.Repository.PathOf("schema", "operations", "viewer.graphql"));

        foreach (var id in new[] { "viewer", HashOf(text), "sha256:" + HashOf(text), HashOf(text.Trim()) })
        {
            Assert.Contains("\"viewer\"", (await server.AskAsync($$"""{"documentId":"{{id}}"}""")).Body);
            Assert.Contains("\"viewer\"", (await server.AskAsync($$"""{"id":"{{id}}","variables":{} }""")).Body);
            using var get = await server.Client.SendAsync(Requests.Get("documentId=" + id));
            Assert.Contains("\"viewer\"", await get.Content.ReadAsStringAsync());
        }

        Assert.Equal("HC0020", Requests.CodeOf((await server.AskAsync("""{"documentId":"nobody's"}""")).Body));
        Assert.Contains("\"viewer\"", await OverSocketAsync(server, """{"documentId":"viewer"}"""));
    }

    [Fact]
    public async Task Where_only_a_folders_documents_are_executed_nothing_else_is()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "who.graphql"), Document + "\n");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "who.json"), """{"some":"variables"}""");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "codegen.json"), """{"generated-1":"{ __typename }"}""");
        await File.WriteAllTextAsync(Path.Combine(
            folder.Path,
            "apollo.json"), """{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"apollo-1","name":"A","type":"query","body":"{ """
                + """viewer { role } }"}]}""");
        await using var server = await RunningServer.StartAsync(settings: ["--Documents:Folder", folder.Path, "--Documents:Only", "true"]);

        foreach (var body in new[] {
            """{"id":"who"}""",
            """{"documentId":"generated-1"}""",
            """{"id":"apollo-1"}""",
            Named(HashOf(Document)),
            $$"""{"query":"{{Document}}"}""",
            """{"query":"{ __typename }"}""" })
            Assert.Null(Requests.CodeOf((await server.AskAsync(body)).Body));
        foreach (var body in new[] {
            """{"query":"{ viewer { name } }"}""",
            Named(HashOf("{ viewer { name } }"), "{ viewer { name } }"),
            """{"query":"{ viewer"}""" })
        {
            Assert.Equal("HC0067", Requests.CodeOf((await server.AskAsync(body)).Body));
            Assert.Contains("HC0067", await OverSocketAsync(server, body));
        }

        Assert.Equal("HC0020", Requests.CodeOf((await server.AskAsync("""{"id":"viewer"}""")).Body));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_keeps_the_server_from_starting()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "manifest.json"), "[1]");

        Assert.Contains(
            "manifest.json",
            (await Assert.ThrowsAsync<OptionsException>(() => RunningServer.StartAsync(settings: ["--Documents:Folder", folder.Path]))).Message);
        Assert.Contains("missing", (await Assert.ThrowsAsync<OptionsException>(
            () => RunningServer.StartAsync(settings: ["--Documents:Folder", Path.Combine(folder.Path, "missing")]))).Message);
    }

    [Fact]
    public async Task The_answer_to_a_named_GET_may_be_kept_by_its_client_and_asked_about()
    {
        await using var server = await RunningServer.StartAsync(settings: ["--Documents:MaxAgeSeconds", "0"]);
        using var first = await server.Client.SendAsync(Requests.Get("documentId=viewer"));
        var tag = first.Headers.ETag!.ToString();

        using var again = await server.Client.SendAsync(Requests.Get("documentId=viewer", tag));
        using var unnamed = await server.Client.SendAsync(Requests.Get("query=" + Uri.EscapeDataString("{ viewer { name } }")));
        using var wrong = await server.Client.SendAsync(Requests.Get("documentId=nobody"));

        Assert.Equal("private, no-cache", string.Join(", ", first.Headers.GetValues("Cache-Control").SelectMany(v => v.Split(", ")).OrderDescending()));
        Assert.Equal(["Authorization", "Accept"], first.Headers.Vary.Where(v => v is "Authorization" or "Accept"));
        Assert.Equal((HttpStatusCode.NotModified, 0L), (again.StatusCode, (await again.Content.ReadAsByteArrayAsync()).LongLength));
        Assert.Equal(tag, again.Headers.ETag!.ToString());
        Assert.True(unnamed.Headers.CacheControl!.NoStore && unnamed.Headers.ETag is null);
        Assert.True(wrong.Headers.CacheControl!.NoStore && wrong.Headers.ETag is null);
    }

    [Fact]
    public async Task A_mutation_is_not_sent_by_GET_even_by_name()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.Client.SendAsync(Requests.Get("documentId=customer-save"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public async Task A_batch_is_answered_in_its_order_and_has_so_many_requests()
    {
        await using var server = await RunningServer.StartAsync(settings: ["--GraphQL:BatchRequests", "3"]);

        var (status, body) = await server.AskAsync("""[{"query":"{ __typename }"},{"query":"{ nothing }"},{"query":"{ viewer { name } }"}]""");

        Assert.Equal(HttpStatusCode.OK, status);
        using var answers = JsonDocument.Parse(body);
        Assert.Equal("""{"data":{"__typename":"Query"}}""", answers.RootElement[0].GetRawText());
        Assert.Equal("VALIDATION_FAILED", Requests.CodeOf(answers.RootElement[1].GetRawText()));
        Assert.Contains(Name, answers.RootElement[2].GetRawText());
        foreach (var wrong in new[] { "[]", "[1]", $"[{string.Join(',', Enumerable.Repeat("""{"query":"{ __typename }"}""", 4))}]" })
        {
            var (refused, reason) = await server.AskAsync(wrong);
            Assert.Equal((HttpStatusCode.BadRequest, "HC0009"), (refused, Requests.CodeOf(reason)));
        }

        var (_, stream) = await server.AskAsync("""[{"query":"subscription { metricsUpdated(period: { toDate: MONTH }) { groupCount } }"}]""");
        Assert.Contains("HC0009", stream);
    }

    /// <summary>The first message of an operation, sent as this payload of <c>subscribe</c>.</summary>
    private static async Task<string> OverSocketAsync(RunningServer server, string payload)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/graphql" }.Uri, patience.Token);
        foreach (var message in new[] { """{"type":"connection_init"}""", $$"""{"id":"1","type":"subscribe","payload":{{payload}}}""" })
            await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, patience.Token);
        var buffer = new byte[65_536];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, patience.Token);
            var text = Encoding.UTF8.GetString(buffer, 0, part.Count);
            if (text.Contains("\"id\":\"1\"", StringComparison.Ordinal) || part.MessageType == WebSocketMessageType.Close)
                return text;
        }
    }
}
