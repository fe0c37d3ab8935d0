using CrmGraph.Data;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Access;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CrmGraph.Benchmarks.Http;

/// <summary>
/// End to end: our server and the hand-written limit (or another build of our server), each a process, on one PostgreSQL, driven in turn by wrk.
/// First both must give the same answers; then come the rounds, in which the two take turns in going first.
/// </summary>
internal static class HttpBenchmark
{
    private const int AnswersCompared = 25;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (HttpOptions.Read(arguments) is not { } options)
            return 2;
        if (!Wrk.IsInstalled())
        {
            Console.Error.WriteLine("http: wrk, the load generator, is not installed. On Debian: apt-get install wrk");
            return 2;
        }

        await using var caller = await BenchCaller.CreateAsync(options.Database, options.AsRepresentative);
        var database = new NpgsqlConnectionStringBuilder(options.Database) { MaxPoolSize = HttpOptions.PoolSize }.ConnectionString;
        await using var source = NpgsqlDataSource.Create(options.Database);
        var workloads = (await Workload.AllAsync(source, caller.Owners)).Where(
            w => options.Only.Count == 0 || options.Only.Contains(w.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        await using var ours = await MeasuredServer.OurAsync("ours", options.Server, database, caller.Authorization);
        await using var other = options.Against is { } folder
            ? await MeasuredServer.OurAsync("other", folder, database, caller.Authorization)
            : await MeasuredServer.LimitAsync(database, caller.Authorization, caller.Owners);
        using var wrk = new Wrk();
        Report.Head(options, other.Name);
        foreach (var workload in workloads)
        {
            if (!await SameAnswersAsync(workload, ours, other))
                return 1;
            await MeasureAsync(workload, ours, other, wrk, new DatabaseCpu(source), options);
        }

        return 0;
    }

    private static async Task<bool> SameAnswersAsync(Workload workload, MeasuredServer ours, MeasuredServer other)
    {
        foreach (var body in workload.Bodies().Take(AnswersCompared))
        {
            var (one, two) = (await ours.AskAsync(body), await other.AskAsync(body));
            if (one == two && !one.Contains("\"errors\":", StringComparison.Ordinal))
                continue;
            var at = one.Zip(two).TakeWhile(p => p.First == p.Second).Count();
            Console.Error.WriteLine($"{workload.Name}: the answers differ, or hold errors; nothing was measured.\n{body}\n{ours.Name}:  {Around(one, at)}\n"
                + $"{other.Name}: {Around(two, at)}");
            return false;
        }

        return true;
    }

    private static string Around(string text, int at) => text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)];

    private static async Task MeasureAsync(Workload workload, MeasuredServer ours, MeasuredServer other, Wrk wrk, DatabaseCpu database, HttpOptions options)
    {
        var bodies = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(bodies, workload.Bodies());
            foreach (var server in new[] { ours, other })
                await wrk.RunAsync(server, bodies, 0, options.Connections, options.WarmUpSeconds);
            var (our, their) = (new List<Round>(), new List<Round>());
            for (var round = 0; round < options.Rounds; round++)
            {
                // Both begin a round with the same requests, and begin elsewhere in the next.
                var from = round * 977 % workload.Variables.Count;
                if (round % 2 == 0)
                    our.Add(await RoundAsync(ours));
                their.Add(await RoundAsync(other));
                if (round % 2 == 1)
                    our.Add(await RoundAsync(ours));

                Task<Round> RoundAsync(MeasuredServer server) => Round.MeasureAsync(server, wrk, database, bodies, from, options);
            }

            Report.Rows(workload, our, their, ours.Name, other.Name);
        }
        finally
        {
            File.Delete(bodies);
        }
    }
}

/// <summary>One run of wrk against one server, with what it cost.</summary>
internal sealed record Round(WrkResult Load, double ServerCpuSeconds, double DatabaseCpuSeconds, long AllocatedBytes)
{
    public static async Task<Round> MeasureAsync(MeasuredServer server, Wrk wrk, DatabaseCpu database, string bodies, int from, HttpOptions options)
    {
        var allocated = await server.AllocatedAsync();
        var (cpu, work) = (server.CpuSeconds(), await database.SecondsAsync());
        var load = await wrk.RunAsync(server, bodies, from, options.Connections, options.Seconds);
        return new(load, server.CpuSeconds() - cpu, await database.SecondsAsync() - work, await server.AllocatedAsync() - allocated);
    }
}

/// <summary>Processor time of the database's sessions, where they run on this machine.</summary>
internal sealed class DatabaseCpu(NpgsqlDataSource source)
{
    public async Task<double> SecondsAsync()
    {
        await using var command = source.CreateCommand("select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        await using var reader = await command.ExecuteReaderAsync();
        var seconds = 0.0;
        while (await reader.ReadAsync())
            seconds += MeasuredServer.CpuSecondsOf(reader.GetInt32(0)) ?? 0;
        return seconds;
    }
}

/// <summary>An API key for the time of the measurement: an analyst's, or that of the representative with the most customers.</summary>
internal sealed class BenchCaller : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly NewApiKey _key;

    private BenchCaller(ServiceProvider services, NewApiKey key, Guid[]? owners) => (_services, _key, Owners) = (services, key, owners);

    public Guid[]? Owners { get; }
    public string Authorization => "Bearer " + _key.Secret;

    public static async Task<BenchCaller> CreateAsync(string database, bool representative)
    {
        var services = new ServiceCollection().AddCrmDatabase(database).AddCrm(new CrmLimits()).BuildServiceProvider();
        await services.GetRequiredService<DatabaseEngine>().MigrateAsync();
        Guid? owner = null;
        if (representative)
        {
            await using var source = NpgsqlDataSource.Create(database);
            await using var command = source.CreateCommand(
                "select c.owner_id from customers c join team_members m on m.id = c.owner_id and m.is_active group by 1 order by count(*) desc, 1 limit 1");
            owner = (Guid)(await command.ExecuteScalarAsync())!;
        }

        var key = await services.GetRequiredService<ApiKeys>()
            .CreateAsync("benchmark", representative ? Role.Representative : Role.Analyst, owner, null, CancellationToken.None);
        return new(services, key, owner is { } one ? [one] : null);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<ApiKeys>().RevokeAsync(_key.Key.Id.ToString(), CancellationToken.None);
        await _services.DisposeAsync();
    }
}
