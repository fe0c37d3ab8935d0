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

    /// <summary>Whether batches wait for each other to be written, so that it helps nobody when many of them wait in memory.</summary>
    public bool HasOneWriter => engine.HasOneWriter;

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

    /// <summary>The batches of one import. The caller disposes it.</summary>
    public ImportWriter ForImport() => new(this, engine);

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
        Publish(notice);
        return outcome;
    }

    internal void Publish(CommitNotice notice)
    {
        if (notice.Tables.Length > 0)
            hub.Publish(notice);
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
        var run = NewRun(context, options, retry);
        await ApplyAsync(batch, run, cancellationToken);
        return await SaveAsync(batch, run, cancellationToken);
    }

    internal BatchRun NewRun(CrmDbContext context, WriteOptions options, WriteRetry retry) => new(context, engine, limits, clock, options, retry);

    internal static async Task ApplyAsync(IngestBatch batch, BatchRun run, CancellationToken cancellationToken)
    {
        await run.PrepareAsync(batch, cancellationToken);
        if (run.Options.ContentIds is not null && await ImportedMoney.AdoptAsync(run.Context, batch, run.Settings, cancellationToken))
            run.Outcome.AdoptedCurrency = run.Settings.Currency;
        Apply(batch, run);
    }

    /// <summary>Writes what the batch made of the rows that it read into the transaction of the run's context.</summary>
    internal async Task<(IngestOutcome Outcome, CommitNotice Notice)> SaveAsync(IngestBatch batch, BatchRun run, CancellationToken cancellationToken)
    {
        var (outcome, options) = (run.Outcome, run.Options);
        if (options.AllOrNothing && outcome.Refusals.Count > 0)
            return (outcome, new CommitNotice([], null, null));
        var notice = await new BatchSaver(run, _tables).SaveAsync(cancellationToken);
        outcome.Written = true;
        if (options.ContentIds is not { } file)
            return (outcome, notice);
        if (batch.All().Any(record => record.Mode is WriteMode.KeepExisting or WriteMode.FillMissing))
            file.Made(outcome.Created());
        outcome.UnratedCurrencies = await ImportedMoney.UnratedAsync(run.Context, batch, run.Settings, cancellationToken);
        return (outcome, outcome.AdoptedCurrency is not null ? notice with { Tables = notice.Tables.Add("settings") } : notice);
    }

    /// <summary>What others refer to comes before them.</summary>
    internal static void Apply(IngestBatch batch, BatchRun run)
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
