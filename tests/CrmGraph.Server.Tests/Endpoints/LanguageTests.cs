using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using Xunit;

namespace CrmGraph.Server.Tests.Endpoints;

/// <summary>What people read comes in the language that they ask for; what programs read does not change.</summary>
public sealed class LanguageTests(SharedServer shared) : IClassFixture<SharedServer>, IAsyncLifetime
{
    private const string Live = "subscription { metricsUpdated(period: { toDate: MONTH }) { totals { revenue { value metric { label } } } } }";
    private const string Han = @"\p{IsCJKUnifiedIdeographs}";

    /// <summary>One new customer, of no known age, bought something a month ago.</summary>
    public async Task InitializeAsync()
    {
        var written = await AskAsync($$"""
            mutation {
              upsertCustomer(input: { externalIds: [{ source: "words", key: "1" }], name: "Ada", lifecycleStage: CUSTOMER }) { errors { __typename } }
              upsertOrder(input: { externalIds: [{ source: "words", key: "1" }], customer: { externalId: { source: "words", key: "1" } }, amount: 1
                currency: "EUR", orderedAt: "{{TimeProvider.System.GetUtcNow().AddDays(-31):O}}" }) { errors { __typename } }
            }
            """, null);
        Assert.Empty(Texts(written, "__typename"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(null, "en"), InlineData("", "en"), InlineData("de", "en"), InlineData("zh", "zh")]
    [InlineData("zh-Hans-CN,en;q=0.5", "zh")]
    [InlineData("en, zh", "en"), InlineData("zh;q=0.2, en;q=0.9", "en"), InlineData("fr, ZH;q=0.1", "zh"), InlineData("zh;q=0", "en")]
    [InlineData("zh;q=x", "en")]
    public void The_most_preferred_of_the_known_languages_is_taken(string? header, string tag) => Assert.Equal(tag, Language.Of(header).Tag);

    [Fact]
    public async Task Labels_formulas_units_and_names_of_series_are_Chinese_on_request()
    {
        const string Query = """
            { metricCatalog { key label formula unit unitLabel }
              metrics(period: { last: { count: 90, unit: DAY } }, groupBy: [WEEKDAY, LIFECYCLE_STAGE], subtotals: true) {
                rows { key dimensions { key label kind } orders { value } }
                series(metrics: ["orders", "revenue"]) { name } }
              old: metrics(period: { range: { from: "1990-01-01", through: "1990-01-02" } }) { totals { averageOrderValue { reason reasonLabel } } } }
            """;
        var (english, chinese) = (await AskAsync(Query, null), await AskAsync(Query, "zh-CN,zh;q=0.9,en;q=0.8"));
        string[] words = ["label", "formula", "unitLabel", "reasonLabel", "name"];
        Assert.Equal(Leaves(english).Where(l => !words.Contains(l.Name)), Leaves(chinese).Where(l => !words.Contains(l.Name)));
        foreach (var name in words)
        {
            Assert.All(Texts(english, name), t => Assert.DoesNotMatch(Han, t));
            Assert.All(Texts(chinese, name).Where(t => t is not "NPS" and not "CSAT"), t => Assert.Matches(Han, t));
            Assert.NotEmpty(Texts(chinese, name));
        }
    }

    [Fact]
    public async Task Shipped_reports_are_said_and_run_in_the_language_of_the_request_and_results_keep_theirs()
    {
        const string Content = """
            { reportDefinitions(first: 50, where: { isTemplate: { eq: true } }) { nodes { id title versions { title } content { audience summary conclusion parameters { label }
              sections { heading text } } } } }
            """;
        string[] words = ["title", "audience", "summary", "conclusion", "label", "heading", "text"];
        var chinese = await AskAsync(Content, "zh");
        Assert.All(words, name => Assert.NotEmpty(Texts(chinese, name)));
        Assert.All(words, name => Assert.All(Texts(chinese, name), t => Assert.Matches(Han, t)));
        var english = (await AskAsync(Content, "en")).GetProperty("reportDefinitions").GetProperty("nodes").EnumerateArray();
        Assert.All(words, name => Assert.All(english.SelectMany(r => Texts(r, name)), t => Assert.DoesNotMatch(Han, t)));

        var id = english.Single(r => r.GetProperty("title").GetString() == "Customer growth").GetProperty("id").GetString();
        var run = $$"""mutation { runReport(input: { id: "{{id}}" }) { reportResult { id language sections { heading data } } } }""";
        var result = (await AskAsync(run, "zh")).GetProperty("runReport").GetProperty("reportResult");
        Assert.Equal("zh", result.GetProperty("language").GetString());
        Assert.All(Texts(result, "heading"), t => Assert.Matches(Han, t));
        Assert.Contains("未知", Texts(result, "label"));
        var kept = $$"""{ reportDefinition(id: "{{id}}") { keptResult { id language } } }""";
        Assert.Equal(result.GetProperty("id").GetString(), Texts(await AskAsync(kept, "zh-CN"), "id").Single());
        Assert.Empty(Texts(await AskAsync(kept, null), "id"));
        await AskAsync(run, null);
        Assert.Equal("en", Texts(await AskAsync(kept, null), "language").Single());
        Assert.Equal("zh", Texts(await AskAsync(kept, "zh"), "language").Single());
    }

    [Theory]
    [InlineData("""{ "acceptLanguage": "zh-CN" }""", null, "销售额"), InlineData("""{ "headers": { "Accept-Language": "zh" } }""", "en", "销售额")]
    [InlineData("{}", "zh", "销售额"), InlineData("{}", null, "Revenue"), InlineData("""{ "acceptLanguage": "en" }""", "zh", "Revenue")]
    public async Task A_web_socket_takes_its_language_from_what_opens_it(string payload, string? header, string label)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var socket = await ConnectAsync(payload, header, patience.Token);
        await SendAsync(socket, JsonSerializer.Serialize(new { id = "1", type = "subscribe", payload = new { query = Live } }), patience.Token);
        Assert.Equal(label, Texts(await ReceiveAsync(socket, patience.Token), "label").Single());
    }

    [Fact]
    public async Task Events_are_in_the_language_of_the_request_that_opened_their_stream()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var request = Request(Live, "zh");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await shared.Server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(patience.Token));
        string? line;
        do
            line = await reader.ReadLineAsync(patience.Token);
        while (line is not null && !line.StartsWith("data: {", StringComparison.Ordinal));
        Assert.Equal("销售额", Texts(JsonElement.Parse(line![6..]), "label").Single());
    }

    [Theory]
    [InlineData("{ nothing }", "VALIDATION_FAILED"), InlineData("{", "HC0011"), InlineData("{ customers(first: 100000) { totalCount } }", "HC0051")]
    public async Task Errors_say_in_Chinese_what_their_code_means_and_keep_code_and_message(string query, string code)
    {
        var (english, chinese) = (Error(await SendAsync(query, null)), Error(await SendAsync(query, "zh")));
        Assert.Equal(english.GetProperty("message").GetString(), chinese.GetProperty("message").GetString());
        Assert.Equal((code, code), (Code(english), Code(chinese)));
        Assert.False(english.GetProperty("extensions").TryGetProperty("codeLabel", out _));
        Assert.Equal(ErrorTexts.Chinese[code], chinese.GetProperty("extensions").GetProperty("codeLabel").GetString());

        static JsonElement Error(JsonElement response) => response.GetProperty("errors")[0];
        static string? Code(JsonElement error) => error.GetProperty("extensions").GetProperty("code").GetString();
    }

    [Fact]
    public async Task Expected_failures_of_mutations_and_errors_of_the_host_have_Chinese_labels_too()
    {
        const string Mutation = """
            mutation { upsertCustomer(input: { name: "A", email: "nowhere" }) { errors { ... on Error { code codeLabel } } } }
            """;
        Assert.Equal(ErrorTexts.Chinese["INVALID_EMAIL"], Texts(await AskAsync(Mutation, "zh"), "codeLabel").Single());
        Assert.Equal("Invalid email", Texts(await AskAsync(Mutation, "en"), "codeLabel").Single());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/graphql/nowhere");
        request.Headers.Add("Accept-Language", "zh");
        using var answer = await shared.Server.Client.SendAsync(request);
        Assert.Contains(ErrorTexts.Chinese["NOT_FOUND"], await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Errors_over_a_web_socket_and_as_events_have_Chinese_labels()
    {
        const string Wrong = "subscription { metricsUpdated(period: { toDate: MONTH }, first: -1) { totals { orders { value } } } }";
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var socket = await ConnectAsync("""{ "acceptLanguage": "zh-CN" }""", null, patience.Token);
        await SendAsync(socket, JsonSerializer.Serialize(new { id = "1", type = "subscribe", payload = new { query = Wrong } }), patience.Token);
        var error = await ReceiveAsync(socket, patience.Token);
        Assert.Equal("error", error.GetProperty("type").GetString());
        Assert.Equal(ErrorTexts.Chinese[Texts(error, "code").Single()], Texts(error, "codeLabel").Single());
        using var request = Request("{ nothing }", "zh");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await shared.Server.Client.SendAsync(request);
        Assert.Contains(ErrorTexts.Chinese["VALIDATION_FAILED"], await answer.Content.ReadAsStringAsync());
    }

    private async Task<ClientWebSocket> ConnectAsync(string payload, string? header, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        if (header is not null)
            socket.Options.SetRequestHeader("Accept-Language", header);
        await socket.ConnectAsync(new UriBuilder(shared.Server.Address) { Scheme = "ws", Path = "/graphql" }.Uri, cancellationToken);
        await SendAsync(socket, $$"""{ "type": "connection_init", "payload": {{payload}} }""", cancellationToken);
        Assert.Equal("connection_ack", (await ReceiveAsync(socket, cancellationToken)).GetProperty("type").GetString());
        return socket;
    }

    private static HttpRequestMessage Request(string query, string? language)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { query }), Encoding.UTF8, "application/json"),
        };
        if (language is not null)
            request.Headers.Add("Accept-Language", language);
        return request;
    }

    private static Task SendAsync(ClientWebSocket socket, string message, CancellationToken cancellationToken) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, cancellationToken);

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        var length = 0;
        while (await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken) is var part)
        {
            length += part.Count;
            if (part.EndOfMessage)
                break;
        }

        return JsonElement.Parse(buffer.AsSpan(0, length));
    }

    private async Task<JsonElement> AskAsync(string query, string? language)
    {
        var response = await SendAsync(query, language);
        Assert.False(response.TryGetProperty("errors", out var errors), errors.ToString());
        return response.GetProperty("data");
    }

    private async Task<JsonElement> SendAsync(string query, string? language)
    {
        using var request = Request(query, language);
        using var answer = await shared.Server.Client.SendAsync(request);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }

    private static IEnumerable<string> Texts(JsonElement json, string name) =>
        Leaves(json).Where(l => l.Name == name && l.Value.Length > 0).Select(l => l.Value);

    private static IEnumerable<(string Name, string Value)> Leaves(JsonElement json, string name = "") => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p => Leaves(p.Value, p.Name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(e => Leaves(e, name)),
        _ => [(name, json.ToString())],
    };
}
