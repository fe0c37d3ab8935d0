using System.Data.Common;
using CrmGraph.Data.Model;

namespace CrmGraph.Data.Database.Moments;

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
    private readonly Stack<ReadTransaction> free = new();
    private readonly List<ReadTransaction> all = [];
    private readonly bool concurrent;
    private readonly bool shared;
    private string? snapshot;
    private int more;

    private DataMoment(DatabaseEngine engine, bool concurrent, DateTime asOf)
    {
        this.engine = engine;
        AsOf = asOf;
        this.concurrent = concurrent;
        shared = concurrent && engine.MomentConnections > 1;
        turns = new SemaphoreSlim(1);
        more = shared ? engine.MomentConnections - 1 : 0;
    }

    /// <summary>The clock's moment at which it was opened (UTC): every commit that had ended by then is in it.</summary>
    public DateTime AsOf { get; }

    /// <param name="concurrent">Contexts may be wanted beside each other; without that the snapshot gets no name, which saves a round trip, and is taken by the first statement.</param>
    public static async Task<DataMoment> OpenAsync(DatabaseEngine engine, bool concurrent, CancellationToken cancellationToken = default)
    {
        await engine.Moments.WaitAsync(cancellationToken);
        var moment = new DataMoment(engine, concurrent, Instants.Now(engine.Clock));
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

    /// <summary>A context that reads this moment. Dispose the lease before the moment; where no connection is free the next caller waits for one.</summary>
    public async Task<DataMomentContext> CreateContextAsync(CancellationToken cancellationToken = default)
    {
        if (!await turns.WaitAsync(0, cancellationToken) && !await AddConnectionAsync(cancellationToken))
            await turns.WaitAsync(cancellationToken);
        ReadTransaction taken;
        lock (gate)
            taken = free.Pop();
        return new DataMomentContext(engine, taken, AsOf, () => Return(taken));
    }

    /// <summary>
    /// One more connection on the snapshot, its turn already taken. Not where the pool is short of them: an operation that holds one and waits for
    /// another, while others do the same, would wait for ever.
    /// </summary>
    private async Task<bool> AddConnectionAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (more == 0 || !engine.MoreConnections.Wait(0, CancellationToken.None))
                return false;
            more--;
        }

        try
        {
            var added = await BeginAsync(cancellationToken);
            lock (gate)
                free.Push(added);
            return true;
        }
        catch
        {
            engine.MoreConnections.Release();
            throw;
        }
    }

    private void Return(ReadTransaction taken)
    {
        lock (gate)
            free.Push(taken);
        turns.Release();
    }

    private async Task<ReadTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var connection = await engine.OpenConnectionAsync(cancellationToken);
        var reading = new ReadTransaction(connection, engine.BeginRead);
        try
        {
            if (concurrent)
                snapshot = await engine.TakeStateAsync(reading, shared, snapshot, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        lock (gate)
            all.Add(reading);
        return reading;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(all.Select(EndAsync));
        }
        finally
        {
            if (all.Count > 1)
                engine.MoreConnections.Release(all.Count - 1);
            engine.Moments.Release();
            all.Clear();
            turns.Dispose();
        }
    }

    private static async Task EndAsync(ReadTransaction used)
    {
        try
        {
            if (used.HasBegun)
                await used.Transaction.DisposeAsync();
        }
        catch (DbException)
        {
            // The connection is lost, and with it the transaction.
        }
        finally
        {
            await used.Connection.DisposeAsync();
        }
    }
}

/// <summary>A context on a <see cref="DataMoment"/>, for one user at a time.</summary>
public sealed class DataMomentContext : IAsyncDisposable
{
    private readonly DatabaseEngine engine;
    private CrmDbContext? context;
    private Action? giveBack;

    internal DataMomentContext(DatabaseEngine engine, ReadTransaction reading, DateTime asOf, Action giveBack)
    {
        this.engine = engine;
        Reading = reading;
        AsOf = asOf;
        this.giveBack = giveBack;
    }

    /// <summary>Made when it is first wanted: statements that were kept need the connection alone.</summary>
    public CrmDbContext Context => context ??= engine.CreateContext(Reading.Connection, Reading.Transaction);

    internal ReadTransaction Reading { get; }

    /// <summary>Of the moment.</summary>
    public DateTime AsOf { get; }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref giveBack, null) is not { } action)
            return;
        if (context is not null)
            await context.DisposeAsync();
        action();
    }
}
