using Microsoft.Extensions.Logging;

namespace CrmGraph.Data.Database.Moments;

/// <summary>
/// The ends of data moments for which no answer waits: on PostgreSQL a ROLLBACK is a round trip of its own. They cannot pile up, because a moment gives
/// its place among <see cref="DatabaseEngine.Moments"/> back only after its connections. Thread-safe.
/// </summary>
internal sealed class MomentEndings
{
    private readonly Lock _gate = new();
    private int _running;
    private TaskCompletionSource? _settled;

    /// <summary>Begins to dispose of it and returns; what fails is logged. What needs no waiting (SQLite) is done when this returns.</summary>
    public void Begin(IAsyncDisposable moment, ILogger log)
    {
        lock (_gate)
            _running++;
        _ = EndAsync(moment, log);
    }

    /// <summary>Done when none is left: before the pool is closed.</summary>
    public Task SettledAsync()
    {
        lock (_gate)
            return _running == 0 ? Task.CompletedTask : (_settled ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    private async Task EndAsync(IAsyncDisposable moment, ILogger log)
    {
        try
        {
            await moment.DisposeAsync();
        }
        catch (Exception e)
        {
            // The answer is right whatever becomes of the transaction it was read in, and nobody else would hear of it.
            log.LogWarning(e, "A read transaction could not be ended; its connection was given up");
        }
        finally
        {
            Left();
        }
    }

    private void Left()
    {
        lock (_gate)
        {
            if (--_running > 0)
                return;
            _settled?.SetResult();
            _settled = null;
        }
    }
}
