using System.Data.Common;
using CrmGraph.Reporting.Database;

namespace CrmGraph.Reporting.Statements;

/// <summary>
/// Where the kept statements of a scope run: on a connection of the pool for each statement, or, where a scope reads one moment of the data, on the
/// connection of that moment.
/// </summary>
internal sealed class StatementConnection(DatabaseEngine engine, DbConnection? connection = null, DbTransaction? transaction = null)
{
    /// <summary>Runs a statement and reads its result while the connection is held.</summary>
    public async ValueTask<TResult> RunAsync<TResult>(
        KeptStatement statement, IReadOnlyList<ShapeValue> values, Func<DbDataReader, CancellationToken, ValueTask<TResult>> read, CancellationToken cancellationToken)
    {
        var own = connection ?? await engine.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await using var command = statement.Bind(own, transaction, values);
            StatementCache.Announce(command);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            return await read(reader, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (connection is null)
                await own.DisposeAsync().ConfigureAwait(false);
        }
    }
}
