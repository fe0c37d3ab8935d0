using System.Data.Common;
using System.Globalization;
using CrmGraph.Data;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CrmGraph.TestKit;

public enum DatabaseKind { Sqlite, Postgres }

/// <summary>For theories: <c>[MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]</c>.</summary>
public static class Databases
{
    public static IEnumerable<object[]> Both => [[DatabaseKind.Sqlite], [DatabaseKind.Postgres]];
}

/// <summary>A fresh migrated database of its own for one test; it is gone when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly Func<ValueTask> drop;

    private TestDatabase(DatabaseKind kind, DatabaseEngine engine, ManualTimeProvider clock, Func<ValueTask> drop)
    {
        Kind = kind;
        Engine = engine;
        Clock = clock;
        this.drop = drop;
    }

    public DatabaseKind Kind { get; }
    public DatabaseEngine Engine { get; }
    /// <summary>The clock by which the database layer stamps rows.</summary>
    public ManualTimeProvider Clock { get; }
    public string ConnectionString => Engine.ConnectionString;

    public static TestDatabase Create(DatabaseKind kind, ManualTimeProvider? clock = null) => CreateAsync(kind, clock).GetAwaiter().GetResult();

    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind, ManualTimeProvider? clock = null)
    {
        clock ??= new ManualTimeProvider();
        var (connectionString, drop) = kind == DatabaseKind.Sqlite
            ? await SqliteTemplate.CloneAsync()
            : await PostgresCluster.CloneAsync();
        return new TestDatabase(kind, DatabaseEngine.Create(connectionString, clock), clock, drop);
    }

    /// <summary>An empty database without any table, for tests of the migrations themselves.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync(DatabaseKind kind)
    {
        var clock = new ManualTimeProvider();
        var (connectionString, drop) = kind == DatabaseKind.Sqlite
            ? SqliteTemplate.Empty()
            : await PostgresCluster.EmptyAsync();
        return new TestDatabase(kind, DatabaseEngine.Create(connectionString, clock), clock, drop);
    }

    public CrmDbContext CreateContext() => Engine.CreateContext();

    /// <summary>A provider with everything that <c>AddCrmDatabase</c> gives, on this database and its clock.</summary>
    public ServiceProvider CreateServices(Action<IServiceCollection>? add = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddCrmDatabase(Engine);
        add?.Invoke(services);
        return services.BuildServiceProvider();
    }

    /// <summary>Saves rows through EF, as a program would.</summary>
    public async Task SaveAsync(params IEnumerable<object> rows)
    {
        await using var context = CreateContext();
        context.AddRange(rows);
        await context.SaveChangesAsync();
    }

    /// <summary>Runs plain SQL, as another program would.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsAnotherProgramAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests write the text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>SQLite: lets the file grow by so many pages only, as a full disk would. The limit belongs to a connection, which the next user takes from the pool.</summary>
    public async Task ForbidToGrowAsync(int pages)
    {
        await using var connection = await Engine.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "pragma page_count";
        var count = Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
#pragma warning disable CA2100 // A number.
        command.CommandText = $"pragma max_page_count = {count + pages}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The rows of plain SQL, values as the driver gives them, null for NULL.</summary>
    public async Task<IReadOnlyList<object?[]>> QueryAsync(string sql)
    {
        await using var connection = await OpenAsAnotherProgramAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests write the text.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
                row[i] = await reader.IsDBNullAsync(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }
        return rows;
    }

    private async Task<DbConnection> OpenAsAnotherProgramAsync()
    {
        DbConnection connection = Kind == DatabaseKind.Sqlite ? new SqliteConnection(ConnectionString) : new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        if (Kind == DatabaseKind.Sqlite)
            SqliteConnection.ClearPool(new SqliteConnection(ConnectionString));
        else
            NpgsqlConnection.ClearPool(new NpgsqlConnection(ConnectionString));
        await drop();
    }
}
