using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CrmGraph.Data.Model;
using Xunit;

namespace CrmGraph.Server.Tests.Access;

/// <summary>Who learns the schema from the server, and who does not.</summary>
public sealed class SchemaVisibilityTests
{
    public static TheoryData<string> Introspections =>
    [
        "{ __schema { queryType { name } } }",
        "{ __type(name: \"Customer\") { name } }",
        "{ __typename ... on Query { ...F } } fragment F on Query { a: __schema { types { name } } }",
        "query A { __typename } query B { __schema { queryType { name } } }",
    ];

    [Theory]
    [MemberData(nameof(Introspections))]
    public async Task A_role_to_which_the_schema_is_not_shown_gets_no_introspection(string query)
    {
        await using var server = await RunningServer.StartAsync("Production", ["--Roles:Viewer:Introspection", "false"]);
        var operation = query.Contains("query B", StringComparison.Ordinal) ? "B" : null;
        var (status, error) = await ErrorAsync(server, (await server.CreateKeyAsync(Role.Viewer)).Secret, query, operation);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("HC0046", error!.Value.GetProperty("extensions").GetProperty("code").GetString());
        // The same of a caller who may, and for the viewer whatever is no introspection.
        Assert.Equal((HttpStatusCode.OK, null), await ErrorAsync(server, (await server.CreateKeyAsync(Role.Analyst)).Secret, query, operation));
        Assert.Equal(
            (HttpStatusCode.OK, null),
            await ErrorAsync(server, (await server.CreateKeyAsync(Role.Viewer)).Secret, "{ __typename viewer { __typename } }", null));
    }

    [Fact]
    public async Task Errors_suggest_names_only_to_those_who_may_see_the_schema()
    {
        await using var server = await RunningServer.StartAsync("Production", ["--Roles:Viewer:Introspection", "false"]);
        var (_, shown) = await ErrorAsync(server, (await server.CreateKeyAsync(Role.Analyst)).Secret, "{ custmers { totalCount } }", null);
        Assert.Contains("Did you mean \"customers\"", shown!.Value.GetProperty("message").GetString());
        var viewer = (await server.CreateKeyAsync(Role.Viewer)).Secret;
        foreach (var query in new[] {
            "{ custmers { totalCount } }",
            "{ customers(frst: 1) { totalCount } }",
            "{ customers(where: {nam: {eq: \"a\"}}) { totalCount } }",
            "{ customers(where: {kind: {eq: PERSN}}) { totalCount } }",
            "{ node(id: 1) { ... on Custmer { id } } }",
            "{ node(id: 1) { name } }" })
        {
            var (_, hidden) = await ErrorAsync(server, viewer, query, null);
            Assert.DoesNotContain("Did you mean", hidden!.Value.GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task The_text_of_the_schema_is_shown_to_whom_introspection_is()
    {
        await using var server = await RunningServer.StartAsync("Production", ["--Roles:Viewer:Introspection", "false"]);
        Assert.Equal(HttpStatusCode.Forbidden, await SdlAsync(server, (await server.CreateKeyAsync(Role.Viewer)).Secret));
        Assert.Equal(HttpStatusCode.OK, await SdlAsync(server, (await server.CreateKeyAsync(Role.Analyst)).Secret));
        Assert.Equal(HttpStatusCode.Unauthorized, await SdlAsync(server, null));
    }

    [Fact]
    public async Task A_socket_hides_what_a_request_hides()
    {
        await using var server = await RunningServer.StartAsync("Production", ["--Roles:Viewer:Introspection", "false"]);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/graphql" }.Uri, default);
        await SendAsync(socket, "{\"type\":\"connection_init\",\"payload\":{\"authorization\":\"" + (await server.CreateKeyAsync(Role.Viewer)).Secret + "\"}}");
        Assert.Contains("connection_ack", await ReceiveAsync(socket));
        await SendAsync(socket, """{"type":"subscribe","id":"1","payload":{"query":"{ __schema { queryType { name } } }"}}""");
        Assert.Contains("HC0046", await ReceiveAsync(socket));
        await SendAsync(socket, """{"type":"subscribe","id":"2","payload":{"query":"{ custmers { totalCount } }"}}""");
        Assert.DoesNotContain("Did you mean", await ReceiveAsync(socket));
    }

    [Theory]
    [InlineData("Production", null, false)]
    [InlineData("Production", "true", true)]
    [InlineData("Development", null, true)]
    [InlineData("Development", "false", false)]
    public async Task The_dashboard_has_its_explorer_where_it_is_wanted(string environment, string? setting, bool has)
    {
        await using var server = await RunningServer.StartAsync(environment, setting is null ? null : ["--Explorer", setting]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/explorer");
        request.Headers.Add("Cookie", "crmgraph_key=" + (await server.CreateKeyAsync(Role.Analyst)).Secret);
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(has ? HttpStatusCode.OK : HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<(HttpStatusCode Status, JsonElement? Error)> ErrorAsync(RunningServer server, string key, string query, string? operationName)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { query, operationName }), Encoding.UTF8, "application/json")
        };
        request.Headers.Authorization = new("Bearer", key);
        request.Headers.Accept.ParseAdd("application/graphql-response+json");
        using var answer = await server.Client.SendAsync(request);
        var json = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, json.TryGetProperty("errors", out var errors) ? errors[0] : null);
    }

    private static async Task<HttpStatusCode> SdlAsync(RunningServer server, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/graphql?sdl");
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        using var answer = await server.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task SendAsync(ClientWebSocket socket, string message)
        => await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, default);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[65_536];
        var received = await socket.ReceiveAsync(buffer, new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
