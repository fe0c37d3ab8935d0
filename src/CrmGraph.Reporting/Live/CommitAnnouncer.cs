using System.Threading.Channels;
using CrmGraph.Data.Changes;
using CrmGraph.Data.Database;
using Microsoft.Extensions.Logging;

namespace CrmGraph.Reporting.Live;

/// <summary>
/// Hints to the other servers on the database that this one has committed: one message for all commits of 10 ms, outside of their
/// transactions (a message inside each of them costs two thirds of the commit rate). A lost hint costs others one poll interval.
/// </summary>
public sealed class CommitAnnouncer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly Channel<bool> _commits = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly IDisposable _subscription;
    private readonly Task _loop;

    public CommitAnnouncer(CommitHub hub, DatabaseEngine engine, TimeProvider time, ILogger<CommitAnnouncer> logger)
    {
        _subscription = hub.Subscribe(_ => _commits.Writer.TryWrite(true));
        _loop = Task.Run(async () =>
        {
            await foreach (var _ in _commits.Reader.ReadAllAsync())
            {
                try
                {
                    await engine.AnnounceCommitAsync(CancellationToken.None);
                }
                catch (Exception e) when (e is System.Data.Common.DbException or IOException or TimeoutException)
                {
                    logger.LogWarning("Other servers could not be told of a commit and will find it themselves: {Reason}", e.Message);
                }

                await Task.Delay(Pause, time);
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        _subscription.Dispose();
        _commits.Writer.TryComplete();
        await _loop;
    }
}
