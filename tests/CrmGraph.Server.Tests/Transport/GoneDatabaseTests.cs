using System.Diagnostics;
using System.Net;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Server.Tests.Transport;

/// <summary>
/// A database host that is gone without a word. The driver sends the cancellation of a statement by a connection of its own and waits for it on the
/// thread that cancels, until its own time limit: none of the threads on which requests are served may be that one.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class GoneDatabaseTests
{
    private const int Clients = 60;
    private const string Customers = """{"query":"{ customers(first: 1) { nodes { id } } }"}""";

    [Theory]
    [InlineData(30)]
    [InlineData(3)]
    public async Task Statements_that_cannot_be_cancelled_hold_no_thread_that_others_need(int timeLimitSeconds)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await using var relay = new FrozenRelay(database, Clients);
        await using var server = await RunningServer.StartAsync(settings: ["--ConnectionStrings:Crm", relay.ConnectionString, "--GraphQL:RequestTimeoutSeconds", $"{timeLimitSeconds}"]);
        await using var @lock = await TableLock.TakeAsync(database);
        using var patience = new CancellationTokenSource();
        var asked = Enumerable.Range(0, Clients).Select(_ => server.AskAsync(Customers, cancellation: patience.Token)).ToList();
        await @lock.WaitForWaitersAsync(Clients);
        relay.Freeze();

        // Either the server's time limit ends them all at once, or their clients do.
        await Task.Delay(TimeSpan.FromSeconds(timeLimitSeconds < 10 ? timeLimitSeconds : 0));
        await patience.CancelAsync();
        await Task.Delay(200);

        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await server.AskAsync("""{"query":"{ __typename }"}""").WaitAsync(TableLock.Patience)).Status);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 2);
        Assert.All(asked, a => Assert.True(a.IsCompleted));
    }
}
