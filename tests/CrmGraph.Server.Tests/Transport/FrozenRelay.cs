using System.Net;
using System.Net.Sockets;
using CrmGraph.TestKit;
using Npgsql;

namespace CrmGraph.Server.Tests.Transport;

/// <summary>Stands between the server and PostgreSQL. Once frozen it takes bytes and connections, and gives nothing back: a database host that is gone without a word.</summary>
internal sealed class FrozenRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _never = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly (string Host, int Port) _database;
    private volatile bool _frozen;
    private int _turns;

    public FrozenRelay(TestDatabase database, int connections)
    {
        _listener.Start();
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        _database = (settings.Host!, settings.Port);
        (settings.Host, settings.Port, settings.MaxPoolSize) = ("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port, connections);
        ConnectionString = settings.ConnectionString;
        _ = AcceptAsync();
    }

    public string ConnectionString { get; }

    /// <summary>How often a connection's client has sent something and waited for an answer.</summary>
    public int Turns => _turns;

    public void Freeze() => _frozen = true;

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var own = client;
        using var database = new TcpClient();
        try
        {
            await database.ConnectAsync(_database.Host, _database.Port, _stop.Token);
            var waits = false;
            await Task.WhenAny(
                CopyAsync(client.GetStream(), database.GetStream(), Ask),
                CopyAsync(database.GetStream(), client.GetStream(), () => Volatile.Write(ref waits, false)));

            void Ask()
            {
                if (!Interlocked.Exchange(ref waits, true))
                    Interlocked.Increment(ref _turns);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // One side has gone.
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Action heard)
    {
        var buffer = new byte[16_384];
        while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            if (_frozen)
                await _never.Task.WaitAsync(_stop.Token);
            heard();
            await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }
}
