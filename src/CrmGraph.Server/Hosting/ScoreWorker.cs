using System.Data.Common;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Analyses.Scores;

namespace CrmGraph.Server.Hosting;

/// <summary>Keeps the scores of customers up to date while the server runs.</summary>
internal sealed class ScoreWorker(ScoreKeeper keeper, CrmLimits limits, TimeProvider time, ILogger<ScoreWorker> logger) : BackgroundService
{
    /// <summary>PostgreSQL's read_only_sql_transaction.</summary>
    private const string ReadOnly = "25006";
    /// <summary>A refresh takes this part of the time at most.</summary>
    private const int Share = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // A server that starts has other things to do first than to make scores newer that are there.
            if (await keeper.HasScoresAsync(stoppingToken))
                await Task.Delay(TimeSpan.FromSeconds(limits.ScoreSeconds), time, stoppingToken);
            while (true)
            {
                await Task.Delay(Pause, time, stoppingToken);
                var began = time.GetTimestamp();
                if (!await RefreshAsync(stoppingToken))
                    continue;
                var rest = TimeSpan.FromSeconds(limits.ScoreSeconds);
                var taken = time.GetElapsedTime(began) * Share;
                await Task.Delay(taken > rest ? taken : rest, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await keeper.StepAsync(cancellationToken);
        }
        catch (DbException e) when (e.IsTransient || e.SqlState == ReadOnly)
        {
            // Another server did the same, the database is away, or this is a replica.
            logger.LogDebug(e, "Scores of customers wait");
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "Scores of customers cannot be refreshed; those of before stay");
            return true;
        }
    }
}
