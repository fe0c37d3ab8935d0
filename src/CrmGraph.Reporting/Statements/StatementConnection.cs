using System.Data.Common;
using System.Diagnostics;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Database;

namespace CrmGraph.Reporting.Statements;

/// <summary>
/// Where the kept statements of a scope run: on a connection of the pool for each statement, or, where a scope reads one moment of the data, on the
/// connection of that moment.
/// </summary>
/// <param name="tryEnd">Asked with the planned reads that a field's last statement spares: whether nothing else of the transaction will read.</param>
internal sealed class StatementConnection(DatabaseEngine engine, ReadTransaction? reading = null, Func<int, bool>? tryEnd = null)
{
    /// <summary>Where a field reads: with the other fields of its operation, or alone.</summary>
    public static StatementConnection Of(ResolverContext context, StatementCache statements) => context.Reading is MomentScope moment ? moment.Statements : statements.Alone;

    /// <summary>Runs a statement and reads its result while the connection is held.</summary>
    /// <param name="spared">For the last statement of a field: how many planned reads it spares. Null when the field may read more.</param>
    public async ValueTask<TResult> RunAsync<TResult>(
        KeptStatement statement, IReadOnlyList<ShapeValue> values, Func<DbDataReader, CancellationToken, ValueTask<TResult>> read, int? spared, CancellationToken cancellationToken)
    {
        var own = reading?.Connection ?? await engine.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var isLast = statement.IsProven && spared is { } reads && tryEnd?.Invoke(reads) == true;
            var transaction = isLast && !reading!.HasBegun ? null : reading?.Transaction;
            await using var bound = isLast && transaction is not null && engine.EndsWithStatement ? statement.BindLast(own, values) : (IAsyncDisposable)statement.Bind(own, transaction, values);
            if (StatementCache.IsHeard)
                StatementCache.Announce(bound as DbCommand ?? statement.Bind(own, transaction, values));
            // EF tells of its statements by itself.
            var watch = new StatementWatch(engine, statement.Sql);
            DbDataReader reader;
            try
            {
                reader = await (bound is DbBatch batch ? batch.ExecuteReaderAsync(cancellationToken) : ((DbCommand)bound).ExecuteReaderAsync(cancellationToken)).ConfigureAwait(false);
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
            if (reading is null)
                await own.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Times a statement, when somebody wants to know.</summary>
    private readonly struct StatementWatch(DatabaseEngine engine, string sql)
    {
        private readonly long _began = StatementTelemetry.IsWanted ? Stopwatch.GetTimestamp() : 0;

        public void Ended(Exception? failure)
        {
            if (_began != 0)
                StatementTelemetry.Record(engine, sql, Stopwatch.GetElapsedTime(_began), failure);
        }
    }
}
