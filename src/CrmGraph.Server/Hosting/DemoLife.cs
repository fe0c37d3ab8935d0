using CrmGraph.Data.Model;
using CrmGraph.Reporting.Demo;
using CrmGraph.Reporting.Ingest;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Server.Hosting;

/// <summary>Lets the company of a development machine live on for a while, so that there is something to see; as <c>crmgraph simulate</c> does.</summary>
internal sealed class DemoLife(
    IDbContextFactory<CrmDbContext> contexts, CrmWriter writer, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<DemoLife> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(700), Length = TimeSpan.FromMinutes(3);
    private int _isRunning;

    /// <summary>Starts, unless it runs already.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _isRunning, 1) == 0)
            _ = Task.Run(LiveAsync);
    }

    private async Task LiveAsync()
    {
        try
        {
            using var end = new CancellationTokenSource(Length, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, lifetime.ApplicationStopping);
            var company = new LivingCompany(contexts, writer, time, Random.Shared.Next());
            await company.LoadAsync(either.Token);
            while (true)
            {
                await company.HappenAsync(either.Token);
                await Task.Delay(Pause, time, either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Its time is over.
        }
        catch (Exception e)
        {
            log.LogWarning("The demo company stopped: {Reason}", e.Message);
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }
}
