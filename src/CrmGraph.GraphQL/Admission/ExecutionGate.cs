using System.Collections.Concurrent;
using CrmGraph.GraphQL.Diagnostics;
using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Admission;

/// <summary>
/// How much the server does at once: so many executions run, so many wait behind them, each caller has his share of both, and whoever comes then is told to
/// come again. Subscriptions are counted apart, since they last: on the whole server, and for each caller.
/// </summary>
internal sealed class ExecutionGate(GraphQLLimits limits, TimeProvider time)
{
    private readonly FairPlaces _places = new(limits.ConcurrentExecutions, limits.ConcurrentExecutionsPerCaller);
    private readonly ConcurrentDictionary<object, int> _subscriptionsOf = new();
    private int _subscriptions;

    public int Subscriptions => Volatile.Read(ref _subscriptions);

    /// <summary>Whether there was a place at once; then <see cref="Leave"/> is owed.</summary>
    public bool TryEnter(object caller) => _places.TryEnter(caller);

    /// <summary>Null when the turn has come, and then <see cref="Leave"/> is owed; otherwise why it did not.</summary>
    public async ValueTask<GraphQLError?> WaitAsync(object caller, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(limits.RequestTimeoutSeconds), time);
        using var gone = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), end);
        var (turn, refusal) = _places.Stand(caller, limits.QueuedExecutions, limits.QueuedExecutionsPerCaller, end.Token);
        if (turn is null)
        {
            return refusal == LineRefusal.Full
                ? Refuse(nameof(limits.QueuedExecutions), $"The server is busy and {limits.QueuedExecutions} requests wait already; try again in a moment.")
                : Refuse(
                    nameof(limits.QueuedExecutionsPerCaller),
                    $"{limits.QueuedExecutionsPerCaller} requests of yours wait already; try again in a moment.");
        }

        EngineTelemetry.Waiting(1);
        try
        {
            await turn;
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Refuse(nameof(limits.RequestTimeoutSeconds), $"The server was busy for {limits.RequestTimeoutSeconds} seconds; try again in a moment.");
        }
        finally
        {
            EngineTelemetry.Waiting(-1);
        }
    }

    public void Leave(object caller) => _places.Leave(caller);

    /// <summary>Null when one more subscription may be opened, and then <see cref="EndSubscription"/> is owed; otherwise why not.</summary>
    public GraphQLError? BeginSubscription(object caller)
    {
        if (Interlocked.Increment(ref _subscriptions) > limits.Subscriptions)
        {
            Interlocked.Decrement(ref _subscriptions);
            return Refuse(nameof(limits.Subscriptions), $"This server has {limits.Subscriptions} subscriptions open, as many as it may; try again later.");
        }

        if (_subscriptionsOf.AddOrUpdate(caller, 1, static (_, n) => n + 1) <= limits.SubscriptionsPerCaller)
            return null;
        EndSubscription(caller);
        return Refuse(
            nameof(limits.SubscriptionsPerCaller),
            $"A caller may have {limits.SubscriptionsPerCaller} subscriptions open; end one first.",
            ErrorCodes.TooManySubscriptions);
    }

    public void EndSubscription(object caller)
    {
        Interlocked.Decrement(ref _subscriptions);
        if (_subscriptionsOf.AddOrUpdate(caller, 0, static (_, n) => n - 1) == 0)
            _subscriptionsOf.TryRemove(KeyValuePair.Create(caller, 0));
    }

    private static GraphQLError Refuse(string limit, string message, string code = ErrorCodes.Overloaded)
    {
        EngineTelemetry.Refused(limit);
        return new(message) { Code = code };
    }
}
