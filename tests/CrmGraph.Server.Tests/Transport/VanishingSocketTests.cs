using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CrmGraph.GraphQL;
using CrmGraph.Reporting.Live;
using CrmGraph.Server.Access;
using Xunit;
using Xunit.Abstractions;

namespace CrmGraph.Server.Tests.Transport;

/// <summary>Tests that measure the whole process, and so run by themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

/// <summary>A thousand WebSocket clients open, subscribe, get their first value and vanish without a word, ten times over: nothing of them stays.</summary>
[Collection(AloneCollection.Name)]
public sealed class VanishingSocketTests(ITestOutputHelper output)
{
    private const int Clients = 1_000;
    private const int AtOnce = 32;
    // Of ten thousand connections a leak of 100 bytes each would be a megabyte; what the pools keep after their first rounds moves by less than this.
    private const long Megabytes = 8;
    private const string Subscribe
        = """{"id":"1","type":"subscribe","payload":{"query":"subscription { metricsUpdated(period: { toDate: MONTH }) { totals { orders { value } } } }"}}""";
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("CRMGRAPH_VANISHING_ROUNDS") ?? "10", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Clients_that_vanish_leave_nothing_behind()
    {
        await using var server = await RunningServer.StartAsync();
        var (executor, streams, live) = (server.Service<RequestExecutor>(), server.Service<OpenStreams>(), server.Service<LiveMetrics>());
        (SortedDictionary<string, int> Handles, long Bytes, long Timers) before = ([], 0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            await RoundAsync(server, executor);
            await TableLock.WaitUntilAsync(
                () => Task.FromResult(executor.OpenSubscriptions == 0 && streams.Count == 0 && live.Count == 0),
                "the end of all subscriptions, streams and live queries");
            // The first rounds fill pools and compile; from then on everything must come back.
            if (round == 2)
            {
                await Task.Delay(1_000);
                before = (Handles(), Bytes(), Timer.ActiveCount);
            }

            if (round >= 2)
                output.WriteLine($"{round}: {Bytes() / 1024} KiB managed, {Environment.WorkingSet / 1024 / 1024} MiB resident, {Timer.ActiveCount} timers, "
                    + $"{ThreadPool.ThreadCount} threads; {string.Join(", ", Handles().Select(h => $"{h.Value} {h.Key}"))}");
        }

        // The system closes handles behind the program's back.
        await TableLock.WaitUntilAsync(() => Task.FromResult(Handles().All(h => h.Value <= Allowed(h.Key, before.Handles))), "the end of all handles");
        // Of each connection a few timers: nearly 8,000 of them would show.
        Assert.InRange(Timer.ActiveCount, 0, before.Timers + 8);
        Assert.InRange(Bytes() - before.Bytes, long.MinValue, Megabytes * 1024 * 1024);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_cut_off()
    {
        await using var server = await RunningServer.StartAsync(settings: ["--GraphQL:ConnectionInitSeconds=1", "--GraphQL:KeepAliveSeconds=1"]);
        using var client = await OpenAsync(server.Address, CancellationToken.None);
        // Megabytes of answers, which nobody reads.
        const string all = "{ __schema { types { name description fields { name description args { name description } } } } }";
        for (var i = 0; i < 20; i++)
            await client.SendAsync(Frame($$$"""{"id":"all {{{i}}}","type":"subscribe","payload":{"query":"{{{all}}}"}}"""));
        var (executor, streams) = (server.Service<RequestExecutor>(), server.Service<OpenStreams>());
        await TableLock.WaitUntilAsync(
            () => Task.FromResult(executor.OpenSubscriptions == 0 && streams.Count == 0), "the end of a client that takes nothing");
    }

    /// <summary>
    /// Sockets, pipes and the like come back to the last one. Two kinds are not the clients': the pool of database connections (two files each) opens one more when
    /// chance lets more clients come at the same moment, never more than come at once; and assemblies are loaded when they are first needed.
    /// </summary>
    private static int Allowed(string kind, SortedDictionary<string, int> before) => kind switch
    {
        "db" or "db-wal" => Math.Max(AtOnce + 8, before.GetValueOrDefault(kind)),
        "dll" => before[kind] + 20,
        _ => before.GetValueOrDefault(kind),
    };

    private static async Task RoundAsync(RunningServer server, RequestExecutor executor)
    {
        var clients = new Socket[Clients];
        await Parallel.ForAsync(
            0,
            Clients,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (i, cancellationToken) => clients[i] = await OpenAsync(server.Address, cancellationToken));
        Assert.Equal(Clients, executor.OpenSubscriptions);
        for (var i = 0; i < Clients; i++)
        {
            // Half of them as a process that is killed (FIN), half as a machine that comes back without memory (RST).
            if (i % 2 == 0)
                clients[i].LingerState = new(true, 0);
            clients[i].Dispose();
        }
    }

    /// <summary>A connection whose first value has come. No more of a WebSocket client than that takes.</summary>
    private static async Task<Socket> OpenAsync(Uri server, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var handshake = $"GET /graphql HTTP/1.1\r\nHost: {server.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(handshake), cancellationToken);
        await ReadUntilAsync(socket, "\r\n\r\n", cancellationToken);
        await socket.SendAsync((byte[])[.. Frame("""{"type":"connection_init"}"""), .. Frame(Subscribe)], cancellationToken);
        await ReadUntilAsync(socket, "\"next\"", cancellationToken);
        return socket;
    }

    private static async Task ReadUntilAsync(Socket socket, string text, CancellationToken cancellationToken)
    {
        var (read, buffer) = (0, new byte[8_192]);
        while (!Encoding.Latin1.GetString(buffer, 0, read).Contains(text, StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(read), cancellationToken);
            Assert.True(count > 0, $"closed before {text}: {Encoding.Latin1.GetString(buffer, 0, read)}");
            read += count;
        }
    }

    /// <summary>A text frame of RFC 6455, section 5.2, masked with zeros as a client may.</summary>
    private static byte[] Frame(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length < 126
            ? [0x81, (byte)(0x80 | bytes.Length), 0, 0, 0, 0, .. bytes]
            : [0x81, 0x80 | 126, (byte)(bytes.Length >> 8), (byte)bytes.Length, 0, 0, 0, 0, .. bytes];
    }

    /// <summary>Open handles of this process by their kind: what they lead to, numbers left out.</summary>
    private static SortedDictionary<string, int> Handles()
    {
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var handle in Directory.GetFiles("/proc/self/fd"))
        {
            var kind = new FileInfo(handle).LinkTarget?.Split(':', '/', '.') is { } parts ? parts[0].Length > 0 ? parts[0] : parts[^1] : "gone";
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }

        return kinds;
    }

    private static long Bytes()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
