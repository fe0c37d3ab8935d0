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
        { "a connection string with a port that is none", ["--ConnectionStrings:Crm", "Host=127.0.0.1;Port=many"], "The connection string cannot be used" },
        { "a file in a folder that is not there", ["--ConnectionStrings:Crm", "Data Source=/nowhere/crm.db"], "SQLite /nowhere/crm.db cannot be used" },
        { "a PostgreSQL that is not there", ["--ConnectionStrings:Crm", "Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=3"], "database" },
        { "an address that is none", ["--urls", "nonsense"], "Invalid url: 'nonsense'. --urls takes addresses" },
        { "a folder that cannot be made", ["--DataFolder", "/dev/null/crm"], "/dev/null" },
        { "an origin that is none", ["--Cors:Origins", "*"], "https://host" },
        { "tokens without an audience", ["--Jwt:Authority", "https://issuer.example"], "Jwt:Audience" },
        { "an issuer that is no address", ["--Jwt:Authority", "issuer", "--Jwt:Audience", "b"], "Jwt:Authority" },
        { "an issuer whose keys anybody could change on the way", ["--Jwt:Authority", "http://issuer.example", "--Jwt:Audience", "b"], "https://" },
        {
            "a name of a role that is none of ours",
            ["--Jwt:Authority", "https://issuer.example", "--Jwt:Audience", "b", "--Jwt:Roles:boss", "King"],
            "Jwt:Roles:boss" },
        { "a key set that is none", ["--Jwt:KeySet", "{}", "--Jwt:Issuer", "a", "--Jwt:Audience", "b"], "Jwt:KeySet" },
        { "a number that is none", ["--GraphQL:BodyBytes", "many"], "GraphQL:BodyBytes is 'many'; it is a whole number" },
        { "a number that is too large", ["--ShutdownSeconds", "99999999999"], "ShutdownSeconds" },
        { "a number below what can be", ["--Crm:BulkRows", "0"], "from 1" },
        { "a time longer than timers run", ["--GraphQL:RequestTimeoutSeconds", "99999999"], "86400" },
        { "a switch that is neither on nor off", ["--Demo", "maybe"], "true or false" },
        { "a limit that there is not", ["--GraphQL:BodyBites", "1000"], "GraphQL:BodyBites is no setting" },
        { "a role that there is not", ["--Roles:Boss:FieldCost", "1000"], "Roles:Boss" },
        { "documents kept for less than no time", ["--Documents:MaxAgeSeconds", "-5"], "Documents:MaxAgeSeconds" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_setting_that_cannot_be_is_explained_in_one_line(string what, string[] settings, string says)
    {
        using var folder = new TemporaryFolder();
        string[] place = settings[0] == "--DataFolder" ? [] : ["--DataFolder", folder.Path];

        var (code, _, error) = await RunAsync(["--urls", "http://127.0.0.1:0", .. settings, .. place]);

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

        var (code, output, error) = await RunAsync(["--DataFolder", folder.Path, "--urls", $"http://{other.LocalEndpoint}"]);

        Assert.Equal(1, code);
        Assert.Contains("--urls", error);
        Assert.DoesNotContain("   at ", output + error);
    }

    [Fact]
    public async Task A_password_is_never_said()
    {
        var (_, output, error) = await RunAsync(
            ["--ConnectionStrings:Crm", "Host=127.0.0.1;Port=1;Username=x;Password=topsecret;Database=x;Timeout=3", "--urls", "http://127.0.0.1:0"]);
        Assert.DoesNotContain("topsecret", output + error);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CrmServer).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
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
