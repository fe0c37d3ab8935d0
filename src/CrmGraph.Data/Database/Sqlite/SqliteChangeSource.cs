using System.Data.Common;
using System.Globalization;
using CrmGraph.Data.Changes;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>
/// SQLite counts the commits of other connections in <c>data_version</c>, whichever process made them; reading it costs no disk access. What they changed is
/// then read from the table <c>changes</c>.
/// </summary>
internal sealed class SqliteChangeSource(SqliteEngine engine) : ChangeSource
{
    private DbConnection? connection;
    private long version;
    private string? position;

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        connection = await engine.OpenConnectionAsync(cancellationToken);
        version = await VersionAsync(connection, cancellationToken);
        (position, _) = await engine.ChangesSinceAsync(connection, null, null, cancellationToken);
    }

    public override async Task<IReadOnlyList<CommitNotice>> PollAsync(CancellationToken cancellationToken)
    {
        var now = await VersionAsync(connection!, cancellationToken);
        if (now == version)
            return [];
        version = now;
        (position, var notices) = await engine.ChangesSinceAsync(connection!, null, position, cancellationToken);
        return notices;
    }

    private static async Task<long> VersionAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    public override async ValueTask DisposeAsync()
    {
        if (connection is not null)
            await connection.DisposeAsync();
    }
}
