using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>A statement on a <see cref="StoppableConnection"/>.</summary>
internal sealed class StoppableCommand : SqliteCommand
{
    // To the provider: give up at once, without sleeping.
    private const int NoPatience = -1;
    private int seconds;

    /// <summary>Whether it gives up at once when others hold the lock; then whoever runs it tries again.</summary>
    public bool TriesOnce { get; set; }

    public override int CommandTimeout
    {
        get => TriesOnce ? NoPatience : seconds;
        set => seconds = value;
    }

    private StoppableConnection Owner => (StoppableConnection)Connection!;

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        SqliteCollations.AddTo(Owner, CommandText);
        var patience = new LockPatience(seconds);
        var turn = await Owner.EnterAsync(CommandText, patience, cancellationToken);
        try
        {
            return new StoppableReader(
                await RunAsync(() => ExecuteReader(behavior), patience, cancellationToken),
                Owner,
                turn,
                cancellationToken);
        }
        catch
        {
            turn?.Dispose();
            throw;
        }
    }

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        var patience = new LockPatience(seconds);
        using var turn = await Owner.EnterAsync(CommandText, patience, cancellationToken);
        return await RunAsync(ExecuteNonQuery, patience, cancellationToken);
    }

    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
    {
        SqliteCollations.AddTo(Owner, CommandText);
        var patience = new LockPatience(seconds);
        using var turn = await Owner.EnterAsync(CommandText, patience, cancellationToken);
        return await RunAsync(ExecuteScalar, patience, cancellationToken);
    }

    private async Task<T> RunAsync<T>(Func<T> run, LockPatience patience, CancellationToken cancellationToken)
    {
        TriesOnce = true;
        try
        {
            return await Owner.RunAsync(run, patience, cancellationToken);
        }
        finally
        {
            TriesOnce = false;
        }
    }
}
