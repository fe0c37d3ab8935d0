using System.Data.Common;

namespace CrmGraph.Reporting.Database;

/// <summary>
/// One state of the data for all statements of an operation, whatever is committed meanwhile. PostgreSQL: a REPEATABLE READ snapshot, exported and
/// shared by as many connections as sibling fields need. SQLite: one connection in a read transaction, used in turn. An operation of
/// one statement needs none. Thread-safe.
/// </summary>
public sealed class DataMoment : IAsyncDisposable
{
    private readonly DatabaseEngine engine;
    private readonly SemaphoreSlim turns;
    private readonly Lock gate = new();
    private readonly Stack<(DbConnection Connection, DbTransaction Transaction)> free = new();
    private readonly List<(DbConnection Connection, DbTransaction Transaction)> all = [];
    private string? snapshot;

    private DataMoment(DatabaseEngine engine, DateTime asOf)
    {
        this.engine = engine;
        AsOf = asOf;
        turns = new SemaphoreSlim(engine.MomentConnections);
    }

    internal DatabaseEngine Engine => engine;

    /// <summary>The clock's moment at which it was opened (UTC).</summary>
    public DateTime AsOf { get; }

    public static async Task<DataMoment> OpenAsync(DatabaseEngine engine, CancellationToken cancellationToken = default)
    {
        var moment = new DataMoment(engine, Instants.Now(engine.Clock));
        try
        {
            moment.free.Push(await moment.BeginAsync(cancellationToken));
        }
        catch
        {
            await moment.DisposeAsync();
            throw;
        }
        return moment;
    }

    /// <summary>A context that reads this moment. Dispose the lease before the moment; on SQLite the next caller waits for it.</summary>
    public async Task<DataMomentContext> CreateContextAsync(CancellationToken cancellationToken = default)
    {
        await turns.WaitAsync(cancellationToken);
        try
        {
            var (connection, transaction) = TakeFree() ?? await BeginAsync(cancellationToken);
            return new DataMomentContext(engine.CreateContext(connection, transaction), () => Return(connection, transaction));
        }
        catch
        {
            turns.Release();
            throw;
        }
    }

    private (DbConnection, DbTransaction)? TakeFree()
    {
        lock (gate)
            return free.TryPop(out var taken) ? taken : null;
    }

    private void Return(DbConnection connection, DbTransaction transaction)
    {
        lock (gate)
            free.Push((connection, transaction));
        turns.Release();
    }

    private async Task<(DbConnection, DbTransaction)> BeginAsync(CancellationToken cancellationToken)
    {
        var connection = await engine.OpenConnectionAsync(cancellationToken);
        DbTransaction transaction;
        try
        {
            (transaction, snapshot) = await engine.BeginReadAsync(connection, snapshot, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        lock (gate)
            all.Add((connection, transaction));
        return (connection, transaction);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (connection, transaction) in all)
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
        all.Clear();
        turns.Dispose();
    }
}

/// <summary>A context on a <see cref="DataMoment"/>, for one user at a time.</summary>
public sealed class DataMomentContext : IAsyncDisposable
{
    private Action? giveBack;

    internal DataMomentContext(CrmDbContext context, Action giveBack)
    {
        Context = context;
        this.giveBack = giveBack;
    }

    public CrmDbContext Context { get; }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref giveBack, null) is not { } action)
            return;
        await Context.DisposeAsync();
        action();
    }
}
