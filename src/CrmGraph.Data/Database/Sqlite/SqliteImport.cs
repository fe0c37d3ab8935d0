using System.Data.Common;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>
/// Writes the batches of one import. Rows of many customers lie on pages of their own: a batch changes many, and a large import into small tables goes
/// without the indexes that are written to all over (<see cref="SqlitePausedIndexes"/>).
/// </summary>
internal sealed class SqliteImport(StoppableConnection connection, SqlitePausedIndexes indexes) : ImportConnection(connection)
{
    // A transaction writes each page that it changed once, as long as all of them have room here. Pages of a mapped file count as the process's memory,
    // and what is written is not read through the map. Batches change many of the same pages: the log goes into the file after several of them.
    private const string Settings = "PRAGMA cache_size = -131072; PRAGMA mmap_size = 0; PRAGMA wal_autocheckpoint = 50000";
    private const string UsualSettings = "PRAGMA wal_autocheckpoint = 1000; PRAGMA threads = 0";

    private readonly StoppableConnection connection = connection;

    public static async Task<SqliteImport> BeginAsync(StoppableConnection connection, PausedRows pausedRows, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, Settings, cancellationToken);
        return new(connection, await SqlitePausedIndexes.BeginAsync(connection, pausedRows, cancellationToken));
    }

    public override async Task BeginBatchAsync(CancellationToken cancellationToken)
    {
        if (await indexes.PauseAsync(cancellationToken))
            await ExecuteAsync(connection, UsualSettings + "; " + Settings, cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await SqlitePausedIndexes.ResumeAsync(connection, CancellationToken.None);
            // The log grew with the transactions; what others still read stays.
            await ExecuteAsync(connection, "PRAGMA wal_checkpoint(TRUNCATE)", CancellationToken.None);
        }
        catch (DbException)
        {
            // The file is away, full, or others have it: what was written stays, and whoever opens the database next makes the indexes.
        }

        // The other settings are made whenever somebody takes a connection.
        await ExecuteAsync(connection, UsualSettings, CancellationToken.None);
        await base.DisposeAsync();
    }

    private static async Task ExecuteAsync(StoppableConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text above.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
