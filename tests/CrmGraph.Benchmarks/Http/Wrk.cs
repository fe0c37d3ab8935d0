using System.Diagnostics;
using System.Globalization;

namespace CrmGraph.Benchmarks.Http;

/// <summary>What one run of wrk saw.</summary>
internal sealed record WrkResult(long Requests, double Seconds, double P50Milliseconds, double P99Milliseconds, long Bad)
{
    public double PerSecond => Requests / Seconds;
}

/// <summary>The load generator: a program of its own, so that neither server shares its work.</summary>
internal sealed class Wrk : IDisposable
{
    private readonly string _script = Path.GetTempFileName();

    public Wrk()
    {
        using var stream = typeof(Wrk).Assembly.GetManifestResourceStream("post.lua")!;
        using var file = File.Create(_script);
        stream.CopyTo(file);
    }

    public static bool IsInstalled()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("wrk", ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true });
            process!.WaitForExit();
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <param name="bodies">A file with one body a line.</param>
    /// <param name="from">The line with which to begin.</param>
    public async Task<WrkResult> RunAsync(MeasuredServer server, string bodies, int from, int connections, int seconds)
    {
        var start = new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "20s", "-s", _script,
            server.Address.ToString(), "--", bodies, $"{from}", server.Authorization])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var line = said.Split('\n').FirstOrDefault(l => l.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk said no result:\n{said}");
        var n = line.Split(' ').Skip(1).Select(t => long.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        return new(n[0], n[1] / 1e6, n[2] / 1e3, n[3] / 1e3, n[4]);
    }

    public void Dispose() => File.Delete(_script);
}
