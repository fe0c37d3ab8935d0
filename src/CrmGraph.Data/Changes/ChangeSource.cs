namespace CrmGraph.Data.Changes;

/// <summary>Tells of commits that anyone made on the database that this server reads from. Made by the database engine.</summary>
public abstract class ChangeSource : IAsyncDisposable
{
    /// <summary>Takes the baseline: commits after this call are told.</summary>
    public abstract Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Commits since the last call, ours among them; empty when there were none. Throws when the database is away.</summary>
    public abstract Task<IReadOnlyList<CommitNotice>> PollAsync(CancellationToken cancellationToken);

    /// <summary>Waits until another server hints that it has committed, at most the given time.</summary>
    public virtual Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken) => Task.Delay(atMost, time, cancellationToken);

    /// <summary>Forgets changes that every watcher has long seen. Nothing where none are kept, or where this server may only read.</summary>
    public virtual Task PruneAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public abstract ValueTask DisposeAsync();
}
