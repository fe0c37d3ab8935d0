using System.Data.Common;
using CrmGraph.Data.Model;

namespace CrmGraph.Data.Database.Bulk;

/// <summary>What an upsert does with a row whose key is there already.</summary>
public enum OnExisting { Update, Keep }

/// <summary>
/// Writes many rows fast: COPY on PostgreSQL, one prepared statement on SQLite. One connection; everything since the last
/// <see cref="CommitAsync"/> is one transaction. The triggers run, so figures, history and changes are kept. Not for use by several threads.
/// </summary>
public sealed class BulkWriter : IAsyncDisposable
{
    /// <summary>Rows in one transaction of <see cref="BulkDatabase.BulkInsertAsync{T}(DatabaseEngine, IEnumerable{T}, CancellationToken)"/>.</summary>
    internal const int BatchRows = 50_000;

    private readonly DatabaseEngine engine;
    private readonly DbConnection connection;
    private readonly bool owned;
    private DbTransaction? transaction;
    private IReadOnlyList<string>? fill;

    private BulkWriter(DatabaseEngine engine, DbConnection connection, DbTransaction? transaction, bool owned)
    {
        (this.engine, this.connection, this.transaction, this.owned) = (engine, connection, transaction, owned);
    }

    /// <summary>On a connection of its own.</summary>
    public static async Task<BulkWriter> OpenAsync(DatabaseEngine engine, CancellationToken cancellationToken = default) =>
        new(engine, await engine.OpenConnectionAsync(cancellationToken), null, owned: true);

    /// <summary>Within a transaction that the caller commits and disposes.</summary>
    public static BulkWriter Within(DatabaseEngine engine, DbTransaction transaction) =>
        new(engine, transaction.Connection ?? throw new ArgumentException("The transaction has ended."), transaction, owned: false);

    /// <summary>Returns the number of rows written. A key that is there already is an error of the database.</summary>
    public Task<int> InsertAsync<T>(IEnumerable<T> rows, CancellationToken cancellationToken = default) where T : class =>
        WriteAsync(rows, null, cancellationToken);

    /// <summary>
    /// Inserts rows, or updates those whose key is there; rows that would change nothing but UpdatedAt are left alone. Of several rows with one
    /// key the last counts. Returns the number of rows taken.
    /// </summary>
    public Task<int> UpsertAsync<T>(
        IEnumerable<T> rows, OnExisting existing = OnExisting.Update, CancellationToken cancellationToken = default) where T : class =>
        WriteAsync(rows, existing, cancellationToken);

    /// <summary>
    /// From here to the next <see cref="CommitAsync"/> an empty database is filled in one transaction, by the engine's fastest way. Of several
    /// processes that want to, one does and the others wait here. Every customer's stages must be among what is written.
    /// </summary>
    internal async Task BeginFillAsync(CancellationToken cancellationToken)
    {
        transaction ??= await engine.EnterFillAsync(connection, cancellationToken);
        fill = await engine.BeginFillAsync(connection, transaction, cancellationToken);
    }

    /// <summary>A context within the transaction that was begun; the caller disposes it.</summary>
    internal CrmDbContext CreateContext() => engine.CreateContext(connection, transaction ?? throw new InvalidOperationException("Nothing was begun."));

    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        if (!owned)
            throw new InvalidOperationException("The caller's transaction is committed by the caller.");
        if (transaction is null)
            return;
        if (fill is not null)
            await engine.EndFillAsync(connection, transaction, fill, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await transaction.DisposeAsync();
        transaction = null;
        if (fill is not null)
            await engine.LeaveFillAsync(connection);
        fill = null;
    }

    private async Task<int> WriteAsync<T>(IEnumerable<T> rows, OnExisting? existing, CancellationToken cancellationToken) where T : class
    {
        transaction ??= await connection.BeginTransactionAsync(cancellationToken);
        var table = engine.BulkTableOf<T>();
        var now = Instants.Now(engine.Clock);
        var count = 0;
        await using var sink = await engine.OpenSinkAsync(table, existing, connection, transaction, cancellationToken);
        foreach (var row in rows)
        {
            if (row is IRecorded recorded)
                Stamp(recorded, now);
            sink.BeginRow();
            table.Write(row, sink);
            sink.EndRow();
            if ((++count & 1023) == 0)
                cancellationToken.ThrowIfCancellationRequested();
        }
        await sink.CompleteAsync(cancellationToken);
        return count;
    }

    private static void Stamp(IRecorded row, DateTime now)
    {
        if (row.RecordedAt == default)
            row.RecordedAt = now;
        row.UpdatedAt = now;
    }

    /// <summary>What was not committed is rolled back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!owned)
            return;
        if (transaction is not null)
            await transaction.DisposeAsync();
        if (fill is not null)
            await engine.LeaveFillAsync(connection);
        await connection.DisposeAsync();
    }
}

/// <summary>One entity, written in transactions of <see cref="BulkWriter.BatchRows"/> rows.</summary>
public static class BulkDatabase
{
    public static async Task<long> BulkInsertAsync<T>(
        this DatabaseEngine engine,
        IEnumerable<T> rows,
        CancellationToken cancellationToken = default) where T : class
    {
        await using var writer = await BulkWriter.OpenAsync(engine, cancellationToken);
        var count = 0L;
        foreach (var batch in rows.Chunk(BulkWriter.BatchRows))
        {
            count += await writer.InsertAsync(batch, cancellationToken);
            await writer.CommitAsync(cancellationToken);
        }
        return count;
    }

    public static async Task<long> BulkInsertAsync<T>(
        this DatabaseEngine engine,
        IAsyncEnumerable<T> rows,
        CancellationToken cancellationToken = default) where T : class
    {
        await using var writer = await BulkWriter.OpenAsync(engine, cancellationToken);
        var count = 0L;
        await foreach (var batch in rows.Chunk(BulkWriter.BatchRows).WithCancellation(cancellationToken))
        {
            count += await writer.InsertAsync(batch, cancellationToken);
            await writer.CommitAsync(cancellationToken);
        }
        return count;
    }

    public static async Task<long> BulkUpsertAsync<T>(
        this DatabaseEngine engine, IEnumerable<T> rows, OnExisting existing = OnExisting.Update, CancellationToken cancellationToken = default) where T : class
    {
        await using var writer = await BulkWriter.OpenAsync(engine, cancellationToken);
        var count = 0L;
        foreach (var batch in rows.Chunk(BulkWriter.BatchRows))
        {
            count += await writer.UpsertAsync(batch, existing, cancellationToken);
            await writer.CommitAsync(cancellationToken);
        }
        return count;
    }
}
