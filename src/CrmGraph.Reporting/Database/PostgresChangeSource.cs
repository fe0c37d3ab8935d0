using CrmGraph.Reporting.Live;
using Npgsql;

namespace CrmGraph.Reporting.Database;

/// <summary>
/// Reads the table <c>changes</c>, which triggers fill for every writer. What is new is what the snapshot of the last look did not see:
/// sequence numbers would not do, since a transaction that began earlier may commit later.
/// </summary>
internal sealed class PostgresChangeSource(NpgsqlDataSource source) : ChangeSource
{
    public const string Channel = "crmgraph_commits";

    private const string New = """
        select n.snapshot::text, c."table", min(c.from_day), max(c.to_day)
        from (select pg_current_snapshot() as snapshot) n
        left join changes c
          on c."transaction" >= pg_snapshot_xmin($1::pg_snapshot)::text::bigint
         and not pg_visible_in_snapshot(c."transaction"::text::xid8, $1::pg_snapshot)
        group by 1, 2
        """;

    // A part at a time, so that one look is never kept waiting for long; rows that another server is pruning are left to it.
    private const string Prune = """
        delete from changes where sequence in (
            select sequence from changes where changed_at < now() - interval '1 hour' order by changed_at limit 20000 for update skip locked)
        """;

    private NpgsqlConnection? connection;
    private NpgsqlCommand? poll;
    private NpgsqlParameter<string>? last;

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        connection = await source.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
            await listen.ExecuteNonQueryAsync(cancellationToken);
        await using var snapshot = new NpgsqlCommand("select pg_current_snapshot()::text", connection);
        last = new NpgsqlParameter<string> { TypedValue = (string)(await snapshot.ExecuteScalarAsync(cancellationToken))! };
        poll = new NpgsqlCommand(New, connection) { Parameters = { last } };
        await poll.PrepareAsync(cancellationToken);
    }

    public override async Task<IReadOnlyList<CommitNotice>> PollAsync(CancellationToken cancellationToken)
    {
        List<CommitNotice>? notices = null;
        var snapshot = last!.TypedValue!;
        await using var reader = await poll!.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            snapshot = reader.GetString(0);
            if (await reader.IsDBNullAsync(1, cancellationToken))
                continue;
            notices ??= [];
            notices.Add(new CommitNotice([reader.GetString(1)], Day(reader, 2), Day(reader, 3)));
        }

        last.TypedValue = snapshot;
        return notices ?? (IReadOnlyList<CommitNotice>)[];
    }

    /// <summary>A notification of another server ends the wait early.</summary>
    public override async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken) =>
        await connection!.WaitAsync(atMost, cancellationToken);

    public override async Task PruneAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Prune, connection);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InsufficientPrivilege)
        {
            // A replica, or a user who may only read: whoever watches the primary prunes.
        }
    }

    private static DateOnly? Day(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateOnly>(column);

    public override async ValueTask DisposeAsync()
    {
        if (poll is not null)
            await poll.DisposeAsync();
        if (connection is null)
            return;
        await StopListeningAsync(connection);
        await connection.DisposeAsync();
    }

    // The connection goes back to the pool as it is.
    private static async Task StopListeningAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand("unlisten *", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // A connection that is lost or was broken off listens no more, and the pool drops it.
        }
    }
}
