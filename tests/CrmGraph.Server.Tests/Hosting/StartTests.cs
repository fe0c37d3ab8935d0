using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace CrmGraph.Server.Tests.Hosting;

/// <summary>The program as an operator starts it: a process of its own.</summary>
public sealed class StartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string, string[], string> Wrong => new()
    {
        { "a connection string that names no database", ["--ConnectionStrings:Crm", "Colour=blue"], "Data Source=FILE" },
        { "a connection string that cannot be read", ["--ConnectionStrings:Crm", "nonsense"], "connection string" },
        { "a PostgreSQL that is not there", ["--ConnectionStrings:Crm", "Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=3"], "database" },
        { "a folder that cannot be made", ["--DataFolder", "/dev/null/crm"], "/dev/null" },
        { "an origin that is none", ["--Cors:Origins", "*"], "https://host" },
        { "tokens without an audience", ["--Jwt:Authority", "https://issuer.example"], "Jwt:Audience" },
        { "a key set that is none", ["--Jwt:KeySet", "{}", "--Jwt:Issuer", "a", "--Jwt:Audience", "b"], "Jwt:KeySet" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_setting_that_cannot_be_is_explained_in_one_line(string what, string[] settings, string says)
    {
        using var folder = new TemporaryFolder();
        string[] place = settings[0] == "--DataFolder" ? [] : ["--DataFolder", folder.Path];

        var (code, _, error) = await RunAsync([.. settings, .. place, "--urls", "http://127.0.0.1:0"]);

        Assert.True(code == 1, $"{what}: exit code {code}: {error}");
        Assert.StartsWith("CrmGraph did not start: ", error);
        Assert.Contains(says, error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task A_port_in_use_is_explained()
    {
        using var folder = new TemporaryFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var (code, _, error) = await RunAsync(["--DataFolder", folder.Path, "--urls", $"http://{other.LocalEndpoint}"]);

        Assert.Equal(1, code);
        Assert.Contains("--urls", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task A_password_is_never_said()
    {
        var (_, output, error) = await RunAsync(["--ConnectionStrings:Crm", "Host=127.0.0.1;Port=1;Username=x;Password=topsecret;Database=x;Timeout=3", "--urls", "http://127.0.0.1:0"]);
        Assert.DoesNotContain("topsecret", output + error);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CrmServer).Assembly.Location, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, await output, await error);
    }
}
