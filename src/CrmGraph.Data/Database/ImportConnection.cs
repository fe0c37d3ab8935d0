using System.Data.Common;

namespace CrmGraph.Data.Database;

/// <summary>The connection on which the batches of one import are written, one after the other. Disposing ends the import.</summary>
internal class ImportConnection(DbConnection connection) : IAsyncDisposable
{
    public DbConnection Connection => connection;

    /// <summary>Called before each batch, outside of its transaction.</summary>
    public virtual Task BeginBatchAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual ValueTask DisposeAsync() => connection.DisposeAsync();
}
