namespace CrmGraph.Data.Database.Bulk;

/// <summary>Takes the columns of rows one by one, in the order of <see cref="BulkTable{T}.Columns"/>, without boxing any value.</summary>
internal abstract class RowSink : IAsyncDisposable
{
    public abstract void BeginRow();
    public abstract void Write(int column, Guid? value);
    public abstract void Write(int column, DateTime? value);
    public abstract void Write(int column, DateOnly? value);
    public abstract void Write(int column, string? value);
    public abstract void Write(int column, long? value);
    public abstract void Write(int column, int? value);
    public abstract void Write(int column, bool? value);
    public abstract void Write(int column, byte[]? value);
    public abstract void Write(int column, List<string>? value);
    public abstract void EndRow();

    /// <summary>Everything written so far is in the table, within the caller's transaction.</summary>
    public abstract Task CompleteAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
