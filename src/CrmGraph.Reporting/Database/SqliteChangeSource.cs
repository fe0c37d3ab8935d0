using System.Data.Common;
using System.Globalization;
using CrmGraph.Reporting.Live;

namespace CrmGraph.Reporting.Database;

/// <summary>
/// SQLite counts the commits of other connections in <c>data_version</c>, whichever process made them; reading it costs no disk access.
/// It does not say what changed, so the notice names no table and every live query looks again.
/// </summary>
internal sealed class SqliteChangeSource(SqliteEngine engine) : ChangeSource
{
    private static readonly CommitNotice Anything = new([], null, null);
    private DbConnection? connection;
    private long version;

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        connection = await engine.OpenConnectionAsync(cancellationToken);
        version = await ReadAsync(connection, cancellationToken);
    }

    public override async Task<IReadOnlyList<CommitNotice>> PollAsync(CancellationToken cancellationToken)
    {
        var now = await ReadAsync(connection!, cancellationToken);
        if (now == version)
            return [];
        version = now;
        return [Anything];
    }

    private static async Task<long> ReadAsync(DbConnection connection, CancellationToken cancellationToken)
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
