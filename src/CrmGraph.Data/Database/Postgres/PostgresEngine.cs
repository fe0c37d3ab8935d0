using System.Data;
using System.Data.Common;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Database.Bulk;
using CrmGraph.Data.Database.Moments;
using CrmGraph.Data.Database.Triggers;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Execution.Columns;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Npgsql;
using NpgsqlTypes;

namespace CrmGraph.Data.Database.Postgres;

/// <summary>PostgreSQL 15 and later: for production.</summary>
internal sealed class PostgresEngine : DatabaseEngine
{
    // "crmgraph" as a number: the advisory lock under which migrations run.
    private const long MigrationLock = 0x63726D6772617068;
    // The next number: held shared by writers, alone by merge and erase.
    private const long WriteLock = MigrationLock + 1;

    private readonly NpgsqlDataSource source;

    public PostgresEngine(string connectionString, TimeProvider clock) : base(connectionString, clock)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        var settings = builder.ConnectionStringBuilder;
        settings.Timezone ??= "UTC";
        settings.ApplicationName ??= "crmgraph";
        // Compiling a plan takes longer than the reporting queries it would speed up. The triggers know by the second that this program writes.
        // Sums of a few hundred thousand rows by a few thousand keys stay in memory (half a year of 540,000 lines: 360 ms against 565).
        settings.Options = $"-c work_mem=32MB {settings.Options} -c jit=off -c crmgraph.writer=program".TrimStart();
        // The same few statements run all day: planned once per connection. "Max Auto Prepare=0" switches it off behind a pooler.
        if (!settings.ShouldSerialize("Max Auto Prepare"))
            settings.MaxAutoPrepare = 100;
        settings.Enlist = false;
        // Results of some hundred KB come in fewer steps: a page of 1,000 rows for 6 % less processor time.
        if (!settings.ShouldSerialize("Read Buffer Size"))
            settings.ReadBufferSize = 32 * 1024;
        // Nothing here leaves settings behind on a connection (transactions take theirs with them), so there is nothing to take back before each use.
        if (!settings.ShouldSerialize("No Reset On Close"))
            settings.NoResetOnClose = true;
        Location = $"{settings.Host}:{settings.Port}/{settings.Database}";
        // A quarter of the pool for further connections of moments, the rest but one for their first; whoever uses that one holds nothing while he waits.
        MoreConnections = new(settings.MaxPoolSize / 4);
        Moments = new(Math.Max(1, settings.MaxPoolSize - settings.MaxPoolSize / 4 - 1));
        source = builder.Build();
    }

    public override string Name => "PostgreSQL";
    public override string Location { get; }
    internal override string MigrationSuffix => "postgres";

    private protected override Task<IReadOnlyList<string>> PlanOfAsync(DbConnection connection, string sql, CancellationToken cancellationToken) =>
        StatementPlan.OfPostgresAsync(connection, sql, cancellationToken);

    internal override ValueTask<TriggerText> TriggersAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        new(PostgresTriggers.Text);

    internal override DbConnection CreateConnection() => source.CreateConnection();

    internal override Task OpenAsync(DbConnection connection, CancellationToken cancellationToken) => connection.OpenAsync(cancellationToken);

    public override ChangeSource CreateChangeSource() => new PostgresChangeSource(this);

    internal override Task<(string Position, IReadOnlyList<CommitNotice> Notices)> ChangesSinceAsync(
        DbConnection connection,
        DbTransaction? transaction,
        string? position,
        CancellationToken cancellationToken) =>
        PostgresChanges.SinceAsync((NpgsqlConnection)connection, transaction, position, cancellationToken);

    internal override string PositionSql => "pg_current_snapshot()::text";

    internal override bool HasSeen(string position, string earlier) => PostgresChanges.HasSeen(position, earlier);

    internal override async Task RunAloneAsync(DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        // In the planner's units, of which a second has some hundred thousand; the default is 1,000.
        command.CommandText = "set local parallel_setup_cost = 200000";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override async Task AnnounceCommitAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"notify {PostgresChangeSource.Channel}", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Measured on two cores: a third writer waits for the processor (17, 20 and 26 s for 200,000 orders with two, three and one).
    internal override int WritersAtOnce => 2;

    // A million orders of 100,000 customers left 120 MB of indexes of figures where 16 would do.
    internal override int OrdersPerReuse => 100_000;

    internal override async Task ReuseFiguresAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        // Whoever does not own the tables is warned, and nothing happens.
        await using var command = new NpgsqlCommand("vacuum (index_cleanup on, truncate off) customer_figures, customer_money", connection);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    internal override Task EnterWriteAsync(CrmDbContext context, bool alone, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlRawAsync(
            alone ? "select pg_advisory_xact_lock({0})" : "select pg_advisory_xact_lock_shared({0})", [WriteLock], cancellationToken);

    internal override IQueryable<Customer> LockedCustomers(CrmDbContext context, Guid[] ids) => PostgresLookups.Lock(context, ids);

    internal override IQueryable<T> RowsByIds<T>(CrmDbContext context, Guid[] ids) => PostgresLookups.ByIds<T>(context, ids);

    internal override IQueryable<ExternalId> ExternalIdsByKeys(CrmDbContext context, ExternalEntity entity, string source, string[] keys) =>
        PostgresLookups.ExternalIds(context, entity, source, keys);

    // The weakest lock that excludes inserts and updates; readers go on.
    internal override async Task LockTablesAsync(
        DbConnection connection,
        DbTransaction transaction,
        IReadOnlyList<string> tables,
        CancellationToken cancellationToken) =>
        await Rezoning.ExecuteAsync(connection, transaction, $"lock table {string.Join(", ", tables)} in share row exclusive mode", cancellationToken);

    internal override async Task<bool> KnowsZoneAsync(DbConnection connection, DbTransaction transaction, string zone, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "select exists (select from pg_timezone_names where name = @zone)";
        command.Parameters.Add(new NpgsqlParameter("zone", zone));
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    internal override async Task<ColumnSpread?> SpreadOfAsync(string table, string column, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            select c.reltuples::float8, (select array_agg(distinct extract(epoch from b)::float8) from unnest(s.histogram_bounds::text::timestamptz[]) b)
            from pg_class c join pg_stats s on s.schemaname = c.relnamespace::regnamespace::text and s.tablename = c.relname
            where c.oid = to_regclass($1) and s.attname = $2 and c.reltuples > 0 and array_length(s.histogram_bounds::text::timestamptz[], 1) > 1
            """);
        command.Parameters.Add(new() { Value = table });
        command.Parameters.Add(new() { Value = column });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && reader.GetFieldValue<double[]>(1) is { Length: > 1 } bounds
            ? new(reader.GetDouble(0), bounds)
            : null;
    }

    private protected override void UseProvider(DbContextOptionsBuilder builder) =>
        PostgresSums.Use(builder.UseNpgsql(source).ReplaceService<IQueryCompilationContextFactory, PostgresQueries>());

    internal override async Task<DbTransaction> BeginExclusiveAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"select pg_advisory_xact_lock({MigrationLock})";
        // Another server may be filling the database.
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
        return transaction;
    }

    internal override async Task<RowSink> OpenSinkAsync<T>(
        BulkTable<T> table, OnExisting? existing, DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        await PostgresSink.OpenAsync((NpgsqlConnection)connection, table, existing, cancellationToken);

    internal override Task<IReadOnlyList<string>> BeginFillAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        PostgresFill.BeginAsync(connection, transaction, cancellationToken);

    internal override Task EndFillAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<string> begun, CancellationToken cancellationToken) =>
        PostgresFill.EndAsync(connection, transaction, begun, cancellationToken);

    internal override bool ListsByLength => false;

    /// <summary>Parameters by place: those with names make the driver read the text anew each time.</summary>
    internal override string KeptSql(string sql, IReadOnlyList<PreparedParameter> parameters) => PositionalSql.Of(sql, parameters);

    internal override DbCommand CreateKeptCommand(DbConnection connection, string sql) => new NpgsqlCommand(sql, (NpgsqlConnection)connection);

    internal override bool SendsBatches => true;

    // Of a range without values 1 of 200 rows is expected: a year of a million order lines was joined one by one (4.1 s for 1.5).
    internal override string PlanByValues => "SET LOCAL plan_cache_mode = force_custom_plan";

    internal override DbBatch CreateBatch(DbConnection connection, IEnumerable<string> statements)
    {
        var batch = new NpgsqlBatch((NpgsqlConnection)connection);
        foreach (var sql in statements)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        return batch;
    }

    internal override void AddKept(DbParameterCollection parameters, PreparedParameter parameter, object value) =>
        parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = (NpgsqlDbType)parameter.StoreType });

    internal override int StoreTypeOf(DbParameter parameter) => (int)((NpgsqlParameter)parameter).NpgsqlDbType;

    internal override object Stored(object value) => StoredValues.Of(value, null);

    // On the wire a text is its UTF-8. Most are short: asking for the length first would be a second call for each.
    internal override void ReadText(DbDataReader reader, int ordinal, TextColumn column)
    {
        const int Short = 64;
        var length = (int)reader.GetBytes(ordinal, 0, column.Room(Short), column.Length, Short);
        if (length == Short && (int)reader.GetBytes(ordinal, 0, null, 0, 0) is var all and > Short)
            length += (int)reader.GetBytes(ordinal, length, column.Room(all), column.Length + length, all - length);
        column.Add(length);
    }

    internal override Guid ReadGuid(DbDataReader reader, int ordinal) => reader.GetGuid(ordinal);

    internal override List<string> ReadTexts(DbDataReader reader, int ordinal) => reader.GetFieldValue<List<string>>(ordinal);

    // Fields of one operation beside each other; more would let one operation take the pool from the others.
    internal override int MomentConnections => 4;
    internal override SemaphoreSlim Moments { get; }
    internal override SemaphoreSlim MoreConnections { get; }

    // Npgsql keeps the BEGIN back for the first statement, which takes the snapshot.
    internal override DbTransaction BeginRead(DbConnection connection) => ((NpgsqlConnection)connection).BeginTransaction(IsolationLevel.RepeatableRead);

    internal override async Task<string?> TakeStateAsync(ReadTransaction reading, bool shared, string? snapshot, CancellationToken cancellationToken)
    {
        var transaction = reading.Transaction;
        if (!shared)
            return null;
        await using var command = reading.Connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The name is the server's own.
        command.CommandText = snapshot is null ? "select pg_export_snapshot()" : $"set transaction snapshot '{snapshot}'";
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? snapshot;
    }

    internal override async Task PauseHistoryAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        await Rezoning.ExecuteAsync(connection, transaction, "set local crmgraph.history = 'off'", cancellationToken);

    internal override async Task ResumeHistoryAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        await Rezoning.ExecuteAsync(connection, transaction, "set local crmgraph.history = 'on'", cancellationToken);

    internal override string RezoneSql(string table, string moment, string day, bool hour, DateTime from, DateTime until, TimeSpan offset)
    {
        var local = $"({moment} at time zone 'UTC' + interval '{offset.TotalSeconds:0} seconds')";
        var newHour = $"extract(hour from {local})::integer";
        return $"update {table} set {day} = {local}::date{(hour ? $", hour = {newHour}" : "")} where {moment} >= '{Rezoning.Literal(from)}Z' and {moment} < "
            + $"'{Rezoning.Literal(until)}Z'"
            + $" and ({day} is distinct from {local}::date{(hour ? $" or hour <> {newHour}" : "")})";
    }

    public override async ValueTask DisposeAsync()
    {
        await Endings.SettledAsync();
        await source.DisposeAsync();
    }
}
