using CrmGraph.Data.Changes;
using Microsoft.Extensions.Logging;

namespace CrmGraph.Reporting.Live;

/// <summary>
/// Looks for committed changes while somebody watches, and only then. A lost database is looked for again; what was missed meanwhile
/// is made good by computing everything anew.
/// </summary>
public sealed class ChangeWatcher(Func<ChangeSource> open, LiveLimits limits, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>After a commit others are looked for more often for so long.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _starting = new(1, 1);
    private Task? _loop;
    private DateTimeOffset _pruned;
    private DateTimeOffset _seen;

    public required Func<bool> IsNeeded { get; init; }
    public required Action<CommitNotice> Changed { get; init; }
    public required Action ChangedEverything { get; init; }

    /// <summary>Returns when commits from now on will be told. The first call takes the baseline; without watchers the database is left alone.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_loop is not null)
            return;
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_loop is not null)
                return;
            var source = open();
            try
            {
                await source.OpenAsync(cancellationToken);
            }
            catch
            {
                await source.DisposeAsync();
                throw;
            }

            _loop = Task.Run(() => WatchAsync(source), CancellationToken.None);
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task WatchAsync(ChangeSource source)
    {
        try
        {
            while (true)
                source = await LookAsync(source);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        finally
        {
            await source.DisposeAsync();
        }
    }

    private async Task<ChangeSource> LookAsync(ChangeSource source)
    {
        try
        {
            if (IsNeeded())
                foreach (var notice in await source.PollAsync(_stop.Token))
                {
                    _seen = time.GetUtcNow();
                    Changed(notice);
                }

            if (time.GetUtcNow() - _pruned > TimeSpan.FromMinutes(limits.PruneMinutes))
            {
                _pruned = time.GetUtcNow();
                await source.PruneAsync(_stop.Token);
            }

            var wait = time.GetUtcNow() - _seen < Busy ? Math.Min(limits.BusyPollMilliseconds, limits.PollMilliseconds) : limits.PollMilliseconds;
            await source.WaitAsync(TimeSpan.FromMilliseconds(wait), time, _stop.Token);
            return source;
        }
        catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            logger.LogWarning(e, "Lost sight of the database's changes; looking for it again");
            await source.DisposeAsync();
            var reopened = await ReopenAsync();
            ChangedEverything();
            return reopened;
        }
    }

    private async Task<ChangeSource> ReopenAsync()
    {
        for (var wait = limits.RetryMilliseconds; ; wait = Math.Min(wait * 2, 16 * limits.RetryMilliseconds))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(wait), time, _stop.Token);
            var source = open();
            try
            {
                await source.OpenAsync(_stop.Token);
                return source;
            }
            catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
            {
                logger.LogWarning("The database is still away: {Reason}", e.Message);
                await source.DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_loop is not null)
            await _loop;
        _stop.Dispose();
        _starting.Dispose();
    }
}
