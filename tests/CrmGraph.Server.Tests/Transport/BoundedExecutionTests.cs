using System.Net;
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
        await using var server = await RunningServer.StartAsync(kind: DatabaseKind.Postgres, settings: ["--GraphQL:ConcurrentExecutions", "1", "--GraphQL:QueuedExecutions", "1"]);
        await using var @lock = await TableLock.TakeAsync(server.Database);
        var running = server.AskAsync(Customers);
        await @lock.WaitForWaitersAsync(1);

        // One of these waits for its turn, the other finds no place to wait in.
        var others = new[] { Requests.Post("""{"query":"{ __typename }"}""", Requests.Response), Requests.Post("""{"query":"{ __typename }"}""", Requests.Json) }.Select(r => server.Client.SendAsync(r)).ToList();
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
        var abandoned = server.AskAsync(Customers, cancellation: patience.Token);
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
