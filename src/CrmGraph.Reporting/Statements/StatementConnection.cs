using System.Data.Common;
using System.Diagnostics;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Database;

namespace CrmGraph.Reporting.Statements;

/// <summary>
/// Where the kept statements of a scope run: on a connection of the pool for each statement, or, where a scope reads one moment of the data, on the
/// connection of that moment.
/// </summary>
internal sealed class StatementConnection(DatabaseEngine engine, DbConnection? connection = null, DbTransaction? transaction = null)
{
    /// <summary>Where a field reads: with the other fields of its operation, or alone.</summary>
    public static StatementConnection Of(ResolverContext context, StatementCache statements) => context.Reading is MomentScope moment ? moment.Statements : statements.Alone;

    /// <summary>Runs a statement and reads its result while the connection is held.</summary>
    public async ValueTask<TResult> RunAsync<TResult>(
        KeptStatement statement, IReadOnlyList<ShapeValue> values, Func<DbDataReader, CancellationToken, ValueTask<TResult>> read, CancellationToken cancellationToken)
    {
        var own = connection ?? await engine.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await using var command = statement.Bind(own, transaction, values);
            StatementCache.Announce(command);
            // EF tells of its statements by itself.
            var watch = new StatementWatch(engine, command);
            DbDataReader reader;
            try
            {
                reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                watch.Ended(null);
            }
            catch (Exception e)
            {
                watch.Ended(e);
                throw;
            }

            await using (reader)
                return await read(reader, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (connection is null)
                await own.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Times a statement, when somebody wants to know.</summary>
    private readonly struct StatementWatch(DatabaseEngine engine, DbCommand command)
    {
        private readonly long _began = StatementTelemetry.IsWanted ? Stopwatch.GetTimestamp() : 0;

        public void Ended(Exception? failure)
        {
            if (_began != 0)
                StatementTelemetry.Record(engine, command, Stopwatch.GetElapsedTime(_began), failure);
        }
    }
}
