using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>
/// A connection to SQLite whose statements are asynchronous in truth, where the provider's block the thread that calls them: they run on <see cref="SqliteThreads"/>,
/// end when their token says so, and wait for locks without a thread. Writing transactions stand in the line of <see cref="SqliteWriters"/>.
/// </summary>
internal sealed class StoppableConnection(
    string connectionString,
    string settings,
    SqliteThreads threads,
    SqliteWriters writers) : SqliteConnection(connectionString)
{
    // SQLite asks so often, in steps of its virtual machine, whether it shall go on: some ten thousand times a second.
    private const int StepsBetweenQuestions = 4_000;

    private CancellationToken stop;
    private IDisposable? turn;
    private bool triesOnce;

    private bool IsStopped
    {
        get
        {
            var token = stop;
            return token.IsCancellationRequested;
        }
    }

    public override void Open()
    {
        OpenUnset();
        ApplySettings();
    }

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        await threads.RunAsync(OpenUnset, cancellationToken);
        try
        {
            await ApplySettingsAsync(cancellationToken);
        }
        catch
        {
            Close();
            throw;
        }
    }

    public override void Close()
    {
        // The handle goes back to the provider's pool.
        if (State == ConnectionState.Open)
            raw.sqlite3_progress_handler(Handle!, 0, null, null);
        base.Close();
    }

    public async Task ApplySettingsAsync(CancellationToken cancellationToken)
    {
        await using var command = CreateSettings();
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override SqliteCommand CreateCommand() =>
        new StoppableCommand { Connection = this, CommandTimeout = DefaultTimeout, Transaction = Transaction, TriesOnce = triesOnce };

    /// <summary>The turn to write, where a statement is to write outside of a transaction; null where it needs none.</summary>
    public async Task<IDisposable?> EnterAsync(string sql, LockPatience patience, CancellationToken cancellationToken) =>
        Transaction is null && IsWrite(sql) ? await writers.EnterAsync(patience, cancellationToken) : null;

    /// <summary>Runs it on one of SQLite's threads, again and again while others hold the lock.</summary>
    public async Task<T> RunAsync<T>(Func<T> run, LockPatience patience, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await threads.RunAsync(() => Run(run, cancellationToken), cancellationToken);
            }
            catch (SqliteException e) when (patience.Allows(e))
            {
            }

            await patience.PauseAsync(cancellationToken);
        }
    }

    /// <summary>Runs it here, until the token says that it shall end.</summary>
    public T Run<T>(Func<T> run, CancellationToken cancellationToken)
    {
        stop = cancellationToken;
        try
        {
            return run();
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        finally
        {
            stop = default;
        }
    }

    protected override async ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken)
    {
        var patience = new LockPatience(DefaultTimeout);
        var entered = await writers.EnterAsync(patience, cancellationToken);
        try
        {
            var begun = await RunAsync(() => BeginOnce(isolationLevel), patience, cancellationToken);
            turn = entered;
            return begun;
        }
        catch
        {
            entered.Dispose();
            throw;
        }
    }

    // The provider sets it to null when the transaction ends, in whichever way.
    protected override SqliteTransaction? Transaction
    {
        get => base.Transaction;
        set
        {
            base.Transaction = value;
            if (value is null)
                Interlocked.Exchange(ref turn, null)?.Dispose();
        }
    }

    private SqliteTransaction BeginOnce(IsolationLevel isolationLevel)
    {
        triesOnce = true;
        try
        {
            return BeginTransaction(isolationLevel);
        }
        finally
        {
            triesOnce = false;
        }
    }

    private bool OpenUnset()
    {
        base.Open();
        raw.sqlite3_progress_handler(Handle!, StepsBetweenQuestions, static connection => ((StoppableConnection)connection).IsStopped ? 1 : 0, this);
        return true;
    }

    private void ApplySettings()
    {
        using var command = CreateSettings();
        command.ExecuteNonQuery();
    }

    private SqliteCommand CreateSettings()
    {
        var command = CreateCommand();
#pragma warning disable CA2100 // The engine's own text.
        command.CommandText = settings;
#pragma warning restore CA2100
        return command;
    }

    private static bool IsWrite(string sql)
    {
        var text = sql.AsSpan().TrimStart();
        return text.StartsWith("insert", StringComparison.OrdinalIgnoreCase) || text.StartsWith("update", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("delete", StringComparison.OrdinalIgnoreCase);
    }
}
