using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace CrmGraph.Server.Tests.Hosting;

/// <summary>How long a server takes to stop.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task Half_sent_requests_do_not_hold_the_stop_up()
    {
        await using var server = await RunningServer.StartAsync(settings: ["--ShutdownSeconds", "60"]);
        var host = $"Host: {server.Address.Authority}\r\n";
        using var line = await SendAsync(server, "POST /gra");
        using var head = await SendAsync(server, $"POST /graphql HTTP/1.1\r\n{host}Content-Ty");
        using var body = await SendAsync(server, $"POST /graphql HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"que");
        using var file = await SendAsync(server, $"POST /import?map=online-retail HTTP/1.1\r\n{host}Content-Length: 1000\r\n\r\nInvoiceNo,StockCode,Descr");
        using var form = await SendAsync(server,
            $"POST /import HTTP/1.1\r\n{host}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n--x\r\n"
            + "Content-Disposition: form-data; name=\"ma");
        await Task.Delay(300);
        var began = Stopwatch.GetTimestamp();

        await server.Server.App.StopAsync();

        // Two seconds and what a busy machine adds; far from the 60.
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 20);
    }

    private static async Task<Socket> SendAsync(RunningServer server, string text)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        return socket;
    }
}
