using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrmGraph.Dashboard;

/// <summary>Says when the figures of tiles may have changed: by the subscription of each, and by the clock for those that have none.</summary>
internal sealed class TileChanges(Graph graph, TimeProvider time, Func<DateTime?, Task> heard, Func<Task> changed)
{
    private const int AgainSeconds = 60, LongestWaitSeconds = 10;
    private int _following, _live;
    private bool _wasLost;

    /// <summary>Whether every subscription is open.</summary>
    public bool IsLive => _live == _following;

    /// <summary>Whether the subscriptions are still to be opened for the first time.</summary>
    public bool IsStarting => !IsLive && !_wasLost;

    public Task FollowAsync(IEnumerable<DashboardTile> tiles, JsonObject parameters, CancellationToken cancellationToken)
    {
        var (isWhole, following) = (true, new List<Task>());
        foreach (var operation in tiles.Select(t => t.Operation).OfType<string>().Distinct())
        {
            if (DashboardOperations.Live(operation) is not { } live)
            {
                isWhole = false;
                continue;
            }

            var declared = DashboardOperations.Variables(operation);
            var variables = new JsonObject(parameters.Where(p => declared.Contains(p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
            _following++;
            following.Add(FollowAsync(new(live, variables.ToJsonString()), cancellationToken));
        }

        if (!isWhole)
            following.Add(TickAsync(cancellationToken));
        return Task.WhenAll(following);
    }

    private async Task FollowAsync(Shown live, CancellationToken cancellationToken)
    {
        for (var tries = 0; !cancellationToken.IsCancellationRequested && !graph.Ended.IsCancellationRequested; tries++)
        {
            var isOpen = false;
            try
            {
                await foreach (var answer in graph.SubscribeAsync(live, cancellationToken))
                {
                    if (!isOpen)
                        Interlocked.Increment(ref _live);
                    (isOpen, tries) = (true, 0);
                    await heard(AsOf(answer));
                }
            }
            catch (OperationCanceledException)
            {
                // The page was left, or its visitor may not go on; the loop looks.
            }

            _wasLost = true;
            if (isOpen)
                Interlocked.Decrement(ref _live);
            await changed();
            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(Math.Min(LongestWaitSeconds, 1 << Math.Min(tries, 4))), time, cancellationToken));
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(AgainSeconds), time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await heard(null);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private static DateTime? AsOf(JsonElement answer) =>
        answer.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object && data.TryGetProperty("metrics", out var table)
        && table.ValueKind == JsonValueKind.Object
            ? DateTime.Parse(table.GetProperty("heard").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal)
            : null;
}
