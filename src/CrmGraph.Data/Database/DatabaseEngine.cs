using System.Collections.Concurrent;
using System.Data.Common;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Database.Bulk;
using CrmGraph.Data.Database.Migrations;
using CrmGraph.Data.Database.Moments;
using CrmGraph.Data.Database.Postgres;
using CrmGraph.Data.Database.Sqlite;
using CrmGraph.Data.Database.Triggers;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Execution.Columns;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SQLitePCL;

namespace CrmGraph.Data.Database;

/// <summary>
/// One database and everything in which SQLite and PostgreSQL differ. One instance per database and process; thread-safe.
/// </summary>
public abstract class DatabaseEngine : IAsyncDisposable
{
    private readonly Lazy<DbContextOptions<CrmDbContext>> options;
    private readonly RecordingInterceptor recording;
    private readonly StatementInterceptor statements;
    private readonly ConcurrentDictionary<Type, object> bulkTables = new();

    private protected DatabaseEngine(string connectionString, TimeProvider clock)
    {
        ConnectionString = connectionString;
        Clock = clock;
        recording = new RecordingInterceptor(clock);
        statements = new StatementInterceptor(this);
        options = new(() =>
        {
            var builder = new DbContextOptionsBuilder<CrmDbContext>();
            Configure(builder);
            return builder.Options;
        });
    }

    /// <summary><c>Data Source=FILE</c> is SQLite, <c>Host=...</c> is PostgreSQL. Throws <see cref="ArgumentException"/> for anything else.</summary>
    public static DatabaseEngine Create(string connectionString, TimeProvider? clock = null)
    {
        var keys = KeysOf(connectionString);
        clock ??= TimeProvider.System;
        try
        {
            if (keys.ContainsKey("Data Source") || keys.ContainsKey("DataSource") || keys.ContainsKey("Filename"))
                return new SqliteEngine(connectionString, clock);
            if (keys.ContainsKey("Host") || keys.ContainsKey("Server"))
                return new PostgresEngine(connectionString, clock);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException("The connection string cannot be used: " + e.Message, e);
        }

        throw new ArgumentException(
            "The connection string names no database: write 'Data Source=FILE' for SQLite or 'Host=...;Database=...;Username=...' for PostgreSQL.");
    }

    /// <summary>For people: SQLite or PostgreSQL.</summary>
    public abstract string Name { get; }
    /// <summary>As OpenTelemetry names it.</summary>
    internal string SystemName => Name.ToLowerInvariant();
    public string ConnectionString { get; }
    public TimeProvider Clock { get; }
    /// <summary>Where the database is, without any password: a file's full path, or host, port and database.</summary>
    public abstract string Location { get; }
    /// <summary>Whether there is something to connect to; false where connecting would make it.</summary>
    public virtual bool IsMade => true;
    /// <summary>The word in the names of this engine's migration files.</summary>
    internal abstract string MigrationSuffix { get; }

    /// <summary>A context of its own; the caller disposes it. Where services are at hand, the pooled factory is cheaper.</summary>
    public CrmDbContext CreateContext() => new(options.Value);

    /// <summary>A context on an open connection and its transaction, which outlive it.</summary>
    internal CrmDbContext CreateContext(DbConnection connection, DbTransaction transaction)
    {
        var context = CreateContext();
        context.Database.SetDbConnection(connection);
        context.Database.UseTransaction(transaction);
        return context;
    }

    /// <summary>Makes the options of a context use this database, with the interceptors that every writer needs.</summary>
    public void Configure(DbContextOptionsBuilder builder)
    {
        UseProvider(builder);
        builder.AddInterceptors(recording, statements);
    }

    /// <summary>Brings the tables up to this program's version and fills the calendar. Safe to call from several processes at once.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken = default)
    {
        await ResumeIndexesAsync(cancellationToken);
        await Migrator.RunAsync(this, cancellationToken);
        await ReportingCalendar.FillAsync(this, cancellationToken);
    }

