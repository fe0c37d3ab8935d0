using System.Diagnostics;
using System.Net;
using CrmGraph.Data.Model;
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
    private const string Row
        = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,France\n";

    [Theory]
    [InlineData("operation", "customers", 30)]
    [InlineData("operation", "customers", 3)]
    [InlineData("operation with a key", "api_keys", 30)]
    [InlineData("export", "customers", 30)]
    [InlineData("import", "customers", 30)]
    [InlineData("probe", "migrations", 30)]
    [InlineData("probe", "migrations", 3)]
    public async Task Statements_that_cannot_be_cancelled_hold_no_thread_that_others_need(string kind, string table, int timeLimitSeconds)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        await database.SaveAsync(new Segment { Id = Guid.CreateVersion7(), Key = "all", Name = "All", Kind = SegmentKind.Static });
        await using var relay = new FrozenRelay(database, Clients);
        await using var server = await RunningServer.StartAsync(settings: ["--ConnectionStrings:Crm", relay.ConnectionString,
            "--GraphQL:RequestTimeoutSeconds", $"{timeLimitSeconds}", "--GraphQL:ConcurrentExecutionsPerCaller", "100", "--Crm:Exports", "100",
            "--Crm:ExportsPerCaller", "100"]);
        var key = await server.CreateKeyAsync(Role.Viewer);
        await using var @lock = await TableLock.TakeAsync(database, table);
        using var patience = new CancellationTokenSource();
        var asked = Enumerable.Range(0, Clients).Select(_ => AskAsync(server, kind, key.Secret, patience.Token)).ToList();
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

    private static async Task AskAsync(RunningServer server, string kind, string secret, CancellationToken cancellationToken)
    {
        using var request = kind switch
        {
            "export" => new HttpRequestMessage(HttpMethod.Get, "/segments/all/members"),
            "import" => new HttpRequestMessage(HttpMethod.Post, "/import?map=online-retail") { Content = new StringContent(Row) },
            "probe" => new HttpRequestMessage(HttpMethod.Get, "/health/ready"),
            _ => Requests.Post("""{"query":"{ customers(first: 1) { nodes { id } } }"}"""),
        };
        if (kind == "operation with a key")
            request.Headers.Authorization = new("Bearer", secret);
        using var answer = await server.Client.SendAsync(request, cancellationToken);
    }
}
