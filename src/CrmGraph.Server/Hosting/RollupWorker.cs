using System.Data.Common;
using CrmGraph.Data.Database;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Server.Hosting;

/// <summary>Keeps rollups up to date while the server runs. Until it has looked, marked days are read from the facts.</summary>
internal sealed class RollupWorker(RollupKeeper keeper, RollupAsks asks, DatabaseEngine engine, TimeProvider time, ILogger<RollupWorker> logger)
    : BackgroundService
{
    /// <summary>PostgreSQL's read_only_sql_transaction.</summary>
    private const string ReadOnly = "25006";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan BetweenAsks = TimeSpan.FromMinutes(1);
    private DateTimeOffset _askedUntil = time.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, time, stoppingToken);
                await RollUpAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task RollUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Half of the time at most: on SQLite others cannot write meanwhile, and an import marks the same days again and again.
            for (var began = time.GetTimestamp(); await keeper.StepAsync(cancellationToken); began = time.GetTimestamp())
                await Task.Delay(time.GetElapsedTime(began), time, cancellationToken);
            if (time.GetUtcNow() is var now && now - _askedUntil < BetweenAsks)
                return;
            _askedUntil = now;
            await asks.KeepAsync(engine, now.UtcDateTime, cancellationToken);
        }
        catch (DbException e) when (e.IsTransient || e.SqlState == ReadOnly)
        {
            // Another server did the same, the database is away, or this is a replica: the marks are still there.
            logger.LogDebug(e, "Rollups wait");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "Rollups cannot be brought up to date; metrics are read from the facts");
            await Task.Delay(TimeSpan.FromMinutes(1), time, cancellationToken);
        }
    }
}