    /// <summary>An open connection with this engine's settings; the caller disposes it.</summary>
    public async Task<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken = default)
    {
        var connection = CreateConnection();
        try
        {
            await OpenAsync(connection, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection for <see cref="OpenAsync"/>: the two steps of <see cref="OpenConnectionAsync"/>.</summary>
    internal abstract DbConnection CreateConnection();

    internal abstract Task OpenAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Tells of everyone's commits; the caller opens and disposes it.</summary>
    public abstract ChangeSource CreateChangeSource();

    /// <summary>
    /// The position of the state that a connection reads, and what was committed between another position and it, by whomever. In a transaction exactly
    /// what tells the two states apart; without a position nothing but the present one.
    /// </summary>
    internal abstract Task<(string Position, IReadOnlyList<CommitNotice> Notices)> ChangesSinceAsync(
        DbConnection connection,
        DbTransaction? transaction,
        string? position,
        CancellationToken cancellationToken);

    /// <summary>The position of the state that a statement reads, as SQL; null where asking for it by itself costs nothing.</summary>
    internal virtual string PositionSql => "null";

    /// <summary>Whether a state has all that was committed before an earlier one: positions as of <see cref="ChangesSinceAsync"/>.</summary>
    internal abstract bool HasSeen(string position, string earlier);

    /// <summary>
    /// Has the statements of a transaction run without helping processes, but for very long ones: starting those takes ten times as long as what a live
    /// query reads, and its server has other work for its processors.
    /// </summary>
    internal virtual Task RunAloneAsync(DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Hints to other servers on this database that something was committed. Nothing where one file serves one machine.</summary>
    public virtual Task AnnounceCommitAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>How many large batches are worth preparing or writing at once, where no customer is in two of them.</summary>
    internal virtual int WritersAtOnce => 1;

    /// <summary>Whether one transaction writes at a time, so that it pays to read and compute a large batch before its turn.</summary>
    internal virtual bool HasOneWriter => false;

    /// <summary>
    /// After so many orders the figures of customers have many former versions, whose room is to be used again (<see cref="ReuseFiguresAsync"/>): an
    /// import is over before the server comes to it by itself. 0 where there are none.
    /// </summary>
    internal virtual int OrdersPerReuse => 0;

    internal virtual Task ReuseFiguresAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A connection for the batches of one import, where one transaction writes at a time.</summary>
    internal virtual async Task<ImportConnection> BeginImportAsync(CancellationToken cancellationToken) =>
        new(await OpenConnectionAsync(cancellationToken));

    /// <summary>A connection to read what a batch of an import needs.</summary>
    internal virtual Task<DbConnection> OpenImportReadAsync(CancellationToken cancellationToken) => OpenConnectionAsync(cancellationToken);

    /// <summary>Makes the indexes again that a killed import has left out.</summary>
    internal virtual Task ResumeIndexesAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Called first in a writing transaction. Writers run beside each other; one that is <paramref name="alone"/> (merge, erase) waits for them and
    /// keeps new ones waiting until its transaction ends. Nothing where there is one writer anyway.
    /// </summary>
    internal virtual Task EnterWriteAsync(CrmDbContext context, bool alone, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// These customers. Where writers run beside each other, reading the list holds their rows until the transaction ends, always in the same order, so that
    /// writers of one customer follow each other.
    /// </summary>
    internal abstract IQueryable<Customer> LockedCustomers(CrmDbContext context, Guid[] ids);

    /// <summary>The rows of many ids.</summary>
    internal abstract IQueryable<T> RowsByIds<T>(CrmDbContext context, Guid[] ids) where T : class;

    /// <summary>Those of many outside ids that are there.</summary>
    internal abstract IQueryable<ExternalId> ExternalIdsByKeys(CrmDbContext context, ExternalEntity entity, string source, string[] keys);

    /// <summary>Keeps every other writer of these tables out until the transaction ends, plain SQL too. Nothing where there is one writer anyway.</summary>
    internal virtual Task LockTablesAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<string> tables, CancellationToken cancellationToken)
        => Task.CompletedTask;

    /// <summary>Whether the database itself knows a zone: PostgreSQL's triggers find days of plain SQL by it, and its list may be older than this machine's.</summary>
    internal virtual Task<bool> KnowsZoneAsync(DbConnection connection, DbTransaction transaction, string zone, CancellationToken cancellationToken)
        => Task.FromResult(true);

    private protected abstract void UseProvider(DbContextOptionsBuilder builder);

    /// <summary>Begins a transaction that only one process at a time can hold.</summary>
    internal abstract Task<DbTransaction> BeginExclusiveAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Opens the way by which rows of one entity go into its table.</summary>
    internal abstract Task<RowSink> OpenSinkAsync<T>(
        BulkTable<T> table, OnExisting? existing, DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) where T : class;

    internal BulkTable<T> BulkTableOf<T>() where T : class => (BulkTable<T>)bulkTables.GetOrAdd(typeof(T), _ =>
    {
        using var context = CreateContext();
        return BulkTable<T>.Of(context.Model);
    });

    /// <summary>Whether a list of values is written into the SQL as one parameter per item.</summary>
    internal abstract bool ListsByLength { get; }

    /// <summary>EF's SQL in the form in which this engine runs it again and again.</summary>
    internal virtual string KeptSql(string sql, IReadOnlyList<PreparedParameter> parameters) => sql;

    internal abstract DbCommand CreateKeptCommand(DbConnection connection, string sql);

    /// <summary>Whether several statements can be sent together: where each would be a round trip of its own.</summary>
    internal virtual bool SendsBatches => false;

    /// <summary>
    /// Makes the database plan the statements of the rest of a transaction for their values, where it would else keep a plan that was made without; null where
    /// it keeps none.
    /// </summary>
    internal virtual string? PlanByValues => null;

    /// <summary>For <see cref="SendsBatches"/>: statements whose parameters are still to be added.</summary>
    internal virtual DbBatch CreateBatch(DbConnection connection, IEnumerable<string> statements) => throw new NotSupportedException();

    /// <summary>Adds the next parameter of a prepared statement, with a value from <see cref="Stored"/>.</summary>
    internal abstract void AddKept(DbParameterCollection parameters, PreparedParameter parameter, object value);

    /// <summary>The type that EF has chosen for a parameter, as a number of the provider; 0 where it follows from the value.</summary>
    internal virtual int StoreTypeOf(DbParameter parameter) => 0;

    /// <summary>A value (or list of values) as this engine takes it as a parameter.</summary>
    internal abstract object Stored(object value);

    /// <summary>Adds the UTF-8 of a text that is not null, as it came from the database.</summary>
    internal abstract void ReadText(DbDataReader reader, int ordinal, TextColumn column);

    internal abstract Guid ReadGuid(DbDataReader reader, int ordinal);

    /// <summary>A list of texts: tags, interests.</summary>
    internal abstract List<string> ReadTexts(DbDataReader reader, int ordinal);

    /// <summary>Prepares the transaction that fills an empty database; what is given back belongs to <see cref="EndFillAsync"/>.</summary>
    internal abstract Task<IReadOnlyList<string>> BeginFillAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken);

    /// <summary>Begins that transaction, alone; <see cref="LeaveFillAsync"/> takes back, after its end, what else this set on the connection.</summary>
    internal virtual Task<DbTransaction> EnterFillAsync(DbConnection connection, CancellationToken cancellationToken)
        => BeginExclusiveAsync(connection, cancellationToken);

    internal virtual Task LeaveFillAsync(DbConnection connection) => Task.CompletedTask;

    internal abstract Task EndFillAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<string> begun, CancellationToken cancellationToken);

    /// <summary>Connections that one <see cref="DataMoment"/> may use at once.</summary>
    internal abstract int MomentConnections { get; }

    /// <summary>Moments open at once: with <see cref="MoreConnections"/> no more connections than there are, whatever others do with theirs.</summary>
    internal abstract SemaphoreSlim Moments { get; }

    /// <summary>Connections that all moments together may have beside their first.</summary>
    internal abstract SemaphoreSlim MoreConnections { get; }

    /// <summary>Moments that are over but not yet ended. Waited for before the pool is closed.</summary>
    internal MomentEndings Endings { get; } = new();

    /// <summary>Begins a transaction whose first statement takes the state that all others read. Sends nothing and waits for nothing.</summary>
    internal abstract DbTransaction BeginRead(DbConnection connection);

    /// <summary>
    /// Takes the state now: the one named by a snapshot, or, when null, the present one, whose name is given back where it is to be <paramref name="shared"/>
    /// and states have names.
    /// </summary>
    internal abstract Task<string?> TakeStateAsync(ReadTransaction reading, bool shared, string? snapshot, CancellationToken cancellationToken);

    /// <summary>Until <see cref="ResumeHistoryAsync"/> or the end of the transaction no old rows are kept: for rewriting derived columns.</summary>
    internal abstract Task PauseHistoryAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken);

    internal abstract Task ResumeHistoryAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken);

    /// <summary>Rewrites the day, and where there is one the hour, of the rows of a stretch of time with one offset from UTC; right ones are left alone.</summary>
    internal abstract string RezoneSql(string table, string moment, string day, bool hour, DateTime from, DateTime until, TimeSpan offset);

    /// <summary>How the values of a column of time are spread; null where nothing is known, or would be of no use.</summary>
    internal virtual Task<ColumnSpread?> SpreadOfAsync(string table, string column, CancellationToken cancellationToken)
        => Task.FromResult<ColumnSpread?>(null);

    /// <summary>How this database would run a statement whatever its values are, a line for each step; null when it cannot say.</summary>
    public async ValueTask<IReadOnlyList<string>?> PlanOfAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenConnectionAsync(cancellationToken);
            return await PlanOfAsync(connection, sql, cancellationToken);
        }
        catch (DbException)
        {
            return null;
        }
    }

    private protected abstract Task<IReadOnlyList<string>> PlanOfAsync(DbConnection connection, string sql, CancellationToken cancellationToken);

    /// <summary>The triggers as this program wants them, for the catalog as migrations left it.</summary>
    internal abstract ValueTask<TriggerText> TriggersAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken);

    /// <summary>What this engine derives from the migrated catalog, in the transaction of the migrations and before the triggers.</summary>
    internal virtual Task AfterMigrationsAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) => Task.CompletedTask;

    public abstract ValueTask DisposeAsync();

    /// <summary>Whether writing failed because another row has the same value in a column whose unique index is named <c>ux_TABLE_COLUMN</c>.</summary>
    internal static bool IsTaken(DbUpdateException failure, string table, string column) => failure.InnerException switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } postgres => postgres.ConstraintName == $"ux_{table}_{column}",
        SqliteException { SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_UNIQUE } sqlite => sqlite.Message.Contains(
            $"{table}.{column}", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Whether writing failed because a row with the same unique value or primary key is there already.</summary>
    internal static bool IsDuplicate(Exception failure) => (failure as DbException ?? failure.InnerException) is
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
        or SqliteException { SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY };

    /// <summary>Whether a statement failed because a sum needs more than 64 bits. PostgreSQL's sums do not fail of it: see <see cref="PostgresSums"/>.</summary>
    public static bool IsSumTooLarge(Exception failure) =>
        failure is SqliteException { SqliteErrorCode: raw.SQLITE_ERROR } sqlite && sqlite.Message.Contains("integer overflow", StringComparison.Ordinal);

    /// <summary>Whether writing failed because the money of a customer would need more than 64 bits.</summary>
    public static bool IsTotalTooLarge(Exception failure) => (failure as DbException ?? failure.InnerException as DbException) switch
    {
        PostgresException { SqlState: PostgresErrorCodes.NumericValueOutOfRange } => true,
        SqliteException { SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_TRIGGER } sqlite => sqlite.Message.Contains(
            "customer_money:", StringComparison.Ordinal),
        SqliteException sqlite => IsSumTooLarge(sqlite),
        _ => false,
    };

    /// <summary>Whether a statement failed because there is no room left where the database is.</summary>
    public static bool IsFull(Exception failure) => (failure as DbException ?? failure.InnerException as DbException) is
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } or SqliteException { SqliteErrorCode: raw.SQLITE_FULL };

    /// <summary>Whether a statement gave up because another program wrote all the time. Only SQLite has one lock for the whole file.</summary>
    public static bool IsLocked(Exception failure)
        => (failure as SqliteException ?? failure.InnerException as SqliteException) is { SqliteErrorCode: raw.SQLITE_BUSY };

    /// <summary>Whether a statement failed because the database cannot be reached, stops, starts, or has no connection left: the same may work in a moment.</summary>
    public static bool IsAway(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is DatabaseAwayException)
                return true;
            if (cause is PostgresException refused)
                return refused.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
                    or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.InvalidCatalogName
                    || refused.SqlState.StartsWith("08", StringComparison.Ordinal);
            // The driver has a statement that takes too long, a pool that is empty and a host that is gone in this form.
            if (cause is NpgsqlException { InnerException: IOException or System.Net.Sockets.SocketException or TimeoutException })
                return true;
            if (cause is SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN or raw.SQLITE_IOERR }
                or SqliteException { SqliteExtendedErrorCode: raw.SQLITE_READONLY_DBMOVED })
                return true;
        }

        return false;
    }

    private static DbConnectionStringBuilder KeysOf(string connectionString)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = connectionString };
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException("The connection string cannot be read: it must be 'Key=Value' pairs separated by semicolons.", e);
        }
    }
}
