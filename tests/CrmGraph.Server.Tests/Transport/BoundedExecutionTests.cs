using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Server.Tests.Transport;

/// <summary>
/// What the server does when there is too much to do, and when nobody waits for it any more. A lock on a table makes statements as slow as
/// the test wants; PostgreSQL's own list of sessions says what it is working on.
/// </summary>
public sealed class BoundedExecutionTests
{
    private const string Customers = """{"query":"{ customers(first: 1) { nodes { id } } }"}""";
    private static TimeSpan Patience => TableLock.Patience;

    [Fact]
    public async Task One_request_more_than_run_and_wait_is_503_with_Retry_After()
    {
        await using var server = await RunningServer.StartAsync(
            kind: DatabaseKind.Postgres,
            settings: ["--GraphQL:ConcurrentExecutions", "1", "--GraphQL:QueuedExecutions", "1"]);
        await using var @lock = await TableLock.TakeAsync(server.Database);
        var running = server.AskAsync(Customers);
        await @lock.WaitForWaitersAsync(1);

        // One of these waits for its turn, the other finds no place to wait in.
        var others = new[] {
            Requests.Post("""{"query":"{ __typename }"}""", Requests.Response),
            Requests.Post("""{"query":"{ __typename }"}""", Requests.Json) }.Select(r => server.Client.SendAsync(r)).ToList();
        using var refused = await (await Task.WhenAny(others)).WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.Equal("OVERLOADED", Requests.CodeOf(await refused.Content.ReadAsStringAsync()));
        await @lock.DisposeAsync();
        Assert.Equal(HttpStatusCode.OK, (await running.WaitAsync(Patience)).Status);
        var answers = await Task.WhenAll(others).WaitAsync(Patience);
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_statement_of_a_client_that_went_away_is_cancelled_and_its_place_is_free()
    {
        await using var server = await RunningServer.StartAsync(kind: DatabaseKind.Postgres, settings: ["--GraphQL:ConcurrentExecutions", "1"]);
        await using var @lock = await TableLock.TakeAsync(server.Database);
        using var patience = new CancellationTokenSource();
        var abandoned = server.AskAsync(Customers, cancellationToken: patience.Token);
        await @lock.WaitForWaitersAsync(1);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        // The table is still locked: only a cancelled statement stops waiting for it.
        await @lock.WaitForWaitersAsync(0);
        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync("""{"query":"{ __typename }"}""").WaitAsync(Patience)).Status);
    }

    [Fact]
    public async Task The_time_limit_ends_the_statement_and_says_so()
    {
        await using var server = await RunningServer.StartAsync(kind: DatabaseKind.Postgres, settings: ["--GraphQL:RequestTimeoutSeconds", "1"]);
        await using var @lock = await TableLock.TakeAsync(server.Database);

        var (_, body) = await server.AskAsync(Customers).WaitAsync(Patience);

        Assert.Equal("HC0045", Requests.CodeOf(body));
        await @lock.WaitForWaitersAsync(0);
    }

    [Fact]
    public async Task One_callers_requests_wait_for_each_other_and_another_caller_passes_them()
    {
        await using var server = await RunningServer.StartAsync(
            kind: DatabaseKind.Postgres,
            settings: ["--GraphQL:ConcurrentExecutions", "3", "--GraphQL:ConcurrentExecutionsPerCaller", "2", "--GraphQL:QueuedExecutionsPerCaller", "1"]);
        var (one, other) = (await server.CreateKeyAsync(Role.Viewer), await server.CreateKeyAsync(Role.Analyst));
        await using var @lock = await TableLock.TakeAsync(server.Database);
        var asked = Enumerable.Range(0, 4).Select(_ => AskAsync(server, Customers, one.Secret)).ToList();
        await @lock.WaitForWaitersAsync(2);

        var refused = await (await Task.WhenAny(asked)).WaitAsync(Patience);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "OVERLOADED"), (refused.Status, Requests.CodeOf(refused.Body)));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, """{"query":"{ __typename }"}""", other.Secret).WaitAsync(Patience)).Status);

        await @lock.DisposeAsync();
        Assert.Equal(3, (await Task.WhenAll(asked).WaitAsync(Patience)).Count(a => a.Status == HttpStatusCode.OK));
    }

    [Fact]
    public async Task Callers_without_a_key_are_told_apart_by_their_address()
    {
        await using var server = await RunningServer.StartAsync(settings: ["--GraphQL:SubscriptionsPerCaller", "1"]);
        const string body = """{"query":"subscription { metricsUpdated(period: { toDate: MONTH }) { totals { orders { value } } } }"}""";
        using var first = await server.Client.SendAsync(Requests.Post(body, "text/event-stream"), HttpCompletionOption.ResponseHeadersRead);
        using var elsewhere = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectFromElsewhereAsync, UseProxy = false })
        {
            BaseAddress = server.Address
        };
        using var second = await elsewhere.SendAsync(Requests.Post(body, "text/event-stream"), HttpCompletionOption.ResponseHeadersRead);
        using var third = await server.Client.SendAsync(Requests.Post(body, "text/event-stream"), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode, third.StatusCode));
    }

    [Fact]
    public async Task One_WebSocket_more_than_there_may_be_is_503_with_a_code()
    {
        await using var server = await RunningServer.StartAsync(settings: ["--WebSocketConnections", "1"]);
        using (var first = new ClientWebSocket())
        {
            first.Options.AddSubProtocol("graphql-transport-ws");
            await first.ConnectAsync(new Uri($"ws://{server.Address.Authority}/graphql"), CancellationToken.None);

            using var refused = await server.Client.SendAsync(Handshake());
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
            Assert.Equal("OVERLOADED", Requests.CodeOf(await refused.Content.ReadAsStringAsync()));
            await first.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }

        await TableLock.WaitUntilAsync(
            async () =>
            {
                using var taken = await server.Client.SendAsync(Handshake(), HttpCompletionOption.ResponseHeadersRead);
                return taken.StatusCode == HttpStatusCode.SwitchingProtocols;
            },
            "the place of the closed socket");
    }

    private static HttpRequestMessage Handshake()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/graphql");
        foreach (var (name, value) in new[] {
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
            ("Sec-WebSocket-Protocol", "graphql-transport-ws") })
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static async ValueTask<Stream> ConnectFromElsewhereAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(RunningServer server, string body, string secret)
    {
        using var request = Requests.Post(body);
        request.Headers.Authorization = new("Bearer", secret);
        using var answer = await server.Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_caller_has_so_many_subscriptions_and_gets_a_place_back_when_one_ends()
    {
        const string body = """{"query":"subscription { metricsUpdated(period: { toDate: MONTH }) { totals { orders { value } } } }"}""";
        await using var server = await RunningServer.StartAsync(settings: ["--GraphQL:SubscriptionsPerCaller", "1"]);
        using (var first = await server.Client.SendAsync(Requests.Post(body, "text/event-stream"), HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            using var second = await server.Client.SendAsync(Requests.Post(body, "text/event-stream"), HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
            Assert.Equal("TOO_MANY_SUBSCRIPTIONS", Requests.CodeOf(await second.Content.ReadAsStringAsync()));
        }

        await TableLock.WaitUntilAsync(() => Task.FromResult(server.Service<RequestExecutor>().OpenSubscriptions == 0), "the subscription's end");
        using var third = await server.Client.SendAsync(Requests.Post(body, "text/event-stream"), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }
}
