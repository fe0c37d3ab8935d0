using System.Data.Common;
using CrmGraph.Reporting.Database;
using CrmGraph.Reporting.Live;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Ingest;

/// <summary>
/// The one path by which records become rows: imports, mutations and the simulator. Thread-safe; one instance per database.
/// </summary>
public sealed class CrmWriter(IDbContextFactory<CrmDbContext> contexts, DatabaseEngine engine, CommitHub hub, CrmLimits limits, TimeProvider clock)
{
    private const int Attempts = 6;

    private readonly RowTables _tables = new();

    /// <summary>
    /// Writes a batch in one transaction. What is wrong with a record is told in the outcome, never thrown. A batch that loses a race for an
    /// outside id, or a deadlock, is tried again from the start. Cancelling before the commit leaves nothing behind.
    /// </summary>
    public async Task<IngestOutcome> WriteAsync(IngestBatch batch, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new WriteOptions();
        var alsoLocked = new HashSet<Guid>();
        for (var attempt = 1; ; attempt++)
        {
            options.ContentIds?.Mark();
            try
            {
                return await OnceAsync(batch, options, alsoLocked, cancellationToken);
            }
            catch (Exception e)
            {
                options.ContentIds?.Rewind();
                alsoLocked.UnionWith((e as WriteRaceException)?.Customers ?? []);
                if (attempt == Attempts || !MayPass(e))
                    throw;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5 * attempt * attempt), cancellationToken);
        }
    }

    private async Task<IngestOutcome> OnceAsync(IngestBatch batch, WriteOptions options, HashSet<Guid> alsoLocked, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await engine.EnterWriteAsync(context, alone: false, cancellationToken);
        var run = new BatchRun(context, engine, limits, clock, options, alsoLocked);
        await run.PrepareAsync(batch, cancellationToken);
        var outcome = run.Apply(batch);
        if (options.AllOrNothing && outcome.Refusals.Count > 0)
            return outcome;
        var notice = await new BatchSaver(run, _tables).SaveAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        outcome.Written = true;
        if (notice.Tables.Length > 0)
            hub.Publish(notice);
        return outcome;
    }

    /// <summary>Lost races and what the database calls transient: deadlock, failed serialisation, lost connection.</summary>
    private static bool MayPass(Exception e) => e is WriteRaceException || (e as DbException ?? e.InnerException as DbException) is { IsTransient: true };
}

/// <summary>Another writer was faster; what was read is no longer so.</summary>
/// <param name="customers">Customers to lock as well when the batch is tried again.</param>
internal sealed class WriteRaceException(string what, IEnumerable<Guid>? customers = null) : Exception($"Another writer changed {what} at the same time.")
{
    public IEnumerable<Guid> Customers => customers ?? [];
}
