using System.Collections.Immutable;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Database;
using Microsoft.Extensions.Logging;

namespace CrmGraph.Reporting.Live;

/// <summary>Tells all live queries of this server what is committed, by whoever wrote it. Without any it leaves the database alone.</summary>
public sealed class LiveChanges : IAsyncDisposable
{
    private readonly ChangeWatcher _watcher;
    private readonly IDisposable _commits;
    private ImmutableArray<Watching> _watching = [];

    public LiveChanges(DatabaseEngine database, CommitHub hub, LiveLimits limits, TimeProvider time, ILogger<ChangeWatcher> log)
    {
        _watcher = new(database.CreateChangeSource, limits, time, log)
        {
            IsNeeded = () => _watching.Any(w => w.IsNeeded()),
            Changed = Tell,
            ChangedEverything = () =>
            {
                foreach (var one in _watching)
                    one.ChangedEverything();
            },
        };
        _commits = hub.Subscribe(Tell);
    }

    /// <summary>Once for all queries of one sort. They must be there before the first is watched.</summary>
    public void Add<TKey, TValue>(LiveQueries<TKey, TValue> queries) where TKey : notnull where TValue : class =>
        ImmutableInterlocked.Update(
            ref _watching, (all, one) => all.Add(one), new Watching(() => queries.Count > 0, queries.Changed, queries.ChangedEverything));

    /// <summary>Returns when commits from now on will be told.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _watcher.StartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _commits.Dispose();
        await _watcher.DisposeAsync();
    }

    private void Tell(CommitNotice notice)
    {
        foreach (var one in _watching)
            one.Changed(notice);
    }

    private sealed record Watching(Func<bool> IsNeeded, Action<CommitNotice> Changed, Action ChangedEverything);
}
