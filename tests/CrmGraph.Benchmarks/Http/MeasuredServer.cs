using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CrmGraph.Benchmarks.Http;

/// <summary>A server in a process of its own: our program or the limit.</summary>
internal sealed class MeasuredServer : IAsyncDisposable
{
    private static readonly double TicksPerSecond = 100;
    private readonly Process _process;
    private readonly string _memoryFile;

    private MeasuredServer(string name, Process process, Uri address, string authorization, string memoryFile)
    {
        (Name, _process, Address, Authorization, _memoryFile) = (name, process, address, authorization, memoryFile);
        Client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
    }

    public string Name { get; }
    public Uri Address { get; }
    public string Authorization { get; }
    public HttpClient Client { get; }

    public static Task<MeasuredServer> OurAsync(string name, string folder, string database, string authorization)
    {
        var program = Path.Combine(folder, "CrmGraph.Server.dll");
        if (!File.Exists(program))
            throw new FileNotFoundException($"There is no built server in {folder}. Build it: dotnet build -c Release src/CrmGraph.Server");
        return StartAsync(
            name,
            authorization,
            port => [program, "--urls", $"http://127.0.0.1:{port}", "--environment", "Production", "--ConnectionStrings:Crm", database]);
    }

    public static Task<MeasuredServer> LimitAsync(string database, string authorization, Guid[]? owners) =>
        StartAsync("limit", authorization, port => [Path.Combine(
            AppContext.BaseDirectory,
            "CrmGraph.Benchmarks.dll"), "limit-server", $"{port}", database, authorization, .. (owners ?? []).Select(o => o.ToString())]);

    public async Task<string> AskAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync("/graphql", content);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{Name} answered {(int)answer.StatusCode}: {text}");
    }

    /// <summary>Seconds of processor time that the process has used.</summary>
    public double CpuSeconds() => CpuSecondsOf(_process.Id) ?? 0;

    public static double? CpuSecondsOf(int process)
    {
        try
        {
            // proc(5): utime and stime are the 14th and 15th fields; the second, in parentheses, may hold blanks.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Bytes that the process has allocated so far.</summary>
    public async Task<long> AllocatedAsync()
    {
        File.Delete(_memoryFile);
        using (var kill = Process.Start("kill", [$"-{StartupHook.Signal}", $"{_process.Id}"]))
            await kill.WaitForExitAsync();
        for (var i = 0; i < 200 && !File.Exists(_memoryFile); i++)
            await Task.Delay(25);
        return long.Parse(await File.ReadAllTextAsync(_memoryFile), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        File.Delete(_memoryFile);
    }

    private static async Task<MeasuredServer> StartAsync(string name, string authorization, Func<int, string[]> command)
    {
        var port = FreePort();
        var memory = Path.Combine(Path.GetTempPath(), $"crmgraph-bench-{Environment.ProcessId}-{port}");
        var start = new ProcessStartInfo("dotnet", command(port)) { RedirectStandardOutput = true };
        start.Environment["DOTNET_STARTUP_HOOKS"] = Path.Combine(AppContext.BaseDirectory, "CrmGraph.Benchmarks.dll");
        start.Environment[StartupHook.FileVariable] = memory;
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started.");
        _ = process.StandardOutput.ReadToEndAsync();
        var server = new MeasuredServer(name, process, new($"http://127.0.0.1:{port}"), authorization, memory);
        for (var i = 0; i < 300; i++)
        {
            if (process.HasExited)
                throw new InvalidOperationException($"{name} ended with code {process.ExitCode} before it listened.");
            try
            {
                await server.AskAsync("""{"query":"query W6 { __typename }","operationName":"W6"}""");
                return server;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }

        await server.DisposeAsync();
        throw new TimeoutException($"{name} did not listen within 30 s.");
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
