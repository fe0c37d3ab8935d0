using CrmGraph.Data.Database;
using CrmGraph.Reporting.Demo;
using Npgsql;

namespace CrmGraph.Benchmarks;

/// <summary>A database of its own with the demo company, gone at the end. PostgreSQL on the server of CRMGRAPH_TEST_POSTGRES.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private readonly Func<Task> _drop;

    private BenchDatabase(DatabaseEngine engine, Func<Task> drop) => (Engine, _drop) = (engine, drop);

    public DatabaseEngine Engine { get; }

    public static async Task<BenchDatabase> SqliteAsync(int customers = DemoCompany.DefaultCustomers)
    {
        var folder = Directory.CreateTempSubdirectory("crmgraph-bench-");
        return await FillAsync(new(DatabaseEngine.Create($"Data Source={Path.Combine(folder.FullName, "crm.db")}"), () =>
        {
            folder.Delete(true);
            return Task.CompletedTask;
        }), customers);
    }

    /// <summary>Null without a server.</summary>
    public static async Task<BenchDatabase?> PostgresAsync(int customers = DemoCompany.DefaultCustomers)
    {
        if (Environment.GetEnvironmentVariable("CRMGRAPH_TEST_POSTGRES") is not { Length: > 0 } server)
            return null;
        var name = $"crmgraph_bench_{Guid.NewGuid():N}";
        await ExecuteAsync(server, $"create database {name}");
        var connection = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        return await FillAsync(new(DatabaseEngine.Create(connection), () => ExecuteAsync(server, $"drop database {name} with (force)")), customers);
    }

    private static async Task<BenchDatabase> FillAsync(BenchDatabase database, int customers)
    {
        await database.Engine.MigrateAsync();
        await DemoCompany.SeedAsync(database.Engine, customers, null, null, CancellationToken.None);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _drop();
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server);
#pragma warning disable CA2100 // Names are made here.
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
