using System.Data.Common;
using CrmGraph.Data.Database;
using CrmGraph.Reporting.Ingest.Batches;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest;

/// <summary>
/// The batches of one import, several at a time. Where the database has one writer a batch of facts is read for and computed beside the writing of another,
/// as of the state before it. When its turn comes, that must still hold: since then nobody but this import has changed what is told as changed, and that for
/// other customers alone (all that is computed is of the customers whom a batch names). Otherwise the batch begins again, in its turn.
/// </summary>
public sealed class ImportWriter : IAsyncDisposable
{
    private const int RememberedCommits = 32;

    private readonly CrmWriter _writer;
    private readonly DatabaseEngine _engine;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Queue<Commit> _commits = new();
    private ImportConnection? _import;
    private int _orders;
    private Task _reuse = Task.CompletedTask;

    internal ImportWriter(CrmWriter writer, DatabaseEngine engine) => (_writer, _engine) = (writer, engine);

    /// <summary>What this import wrote: from which position of the changes to which, and whose.</summary>
    private sealed record Commit(string From, string To, HashSet<Guid> Customers);

    /// <summary>A batch that was computed before its turn, as of a position of the changes.</summary>
    private sealed record Prepared(BatchRun Run, string Position);

    /// <summary>How many batches were prepared before their turn, and how many of them were written as they had been prepared.</summary>
    internal (int Prepared, int Written) Ahead { get; private set; }

    /// <inheritdoc cref="CrmWriter.WriteAsync"/>
    public async Task<IngestOutcome> WriteAsync(IngestBatch batch, WriteOptions options, CancellationToken cancellationToken)
    {
        var outcome = _engine.HasOneWriter
            ? await CrmWriter.RetryAsync(options, retry => OnceAsync(batch, options, retry, cancellationToken), cancellationToken)
            : await _writer.WriteAsync(batch, options, cancellationToken);
        if (_engine.OrdersPerReuse > 0 && outcome.Written)
            lock (_commits)
                Reuse(batch.Orders.Count);
        return outcome;
    }

    private void Reuse(int orders)
    {
        _orders += orders;
        if (_orders < _engine.OrdersPerReuse || !_reuse.IsCompleted)
            return;
        _orders = 0;
        _reuse = Task.Run(async () =>
        {
            try
            {
                await _engine.ReuseFiguresAsync(CancellationToken.None);
            }
            catch (DbException)
            {
                // The server comes to it later.
            }
        });
    }

    private async Task<IngestOutcome> OnceAsync(IngestBatch batch, WriteOptions options, WriteRetry retry, CancellationToken cancellationToken)
    {
        var prepared = options.AllOrNothing && retry.IsFirst && IsOfFacts(batch)
            ? await PrepareAsync(batch, options, retry, cancellationToken)
            : null;
        if (prepared is { Run.Outcome: { Refusals.Count: > 0 } refused })
            return refused;
        lock (_commits)
            Ahead = Ahead with { Prepared = Ahead.Prepared + (prepared is null ? 0 : 1) };
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await InTurnAsync(prepared, batch, options, retry, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<Prepared?> PrepareAsync(IngestBatch batch, WriteOptions options, WriteRetry retry, CancellationToken cancellationToken)
    {
        await using var connection = await _engine.OpenImportReadAsync(cancellationToken);
        await using var reading = _engine.BeginRead(connection);
        await using var context = _engine.CreateContext(connection, reading);
        var position = await PositionAsync(connection, reading, cancellationToken);
        var run = _writer.NewRun(context, options, retry);
        await run.PrepareAsync(batch, cancellationToken);
        if (await ImportedMoney.WouldAdoptAsync(context, batch, run.Settings, cancellationToken))
        {
            options.ContentIds?.Rewind();
            return null;
        }
        CrmWriter.Apply(batch, run);
        return new(run, position);
    }

    private async Task<IngestOutcome> InTurnAsync(
        Prepared? prepared, IngestBatch batch, WriteOptions options, WriteRetry retry, CancellationToken cancellationToken)
    {
        var import = _import ??= await _engine.BeginImportAsync(cancellationToken);
        await import.BeginBatchAsync(cancellationToken);
        var connection = import.Connection;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var context = _engine.CreateContext(connection, transaction);
        var from = await PositionAsync(connection, transaction, cancellationToken);
        var holds = prepared is not null && Holds(prepared, from);
        if (prepared is not null && !holds)
            options.ContentIds?.Rewind();
        var run = holds ? prepared!.Run : _writer.NewRun(context, options, retry);
        run.Context = context;
        if (!holds)
            await CrmWriter.ApplyAsync(batch, run, cancellationToken);
        var (outcome, notice) = await _writer.SaveAsync(batch, run, cancellationToken);
        if (!outcome.Written)
            return outcome;
        var to = await PositionAsync(connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        lock (_commits)
            Ahead = Ahead with { Written = Ahead.Written + (holds ? 1 : 0) };
        if (IsOfFacts(batch))
            Remember(new(from, to, [.. run.Customers.Rows.Select(c => c.Row.Id)]));
        _writer.Publish(notice);
        return outcome;
    }

    private static bool IsOfFacts(IngestBatch batch) => batch.Facts().Count() == batch.Count;

    /// <summary>Whether the changes between the batch's position and the present one are all of this import and of others' facts.</summary>
    private bool Holds(Prepared prepared, string present)
    {
        var position = prepared.Position;
        foreach (var commit in _commits.Where(commit => commit.From != commit.To))
            if (commit.From == position && !prepared.Run.Customers.Rows.Any(c => commit.Customers.Contains(c.Row.Id)))
                position = commit.To;
        return position == present;
    }

    private void Remember(Commit commit)
    {
        _commits.Enqueue(commit);
        if (_commits.Count > RememberedCommits)
            _commits.Dequeue();
    }

    private async Task<string> PositionAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        (await _engine.ChangesSinceAsync(connection, transaction, null, cancellationToken)).Position;

    public async ValueTask DisposeAsync()
    {
        await _reuse;
        if (Interlocked.Exchange(ref _import, null) is { } import)
            await import.DisposeAsync();
        _turn.Dispose();
    }
}
