using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Migrations;
using Npgsql;

namespace CrmGraph.TestKit;

/// <summary>
/// PostgreSQL for tests: the server of CRMGRAPH_TEST_POSTGRES (a connection string of a user who may create databases), else a private cluster
/// of the installed binaries, started once per process in a temporary folder and stopped when the process ends. Without either, tests fail.
/// </summary>
internal static class PostgresCluster
{
    public const string Variable = "CRMGRAPH_TEST_POSTGRES";

    private static readonly Lazy<Task<string>> Server = new(StartAsync);
    private static readonly Lazy<Task<string>> Template = new(MigrateTemplateAsync);

    public static async Task<(string ConnectionString, Func<ValueTask> Drop)> CloneAsync() => await CreateAsync(await Template.Value);

    public static async Task<(string ConnectionString, Func<ValueTask> Drop)> EmptyAsync() => await CreateAsync("template0");

    private static async Task<(string ConnectionString, Func<ValueTask> Drop)> CreateAsync(string template)
    {
        var server = await Server.Value;
        var name = $"crmgraph_test_{Guid.NewGuid():N}";
        await ExecuteAsync(server, $"create database {name} template {template} strategy file_copy");
        // Few connections per database: many tests share a server that allows a hundred.
        var connection = new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20, ConnectionIdleLifetime = 10 };
        return (connection.ConnectionString, async () => await ExecuteAsync(server, $"drop database if exists {name} with (force)"));
    }

    /// <summary>One template per set of migrations, kept on the server for the next run; made under a lock, since several test processes may want it.</summary>
    private static async Task<string> MigrateTemplateAsync()
    {
        var server = await Server.Value;
        // The number grows when the code that fills tables after the migrations (the calendar) fills them differently.
        var name = $"crmgraph_template_{MigrationsHash()}_1";
        await using var source = NpgsqlDataSource.Create(server);
        await using var connection = await source.OpenConnectionAsync();
        await ScalarAsync(connection, "select pg_advisory_lock(72183)");
        if (await ScalarAsync(connection, $"select 1 from pg_database where datname = '{name}' and datistemplate") is null)
        {
            await ScalarAsync(connection, $"drop database if exists {name} with (force)");
            await ScalarAsync(connection, $"create database {name} template template0");
            await using (var engine = DatabaseEngine.Create(new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false }.ConnectionString))
                await engine.MigrateAsync();
            // Marked as a template only when it is whole: a killed run leaves none behind.
            await ScalarAsync(connection, $"alter database {name} with is_template true");
        }
        await ScalarAsync(connection, "select pg_advisory_unlock(72183)");
        return name;
    }

    private static string MigrationsHash()
    {
        var assembly = typeof(Migrator).Assembly;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".postgres.sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            hash.AppendData(Encoding.UTF8.GetBytes(reader.ReadToEnd()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return given;
        var binaries = FindBinaries();
        var folder = Directory.CreateTempSubdirectory("crmgraph-postgres-").FullName;
        if (IsRoot)
            await RunAsync("chown", ["postgres", folder], asPostgres: false);
        var data = Path.Combine(folder, "data");
        var port = FreePort();
        await RunAsync(Path.Combine(binaries, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]);
        await RunAsync(Path.Combine(binaries, "pg_ctl"),
            ["-D", data, "-w", "-t", "60", "-l", Path.Combine(
                folder,
                "log"), "-o", $"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c "
                    + "max_connections=300 -c wal_level=logical", "start"]);
        StopWhenThisProcessIsKilled(Path.Combine(binaries, "pg_ctl"), folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            RunAsync(Path.Combine(binaries, "pg_ctl"), ["-D", data, "-m", "immediate", "stop"]).GetAwaiter().GetResult();
            Directory.Delete(folder, recursive: true);
        };
        return $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres";
    }

    /// <summary>A shell in a session of its own waits for this process, which may be killed without a chance to stop the cluster itself.</summary>
    private static void StopWhenThisProcessIsKilled(string stop, string folder)
    {
        var script = $"while kill -0 {Environment.ProcessId} 2> /dev/null; do sleep 1; done; [ -d '{folder}' ] || exit 0; "
            + $"{(IsRoot ? "runuser -u postgres -- " : "")}'{stop}' -D '{folder}/data' -m immediate stop; rm -rf '{folder}'";
        // Without this process's output, which a caller may read to its end.
        using var watcher = Process.Start(
            new ProcessStartInfo("setsid", ["sh", "-c", $"exec < /dev/null > /dev/null 2>&1; {script}"]) { WorkingDirectory = "/" });
    }

    private static bool IsRoot => OperatingSystem.IsLinux() && Environment.UserName == "root";

    private static string FindBinaries()
    {
        var candidates = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var v) ? v : 0)
                .Select(d => Path.Combine(d, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return candidates.Concat(path).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
            ?? throw new InvalidOperationException(
                $"PostgreSQL is needed for this test and was not found. Install it (Debian: apt-get install postgresql), or set {Variable} to the connection string of a server on which databases may be created, such as 'Host=127.0.0.1;Username=postgres;Database=postgres'.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>PostgreSQL refuses to run as root: then everything runs as the user postgres.</summary>
    private static async Task RunAsync(string program, string[] arguments, bool asPostgres = true)
    {
        string[] line = asPostgres && IsRoot ? ["runuser", "-u", "postgres", "--", program, .. arguments] : [program, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var said = new StringBuilder();
        process.ErrorDataReceived += (_, e) => said.AppendLine(e.Data);
        process.OutputDataReceived += (_, e) => said.AppendLine(e.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        // The server inherits the pipes and keeps them open: wait for the program itself, not for the end of its output.
        while (!process.HasExited)
            await Task.Delay(10);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', line)} ended with {process.ExitCode}: {said}");
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Pooling = false });
        await using var connection = await source.OpenConnectionAsync();
        await ScalarAsync(connection, sql);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names are made here.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }
}
