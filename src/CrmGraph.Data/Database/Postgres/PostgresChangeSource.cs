using CrmGraph.Data.Changes;
using Npgsql;

namespace CrmGraph.Data.Database.Postgres;

/// <summary>
/// Reads the table <c>changes</c> every now and then, and is woken by the notifications of other servers.
/// </summary>
internal sealed class PostgresChangeSource(PostgresEngine engine) : ChangeSource
{
    public const string Channel = "crmgraph_commits";

    // A part at a time, so that one look is never kept waiting for long; rows that another server is pruning are left to it.
    private const string Prune = """
        delete from changes where sequence in (
            select sequence from changes where changed_at < now() - interval '1 hour' order by changed_at limit 20000 for update skip locked)
        """;

    private NpgsqlConnection? connection;
    private string? position;

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        connection = (NpgsqlConnection)await engine.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
            await listen.ExecuteNonQueryAsync(cancellationToken);
        (position, _) = await engine.ChangesSinceAsync(connection, null, null, cancellationToken);
    }

    public override async Task<IReadOnlyList<CommitNotice>> PollAsync(CancellationToken cancellationToken)
    {
        (position, var notices) = await engine.ChangesSinceAsync(connection!, null, position, cancellationToken);
        return notices;
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

    public override async ValueTask DisposeAsync()
    {
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
