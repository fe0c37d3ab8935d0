namespace CrmGraph.Dashboard;

/// <summary>The newest answer of a subscription. When the stream breaks, it is opened again until the page is left.</summary>
internal sealed class LiveAnswer<T>(Graph graph, TimeProvider time, Func<Task> changed) where T : class
{
    private const int LongestWaitSeconds = 10;

    public Answer<T>? Last { get; private set; }

    /// <summary>The last answer with data: it stays on the screen while nothing newer comes.</summary>
    public T? Data { get; private set; }

    public bool IsLive { get; private set; }

    /// <summary>Whether nothing has come yet, and nothing was lost.</summary>
    public bool IsStarting { get; private set; } = true;

    public async Task FollowAsync(Operation<T> operation, object variables, CancellationToken cancellationToken)
    {
        for (var tries = 0; !cancellationToken.IsCancellationRequested && !graph.Ended.IsCancellationRequested; tries++)
        {
            if (await ReadAsync(operation, variables, cancellationToken))
                tries = 0;
            IsLive = IsStarting = false;
            await changed();
            var wait = TimeSpan.FromSeconds(Math.Min(LongestWaitSeconds, 1 << Math.Min(tries, 4)));
            // A page that is left ends the wait, and the loop with it.
            await Task.WhenAny(Task.Delay(wait, time, cancellationToken));
        }
    }

    /// <returns>Whether something came.</returns>
    private async Task<bool> ReadAsync(Operation<T> operation, object variables, CancellationToken cancellationToken)
    {
        var came = false;
        try
        {
            await foreach (var answer in graph.FollowAsync(operation, variables, cancellationToken))
            {
                Last = answer;
                IsStarting = false;
                IsLive = answer.Data is not null;
                came |= IsLive;
                Data = answer.Data ?? Data;
                await changed();
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left, or its visitor may not go on; the loop looks.
        }

        return came;
    }
}
