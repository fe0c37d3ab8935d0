using System.Data.Common;
using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Server.Hosting;

/// <summary>Keeps rollups up to date while the server runs. Until it has looked, marked days are read from the facts.</summary>
internal sealed class RollupWorker(RollupKeeper keeper, TimeProvider time, ILogger<RollupWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Pause, time, stoppingToken);
            try
            {
                while (await keeper.StepAsync(stoppingToken))
                    await Task.Yield();
            }
            catch (DbException e) when (e.IsTransient)
            {
                // Another server did the same, or the database is away: the marks are still there.
                logger.LogDebug(e, "Rollups wait");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "Rollups cannot be brought up to date; metrics are read from the facts");
                await Task.Delay(TimeSpan.FromMinutes(1), time, stoppingToken);
            }
        }
    }
}
