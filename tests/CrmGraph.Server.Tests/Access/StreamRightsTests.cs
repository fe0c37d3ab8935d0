using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using Xunit;

namespace CrmGraph.Server.Tests.Access;

/// <summary>Streams that are open when their key ends: no more data after five seconds, and a last word that says why.</summary>
public sealed class StreamRightsTests
{
    private const string Subscription = "subscription { metricsUpdated(period: { toDate: MONTH }) { totals { orders { value } } } }";
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_revoked_key_ends_its_event_stream_within_five_seconds_and_says_so()
    {
        await using var server = await RunningServer.StartAsync("Production");
        var key = await server.CreateKeyAsync(Role.Viewer);
        using var request = AuthenticationTests.Ask(Subscription);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Secret);
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var patience = new CancellationTokenSource(Patience);
        using var answer = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(patience.Token));
        Assert.Contains("\"totals\"", await NextDataAsync(reader, patience.Token));

        await server.Service<ApiKeys>().RevokeAsync(key.Key.Prefix, patience.Token);
        var since = Stopwatch.StartNew();
        var rest = await reader.ReadToEndAsync(patience.Token);

        Assert.True(since.Elapsed < Promise, $"ended after {since.Elapsed}");
        Assert.Contains("\"AUTH_NOT_AUTHENTICATED\"", rest);
        Assert.Contains("\"REVOKED_KEY\"", rest);
        Assert.EndsWith("event: complete\ndata: \n\n", rest);
    }

    [Fact]
    public async Task A_revoked_key_closes_its_web_socket_within_five_seconds_with_4403_and_the_reason()
    {
        await using var server = await RunningServer.StartAsync("Production");
        var (key, other) = (await server.CreateKeyAsync(Role.Viewer), await server.CreateKeyAsync(Role.Viewer));
        using var patience = new CancellationTokenSource(Patience);
        using var socket = await SubscribeAsync(server, key.Secret, patience.Token);
        using var bystander = await SubscribeAsync(server, other.Secret, patience.Token);

        await server.Service<ApiKeys>().RevokeAsync(key.Key.Prefix, patience.Token);
        var since = Stopwatch.StartNew();
        while (await ReceiveAsync(socket, patience.Token) is not null)
        {
        }

        Assert.True(since.Elapsed < Promise, $"ended after {since.Elapsed}");
        Assert.Equal(4403, (int)socket.CloseStatus!);
        Assert.Contains("revoked", socket.CloseStatusDescription);
        await SendAsync(bystander, """{"type":"ping"}""", patience.Token);
        Assert.Equal("pong", (await ReceiveAsync(bystander, patience.Token))!.Value.GetProperty("type").GetString());
    }

    /// <summary>Connected and subscribed; the first value has come.</summary>
    private static async Task<ClientWebSocket> SubscribeAsync(RunningServer server, string secret, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/graphql" }.Uri, cancellationToken);
        await SendAsync(socket, JsonSerializer.Serialize(new { type = "connection_init", payload = new { authorization = "Bearer " + secret } }),
            cancellationToken);
        Assert.Equal("connection_ack", (await ReceiveAsync(socket, cancellationToken))!.Value.GetProperty("type").GetString());
        await SendAsync(socket, JsonSerializer.Serialize(new { id = "1", type = "subscribe", payload = new { query = Subscription } }), cancellationToken);
        Assert.Equal("next", (await ReceiveAsync(socket, cancellationToken))!.Value.GetProperty("type").GetString());
        return socket;
    }

    private static async Task SendAsync(ClientWebSocket socket, string message, CancellationToken cancellationToken) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, cancellationToken);

    /// <summary>The next message but the server's own pings; null when the server closed.</summary>
    private static async Task<JsonElement?> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[65_536];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                length += part.Count;
            }
            while (!part.EndOfMessage);

            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            using var json = JsonDocument.Parse(buffer.AsMemory(0, length));
            if (json.RootElement.GetProperty("type").GetString() != "ping")
                return json.RootElement.Clone();
        }
    }

    private static async Task<string> NextDataAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return line;
        return "";
    }
}
