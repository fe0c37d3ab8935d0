using CrmGraph.Data.Changes;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest.Applying;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Orders;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Ingest.Saving;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CrmGraph.Reporting.Ingest;

/// <summary>
/// The one path by which records become rows: imports, mutations and the simulator. Thread-safe; one instance per database.
/// </summary>
public sealed class CrmWriter(IDbContextFactory<CrmDbContext> contexts, DatabaseEngine engine, CommitHub hub, CrmLimits limits, TimeProvider clock)
{
    private const int Attempts = 6;

    private readonly RowTables _tables = new();

    /// <summary>How many batches of an import the database takes at once.</summary>
    public int AtOnce => engine.WritersAtOnce;

    /// <summary>
    /// Writes a batch in one transaction. What is wrong with a record is told in the outcome, never thrown. A batch that loses a race for an
    /// outside id, or a deadlock, is tried again from the start. Cancelling before the commit leaves nothing behind.
    /// </summary>
    public Task<IngestOutcome> WriteAsync(IngestBatch batch, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new WriteOptions();
        return RetryAsync(options, retry => OnceAsync(batch, options, retry, cancellationToken), cancellationToken);
    }

    /// <summary>Batches that are undone at the end. The caller disposes it.</summary>
    public WriteTrial Try() => new(this);

    internal static async Task<IngestOutcome> RetryAsync(WriteOptions options, Func<WriteRetry, Task<IngestOutcome>> once, CancellationToken cancellationToken)
    {
        var retry = new WriteRetry();
        for (var attempt = 1; ; attempt++)
        {
            options.ContentIds?.Mark();
            try
            {
                var outcome = await once(retry);
                if (!outcome.Written)
                    options.ContentIds?.Rewind();
                return outcome;
            }
            catch (Exception e)
            {
                options.ContentIds?.Rewind();
                if (attempt == Attempts || !retry.Learns(e))
                    throw;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5 * attempt * attempt), cancellationToken);
        }
    }

    private async Task<IngestOutcome> OnceAsync(IngestBatch batch, WriteOptions options, WriteRetry retry, CancellationToken cancellationToken)
    {
        var (context, transaction) = await BeginAsync(cancellationToken);
        await using var _ = context;
        await using var __ = transaction;
        var (outcome, notice) = await SaveAsync(context, batch, options, retry, cancellationToken);
        if (!outcome.Written)
            return outcome;
        await transaction.CommitAsync(cancellationToken);
        if (notice.Tables.Length > 0)
            hub.Publish(notice);
        return outcome;
    }

    internal async Task<(CrmDbContext Context, IDbContextTransaction Transaction)> BeginAsync(CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken);
        try
        {
            var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            await engine.EnterWriteAsync(context, alone: false, cancellationToken);
            return (context, transaction);
        }
        catch (Exception)
        {
            await context.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the batch into the context's transaction, unless a refusal refuses it all.</summary>
    internal async Task<(IngestOutcome Outcome, CommitNotice Notice)> SaveAsync(
        CrmDbContext context, IngestBatch batch, WriteOptions options, WriteRetry retry, CancellationToken cancellationToken)
    {
        var run = new BatchRun(context, engine, limits, clock, options, retry);
        await run.PrepareAsync(batch, cancellationToken);
        var adopted = options.ContentIds is not null && await ImportedMoney.AdoptAsync(context, batch, run.Settings, cancellationToken);
        Apply(batch, run);
        var outcome = run.Outcome;
        if (options.AllOrNothing && outcome.Refusals.Count > 0)
            return (outcome, new CommitNotice([], null, null));
        var notice = await new BatchSaver(run, _tables).SaveAsync(cancellationToken);
        outcome.Written = true;
        if (options.ContentIds is not { } file)
            return (outcome, notice);
        if (batch.All().Any(record => record.Mode is WriteMode.KeepExisting or WriteMode.FillMissing))
            file.Made(outcome.Created());
        outcome.AdoptedCurrency = adopted ? run.Settings.Currency : null;
        outcome.UnratedCurrencies = await ImportedMoney.UnratedAsync(context, batch, run.Settings, cancellationToken);
        return (outcome, adopted ? notice with { Tables = notice.Tables.Add("settings") } : notice);
    }

    /// <summary>What others refer to comes before them.</summary>
    private static void Apply(IngestBatch batch, BatchRun run)
    {
        new TeamApplier(run).Apply(batch);
        new ReferenceApplier(run).Apply(batch);
        new CustomerApplier(run).Apply(batch.Customers);
        new OrderApplier(run).Apply(batch.Orders);
        new ServiceApplier(run).Apply(batch);
        new OpportunityApplier(run).Apply(batch.Opportunities);
        new ContractApplier(run).Apply(batch.Contracts);
    }
}
