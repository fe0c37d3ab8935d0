using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore.Storage;

namespace CrmGraph.Reporting.Ingest;

/// <summary>
/// Batches that are checked and written like any others, in one transaction that is undone at the end: each sees what those before it wrote, and
/// nobody else does. It begins with the first batch. Other writers wait for it as for any transaction. Not safe for concurrent use.
/// </summary>
public sealed class WriteTrial : IAsyncDisposable
{
    private const string Savepoint = "batch";

    private readonly CrmWriter _writer;
    private CrmDbContext? _context;
    private IDbContextTransaction? _transaction;

    internal WriteTrial(CrmWriter writer) => _writer = writer;

    public Task<IngestOutcome> WriteAsync(IngestBatch batch, WriteOptions options, CancellationToken cancellationToken) =>
        CrmWriter.RetryAsync(options, retry => OnceAsync(batch, options, retry, cancellationToken), cancellationToken);

    private async Task<IngestOutcome> OnceAsync(IngestBatch batch, WriteOptions options, WriteRetry retry, CancellationToken cancellationToken)
    {
        if (_transaction is null)
            (_context, _transaction) = await _writer.BeginAsync(cancellationToken);
        await _transaction.CreateSavepointAsync(Savepoint, cancellationToken);
        try
        {
            var (outcome, _) = await _writer.SaveAsync(_context!, batch, options, retry, cancellationToken);
            if (!outcome.Written)
                await _transaction.RollbackToSavepointAsync(Savepoint, cancellationToken);
            return outcome;
        }
        catch (Exception)
        {
            await _transaction.RollbackToSavepointAsync(Savepoint, cancellationToken);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_transaction is not null)
            await _transaction.DisposeAsync();
        if (_context is not null)
            await _context.DisposeAsync();
    }
}
