using System.Data.Common;
using System.Diagnostics;
using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Moments;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Data.Statements;

/// <summary>What becomes of the rows of a prepared statement.</summary>
internal interface IStatementResult
{
    /// <summary>Reads them while the connection is held; false when they are not what was asked for.</summary>
    ValueTask<bool> ReadAsync(PreparedStatement statement, DbDataReader reader, DatabaseEngine engine, CancellationToken cancellationToken);
}

/// <summary>
/// Where prepared statements run: on a connection of the pool for each statement, or, where an operation reads one moment of the data, on the
/// connection of that moment.
/// </summary>
/// <param name="tally">Counts the statements of an operation.</param>
/// <param name="moments">Of the operation; they know whether a statement is its last.</param>
internal readonly struct StatementConnection(DatabaseEngine engine, StatementTally? tally, ReadTransaction? reading = null, MomentScopes? moments = null)
{
    /// <summary>Where a field reads: with the other fields of its operation, or alone.</summary>
    public static StatementConnection Of(ResolverContext context, DatabaseEngine engine) =>
        context.Reading is MomentScope moment ? new(engine, context.Tally, moment.Reading, moment.Moments) : new(engine, context.Tally);

    /// <summary>Runs a statement and has its result read.</summary>
    /// <param name="spared">For the last statement of a field: how many planned reads it spares. Null when the field may read more.</param>
    /// <param name="byValues">See <see cref="DatabaseEngine.PlanByValues"/>.</param>
    public async ValueTask<bool> RunAsync(
        PreparedStatement statement,
        IReadOnlyList<ShapeValue> values,
        IStatementResult result,
        int? spared,
        CancellationToken cancellationToken,
        bool byValues = false)
    {
        var own = reading?.Connection ?? engine.CreateConnection();
        try
        {
            if (reading is null)
                await engine.OpenAsync(own, cancellationToken);
            var isLast = statement.IsProven && spared is { } reads && moments?.TryEnd(reads) == true;
            var transaction = isLast && !reading!.HasBegun ? null : reading?.Transaction;
            await using var bound = isLast && transaction is not null && engine.SendsBatches
                ? statement.BindLast(own, values)
                : byValues && transaction is not null && engine.PlanByValues is not null
                ? PreparedStatement.Bind(engine, own, [(statement, values)], byValues)
                : (IAsyncDisposable)statement.Bind(own, transaction, values);
            if (StatementCache.IsHeard)
                StatementCache.Announce(bound as DbCommand ?? statement.Bind(own, transaction, values));
            // EF tells of its statements by itself.
            var watch = new StatementWatch(engine, tally, statement.Sql);
            DbDataReader reader;
            try
            {
                reader = await (bound is DbBatch batch
                    ? batch.ExecuteReaderAsync(cancellationToken)
                    : ((DbCommand)bound).ExecuteReaderAsync(cancellationToken));
                watch.Ended(null);
            }
            catch (Exception e)
            {
                watch.Ended(e);
                throw;
            }

            await using (reader)
                return await result.ReadAsync(statement, reader, engine, cancellationToken);
        }
        finally
        {
            if (reading is null)
                await own.DisposeAsync();
        }
    }

    /// <summary>Runs several statements in one round trip, none of them the last of its field.</summary>
    /// <param name="results">Of each, in their order.</param>
    /// <param name="byValues">See <see cref="DatabaseEngine.PlanByValues"/>.</param>
    /// <returns>Of each whether its rows are what was asked for.</returns>
    public async ValueTask<IReadOnlyList<bool>> RunAsync(
        IReadOnlyList<(PreparedStatement Statement, IReadOnlyList<ShapeValue> Values)> statements, IReadOnlyList<IStatementResult> results,
        CancellationToken cancellationToken, bool byValues = false)
    {
        var own = reading?.Connection ?? engine.CreateConnection();
        try
        {
            if (reading is null)
                await engine.OpenAsync(own, cancellationToken);
            var transaction = reading?.Transaction;
            if (StatementCache.IsHeard)
                foreach (var (statement, values) in statements)
                    StatementCache.Announce(statement.Bind(own, transaction, values));
            await using var batch = PreparedStatement.Bind(engine, own, statements, byValues && transaction is not null);
            return await ReadAsync(batch, statements, results, cancellationToken);
        }
        finally
        {
            if (reading is null)
                await own.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<bool>> ReadAsync(
        DbBatch batch, IReadOnlyList<(PreparedStatement Statement, IReadOnlyList<ShapeValue> Values)> statements, IReadOnlyList<IStatementResult> results,
        CancellationToken cancellationToken)
    {
        var fits = new bool[statements.Count];
        var watch = new StatementWatch(engine, tally, statements[0].Statement.Sql);
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            for (var i = 0; i < fits.Length; i++)
            {
                if (i > 0)
                {
                    watch = new StatementWatch(engine, tally, statements[i].Statement.Sql);
                    await reader.NextResultAsync(cancellationToken);
                }

                watch.Ended(null);
                fits[i] = await results[i].ReadAsync(statements[i].Statement, reader, engine, cancellationToken);
            }

            return fits;
        }
        catch (DbException e)
        {
            watch.Ended(e);
            throw;
        }
    }

    /// <summary>Times a statement, when somebody wants to know.</summary>
    private readonly struct StatementWatch(DatabaseEngine engine, StatementTally? tally, string sql)
    {
        private readonly long _began = tally is not null || StatementTelemetry.IsWanted ? Stopwatch.GetTimestamp() : 0;

        public void Ended(Exception? failure)
        {
            if (_began != 0)
                StatementTelemetry.Record(engine, tally, sql, Stopwatch.GetElapsedTime(_began), failure);
        }
    }
}
