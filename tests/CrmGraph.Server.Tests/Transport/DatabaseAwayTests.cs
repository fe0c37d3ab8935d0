using System.Net;
using System.Net.Sockets;
using System.Text;
using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace CrmGraph.Server.Tests.Transport;

/// <summary>A database that is away, or has no connection left: every door says so with one code, and when to come again.</summary>
[Collection(AloneCollection.Name)]
public sealed class DatabaseAwayTests
{
    private const string Row
        = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,France\n";
    private const string Subscription = """{"query":"subscription { metricsUpdated(period: { toDate: MONTH }) { totals { orders { value } } } }"}""";

    public static TheoryData<DatabaseKind> Both => [DatabaseKind.Sqlite, DatabaseKind.Postgres];

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Every_door_says_that_the_database_is_away_and_when_to_come_again(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var relay = kind == DatabaseKind.Postgres ? new FrozenRelay(database, 20) : null;
        await using var server = await RunningServer.StartAsync(
            settings: ["--ConnectionStrings:Crm", relay?.ConnectionString ?? database.ConnectionString, "--Crm:CallerCacheMilliseconds", "0"]);
        await database.SaveAsync(new Segment { Id = Guid.CreateVersion7(), Key = "all", Name = "All", Kind = SegmentKind.Static });
        var key = await server.CreateKeyAsync(Role.Administrator);
        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync("""{"query":"{ customers(first: 1) { nodes { id } } }"}""")).Status);
        if (relay is not null)
            await relay.DisposeAsync();
        else
            Delete(database);

        await AssertAwayAsync(server, () => Requests.Post("""{"query":"{ customers(first: 1) { nodes { id } } }"}"""));
        await AssertAwayAsync(server, () =>
            Requests.Post("""{"query":"{ customers(first: 1) { nodes { id orders(first: 1) { nodes { id } } } } metrics(period: { toDate: MONTH }) { totals """
            + """{ orders { value } } } }"}""", Requests.Response));
        await AssertAwayAsync(server, () => Requests.Post(
            """{"query":"mutation { upsertCustomer(input: { externalIds: [{ source: \"a\", key: \"1\" }], name: \"A\" }) { customer { id } } }"}"""));
        await AssertAwayAsync(server, () => new HttpRequestMessage(HttpMethod.Get, "/segments/all/members"));
        await AssertAwayAsync(server, () => new HttpRequestMessage(HttpMethod.Post, "/import?map=online-retail") { Content = new StringContent(Row) });
        await AssertAwayAsync(server, () => With(key.Secret, Requests.Post("""{"query":"{ __typename }"}""")));
        Assert.Equal(1013, await ClosedWithAsync(server, key.Secret));
    }

    [Fact]
    public async Task A_caller_who_cannot_be_looked_up_in_time_is_told_so_within_the_time_limit()
    {
        await using var server = await RunningServer.StartAsync(kind: DatabaseKind.Postgres, settings: ["--GraphQL:RequestTimeoutSeconds", "1"]);
        var key = await server.CreateKeyAsync(Role.Viewer);
        await using var @lock = await TableLock.TakeAsync(server.Database, "api_keys");

        using var answer = await server.Client.SendAsync(With(key.Secret, Requests.Post("""{"query":"{ __typename }"}"""))).WaitAsync(TableLock.Patience);

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "DATABASE_UNAVAILABLE"),
            (answer.StatusCode, Requests.CodeOf(await answer.Content.ReadAsStringAsync())));
        await @lock.WaitForWaitersAsync(0);
    }

    [Fact]
    public async Task An_empty_pool_is_a_database_that_is_away()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 4, Timeout = 1 };
        await using var server = await RunningServer.StartAsync(settings: ["--ConnectionStrings:Crm", settings.ConnectionString]);
        await using var @lock = await TableLock.TakeAsync(database);
        var held = Enumerable.Range(0, 4).Select(_ => server.AskAsync("""{"query":"{ customers(first: 1) { nodes { id } } }"}""")).ToList();
        await @lock.WaitForWaitersAsync(4);

        await AssertAwayAsync(server, () => Requests.Post("""{"query":"{ customers(first: 1) { nodes { id } } }"}"""));

        await @lock.DisposeAsync();
        await Task.WhenAll(held).WaitAsync(TableLock.Patience);
    }

    private static async Task AssertAwayAsync(RunningServer server, Func<HttpRequestMessage> make)
    {
        using var request = make();
        using var answer = await server.Client.SendAsync(request).WaitAsync(TableLock.Patience);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"{request.Method} {request.RequestUri}: {answer.StatusCode} {body}");
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        Assert.Contains("DATABASE_UNAVAILABLE", body, StringComparison.Ordinal);
    }

    /// <summary>By hand, since .NET's client takes 1013 for a mistake in the protocol.</summary>
    private static async Task<int> ClosedWithAsync(RunningServer server, string secret)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /graphql HTTP/1.1\r\nHost: {server.Address.Authority}\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            + "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"));
        var init = Encoding.UTF8.GetBytes($$$"""{"type":"connection_init","payload":{"apiKey":"{{{secret}}}"}}""");
        // One text frame of less than 126 bytes, with a mask that changes nothing.
        await stream.WriteAsync((byte[])[0x81, (byte)(0x80 | init.Length), 0, 0, 0, 0, .. init]);
        using var heard = new MemoryStream();
        var buffer = new byte[4096];
        while (Frame() is not [_, _, _, _, ..])
            heard.Write(
                buffer,
                0,
                await stream.ReadAsync(buffer).AsTask().WaitAsync(TableLock.Patience) is > 0 and var read ? read : throw new EndOfStreamException());
        return Frame() is [0x88, _, var high, var low, ..] ? high << 8 | low : 0;

        byte[] Frame() => heard.ToArray() is var all && all.AsSpan().IndexOf("\r\n\r\n"u8) is >= 0 and var head ? all[(head + 4)..] : [];
    }

    private static HttpRequestMessage With(string secret, HttpRequestMessage request)
    {
        request.Headers.Authorization = new("Bearer", secret);
        return request;
    }

    private static void Delete(TestDatabase database)
    {
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(database.Engine.Location)!, Path.GetFileName(database.Engine.Location) + "*"))
            File.Delete(file);
    }
}
