using System.Data.Common;
using System.Text.Json;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Database.Bulk;
using CrmGraph.Data.Database.Moments;
using CrmGraph.Data.Database.Triggers;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Execution.Columns;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using SQLitePCL;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>The embedded database: one file, many readers beside one writer (write-ahead log).</summary>
internal sealed class SqliteEngine : DatabaseEngine
{
    // Per connection. NORMAL loses no committed data in a crash of the process, only (at worst) the last commits in a power cut, and the file
    // stays whole. 64 MB of cache and a mapped file make scans of a few hundred MB run at memory speed.
    private const string ConnectionSettings =
        "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824; PRAGMA temp_store = MEMORY; PRAGMA recursive_triggers = ON;";

    private readonly string settled;
    private readonly string present;
    private bool wasSeen;
    private readonly bool isUri;
    // As many as moments may be open at once.
    private readonly SqliteThreads threads = new(64);
    private readonly SqliteWriters writers = new();

    public SqliteEngine(string connectionString, TimeProvider clock) : base(connectionString, clock)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString);
        if (builder.DataSource is "" or ":memory:" || builder.Mode == SqliteOpenMode.Memory)
            throw new ArgumentException("SQLite needs a file here: several connections work on one database. Write 'Data Source=FILE'.");
        // The wait of a writer for another writer, in seconds.
        if (builder.DefaultTimeout < 30)
            builder.DefaultTimeout = 30;
        isUri = builder.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
        Location = Path.GetFullPath(builder.DataSource);
        settled = builder.ConnectionString;
        if (builder.Mode == SqliteOpenMode.ReadWriteCreate && !isUri)
            builder.Mode = SqliteOpenMode.ReadWrite;
        present = builder.ConnectionString;
    }

    public override string Name => "SQLite";
    public override string Location { get; }
    public override bool IsMade => isUri || File.Exists(Location);
    internal override string MigrationSuffix => "sqlite";

    internal override DbConnection CreateConnection() => new StoppableConnection(Opening(), ConnectionSettings, threads, writers);

    // A file that is gone while the server runs is away, not to be made anew and empty.
    private string Opening() => wasSeen || (wasSeen = IsMade) ? present : settled;

    internal override Task OpenAsync(DbConnection connection, CancellationToken cancellationToken) => connection.OpenAsync(cancellationToken);

    public override ChangeSource CreateChangeSource() => new SqliteChangeSource(this);

    internal override Task<(string Position, IReadOnlyList<CommitNotice> Notices)> ChangesSinceAsync(
        DbConnection connection,
        DbTransaction? transaction,
        string? position,
        CancellationToken cancellationToken) =>
        SqliteChanges.SinceAsync(connection, transaction, position, cancellationToken);

    internal override bool HasSeen(string position, string earlier) => SqliteChanges.HasSeen(position, earlier);

    private protected override void UseProvider(DbContextOptionsBuilder builder) =>
        builder.UseSqlite(settled).AddInterceptors(new OwnConnections(this)).ReplaceService<IQueryCompilationContextFactory, SqliteQueries>();

    internal override async Task<DbTransaction> BeginExclusiveAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        // The log's mode is kept in the file: it is set once here, outside of any transaction. BeginTransaction is BEGIN IMMEDIATE.
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        await command.ExecuteNonQueryAsync(cancellationToken);
        return await connection.BeginTransactionAsync(cancellationToken);
    }

    // One is prepared while another is written.
    internal override int WritersAtOnce => 2;

    internal override bool HasOneWriter => true;

    internal PausedRows PausedRows { get; set; } = new();

    internal override async Task<ImportConnection> BeginImportAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenConnectionAsync(cancellationToken);
        try
        {
            return await SqliteImport.BeginAsync((StoppableConnection)connection, PausedRows, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal override async Task<DbConnection> OpenImportReadAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        // What others commit empties the cache: it never holds more than one batch has read.
        command.CommandText = "PRAGMA cache_size = -32768; PRAGMA mmap_size = 0";
        await command.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }

    internal override async Task ResumeIndexesAsync(CancellationToken cancellationToken)
    {
        if (!IsMade)
            return;
        await using var connection = await OpenConnectionAsync(cancellationToken);
        try
        {
            await SqlitePausedIndexes.ResumeAsync((SqliteConnection)connection, cancellationToken);
        }
        catch (SqliteException e) when (IsFull(e))
        {
            // It works without them, slower. Whoever opens the database next tries again.
        }
    }

    internal override Task<RowSink> OpenSinkAsync<T>(
        BulkTable<T> table, OnExisting? existing, DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        Task.FromResult<RowSink>(SqliteSink.Open((SqliteConnection)connection, table, existing));

    internal override IQueryable<Customer> LockedCustomers(CrmDbContext context, Guid[] ids) => RowsByIds<Customer>(context, ids);

    internal override IQueryable<T> RowsByIds<T>(CrmDbContext context, Guid[] ids) => SqliteLookups.ByIds<T>(context, ids);

    internal override IQueryable<ExternalId> ExternalIdsByKeys(CrmDbContext context, ExternalEntity entity, string source, string[] keys) =>
        SqliteLookups.ExternalIds(context, entity, source, keys);

    internal override bool ListsByLength => true;

    internal override DbCommand CreateKeptCommand(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // EF's own SQL; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    internal override void AddKept(DbParameterCollection parameters, PreparedParameter parameter, object value)
        => parameters.Add(new SqliteParameter("@" + parameter.Name, value));

    internal override object Stored(object value) => StoredValues.Of(value, static id => id.ToByteArray(bigEndian: true));

    // SQLite has texts as UTF-8 and shows them where they lie.
    internal override void ReadText(DbDataReader reader, int ordinal, TextColumn column)
    {
        var bytes = raw.sqlite3_column_blob(((StoppableReader)reader).Handle, ordinal);
        bytes.CopyTo(column.Room(bytes.Length).AsSpan(column.Length));
        column.Add(bytes.Length);
    }

    internal override Guid ReadGuid(DbDataReader reader, int ordinal)
        => new(raw.sqlite3_column_blob(((StoppableReader)reader).Handle, ordinal), bigEndian: true);

    internal override List<string> ReadTexts(DbDataReader reader, int ordinal) => JsonSerializer.Deserialize<List<string>>(reader.GetString(ordinal))!;

    internal override async Task<DbTransaction> EnterFillAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        // Idle connections would keep the journal's mode from changing.
        ClearPools();
        await SqliteFill.EnterAsync((SqliteConnection)connection, cancellationToken);
        return await connection.BeginTransactionAsync(cancellationToken);
    }

    internal override async Task LeaveFillAsync(DbConnection connection)
    {
        await SqliteFill.LeaveAsync((SqliteConnection)connection);
        await ((StoppableConnection)connection).ApplySettingsAsync(CancellationToken.None);
    }

    internal override Task<IReadOnlyList<string>> BeginFillAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        SqliteFill.BeginAsync(connection, transaction, cancellationToken);

    internal override Task EndFillAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<string> begun, CancellationToken cancellationToken) =>
        SqliteFill.EndAsync(connection, transaction, begun, cancellationToken);

    internal override int MomentConnections => 1;
    internal override SemaphoreSlim Moments { get; } = new(64);
    internal override SemaphoreSlim MoreConnections { get; } = new(0);

    // A deferred transaction takes its state with the first read.
    internal override DbTransaction BeginRead(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: true);

    internal override async Task<string?> TakeStateAsync(ReadTransaction reading, bool shared, string? snapshot, CancellationToken cancellationToken)
    {
        await Rezoning.ExecuteAsync(reading.Connection, reading.Transaction, "select id from settings", cancellationToken);
        return null;
    }

    internal override Task PauseHistoryAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        SqliteHistory.DropAsync(connection, transaction, cancellationToken);

    internal override Task ResumeHistoryAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        SqliteHistory.RecreateAsync(connection, transaction, cancellationToken);

    internal override string RezoneSql(string table, string moment, string day, bool hour, DateTime from, DateTime until, TimeSpan offset)
    {
        // Without the fraction: SQLite rounds it to milliseconds, and so the last microseconds of a day into the next one.
        var local = $"substr({moment}, 1, 19), '{offset.TotalSeconds:+0;-0;+0} seconds'";
        var newHour = $"cast(strftime('%H', {local}) as integer)";
        return $"update {table} set {day} = date({local}){(hour ? $", hour = {newHour}" : "")} where {moment} >= '{Rezoning.Literal(from)}' and {moment} < "
            + $"'{Rezoning.Literal(until)}'"
            + $" and ({day} is not date({local}){(hour ? $" or hour <> {newHour}" : "")})";
    }

    internal override async Task AfterMigrationsAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await SqliteHistory.DropAsync(connection, transaction, cancellationToken);
        await SqliteFolding.RunAsync((SqliteConnection)connection, transaction, cancellationToken);
        await Rezoning.FillAsync(this, connection, transaction, cancellationToken);
    }

    private protected override Task<IReadOnlyList<string>> PlanOfAsync(DbConnection connection, string sql, CancellationToken cancellationToken) =>
        StatementPlan.OfSqliteAsync(connection, sql, cancellationToken);

    internal override async ValueTask<TriggerText> TriggersAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        await SqliteTriggers.TextAsync(connection, transaction, cancellationToken);

    public override ValueTask DisposeAsync()
    {
        ClearPools();
        return ValueTask.CompletedTask;
    }

    private void ClearPools()
    {
        foreach (var text in new[] { settled, present })
        {
            using var connection = new SqliteConnection(text);
            SqliteConnection.ClearPool(connection);
        }
    }

    /// <summary>Contexts have connections like everybody else's.</summary>
    private sealed class OwnConnections(SqliteEngine engine) : DbConnectionInterceptor
    {
        public override InterceptionResult<DbConnection> ConnectionCreating(ConnectionCreatingEventData eventData, InterceptionResult<DbConnection> result) =>
            InterceptionResult<DbConnection>.SuppressWithResult(engine.CreateConnection());
    }
}
