using System.Runtime.CompilerServices;
using CrmGraph.Data.Changes;
using CrmGraph.GraphQL.Errors;
using Microsoft.Extensions.Logging;

namespace CrmGraph.Reporting.Live;

/// <summary>
/// Keeps queries alive: equal subscribers share one computation; a change makes the affected queries due, each at most once per
/// interval; the newest value goes to every subscriber that has not read the one before (values may be skipped, never the last).
/// </summary>
public sealed class LiveQueries<TKey, TValue> : IAsyncDisposable where TKey : notnull where TValue : class
{
    private readonly LiveLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LiveQuery<TKey, TValue>> _queries = [];
    private readonly List<LiveWorker<TKey, TValue>> _workers;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _subscribers;

    private LiveWorker<TKey, TValue> Slow => _workers[^1];

    /// <param name="computations">One for each worker. Queries of one kind are always computed by the same one, one round after the other. The last is for slow ones.</param>
    public LiveQueries(IEnumerable<LiveComputation<TKey, TValue>> computations, LiveLimits limits, TimeProvider time, ILogger logger)
    {
        _limits = limits;
        _time = time;
        _logger = logger;
        _workers = [.. computations.Select(c => new LiveWorker<TKey, TValue>(c))];
        Slow.Limit = TimeSpan.FromSeconds(limits.ComputationSeconds);
        foreach (var worker in _workers.Where(w => w != Slow))
            worker.Limit = TimeSpan.FromMilliseconds(limits.SlowMilliseconds);
        _running = Task.WhenAll(_workers.ConvertAll(worker => Task.Run(() => RunAsync(worker))));
    }

    /// <summary>Queries watched by somebody.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _queries.Count;
        }
    }

    /// <summary>How much there is to do.</summary>
    public LiveLoad Load
    {
        get
        {
            lock (_gate)
                return new(
                    _queries.Count,
                    _subscribers,
                    _workers.Count(w => w.Round is not null),
                    _queries.Values.Count(q => q is { Due: true, Running: false }));
        }
    }

    /// <summary>The last value of a query that somebody watches; null when there is none, or why there is none was told since.</summary>
    public TValue? ValueOf(TKey key)
    {
        lock (_gate)
            return _queries.GetValueOrDefault(key)?.Value;
    }

    /// <summary>The current value at once, then every other one, and why there is none. Ends when the caller stops reading.</summary>
    /// <exception cref="GraphQLException">LIVE_LIMIT when the server watches as many queries as it may.</exception>
    /// <param name="pay">Pays a computation after the first, of the key that is computed, or says after how many seconds that could be done.</param>
    public async IAsyncEnumerable<TValue> Watch(TKey key, Func<TKey, double>? pay, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var subscriber = Subscribe(key, pay);
        try
        {
            await using var left = cancellationToken.UnsafeRegister(static m => ((Mailbox<TValue>)m!).Close(), subscriber.Mailbox);
            while (await subscriber.Mailbox.WaitAsync())
                if (subscriber.Mailbox.Take() is { } value)
                    yield return value;
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            Unsubscribe(key, subscriber);
        }
    }

    /// <summary>Committed data changed; affected queries are computed again.</summary>
    public void Changed(CommitNotice notice)
    {
        lock (_gate)
        {
            foreach (var query in _queries.Values)
                if (!query.Due && query.Worker.Computation.IsAffected(query.Key, notice))
                    query.MakeDue(_time.GetUtcNow());
        }

        Wake();
    }

    /// <summary>Anything may have changed: the database was away.</summary>
    public void ChangedEverything()
    {
        foreach (var worker in _workers)
            worker.Computation.LostSight();
        lock (_gate)
        {
            foreach (var query in _queries.Values)
                query.MakeDue(_time.GetUtcNow());
        }

        Wake();
    }

    private LiveSubscriber<TValue> Subscribe(TKey key, Func<TKey, double>? pay)
    {
        LiveSubscriber<TValue> subscriber;
        lock (_gate)
        {
            if (_subscribers >= _limits.Subscribers || (_queries.Count >= _limits.Queries && !_queries.ContainsKey(key)))
                throw new GraphQLException(
                    LiveErrorCodes.Limit,
                    $"This server watches at most {_limits.Queries} different live queries for {_limits.Subscribers} subscribers; try again later.");
            if (!_queries.TryGetValue(key, out var query))
            {
                _queries[key] = query = new LiveQuery<TKey, TValue>(key, WorkerOf(key));
                query.MakeDue(_time.GetUtcNow());
            }

            var computed = query.Key;
            subscriber = new(pay is null ? null : () => pay(computed));
            // A value that is being renewed is not handed out: the new one comes within the interval.
            if (query is { Value: { } value, Due: false, Running: false })
                subscriber.Mailbox.Put(value);
            else
                query.Waiting.Add(subscriber);
            if (query.Trouble is { } trouble)
                subscriber.Mailbox.Put(trouble);
            query.Subscribers.Add(subscriber);
            _subscribers++;
        }

        Wake();
        return subscriber;
    }

    private void Unsubscribe(TKey key, LiveSubscriber<TValue> subscriber)
    {
        lock (_gate)
        {
            if (_queries.TryGetValue(key, out var query) && query.Subscribers.Remove(subscriber))
            {
                query.Waiting.Remove(subscriber);
                _subscribers--;
                if (query.Subscribers.Count > 0)
                    return;
                _queries.Remove(key);
                query.Worker.Remove(query);
                query.Worker.Round?.Left();
            }
        }
    }

    /// <summary>The worker of its kind; of a new kind, the one with the least to do.</summary>
    private LiveWorker<TKey, TValue> WorkerOf(TKey key)
    {
        var kind = _workers[0].Computation.KindOf(key);
        return _workers.Find(w => w.Kinds.ContainsKey(kind)) ?? _workers.Take(Math.Max(1, _workers.Count - 1)).MinBy(w => w.Queries.Count)!;
    }

    private async Task RunAsync(LiveWorker<TKey, TValue> worker)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var (families, next) = TakeDue(worker);
                if (families.Count > 0)
                    await ComputeAsync(worker, families);
                else
                    await SleepAsync(worker, next);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>What may be computed now, what waits longest first; when there is nothing, when there will be if nothing changes until then.</summary>
    private (List<List<LiveQuery<TKey, TValue>>> Families, DateTimeOffset? Next) TakeDue(LiveWorker<TKey, TValue> worker)
    {
        var now = _time.GetUtcNow();
        DateTimeOffset? next = null;
        lock (_gate)
        {
            var due = new HashSet<object>();
            foreach (var query in worker.Queries)
            {
                if (query.RolloverAt <= now)
                {
                    query.RolloverAt = null;
                    query.MakeDue(now);
                }

                if (query.Due && query.NotBefore <= now && CanPay(query, now))
                    due.Add(query.Family);
                else if (Earliest(query) is { } at && (next is null || at < next))
                    next = at;
            }

            if (due.Count == 0)
                return ([], next);
            // A family is computed whole: what was read for the same members can be used again.
            var families = worker.InTurn(due, _limits.FamilyQueries);
            foreach (var query in families.SelectMany(f => f))
                query.Start(now, TimeSpan.FromMilliseconds(_limits.MinimumIntervalMilliseconds));
            return (families, next);
        }
    }

    /// <summary>Whoever has spent his allowance is told so, and asked again when he should have enough.</summary>
    private static bool CanPay(LiveQuery<TKey, TValue> query, DateTimeOffset now)
    {
        var wait = query.Pay();
        if (wait == 0)
            return true;
        query.NotBefore = now + TimeSpan.FromSeconds(Math.Clamp(wait, 1, 3600));
        Tell(query, query.Worker.Computation.Trouble(
            new GraphQLException(ErrorCodes.Throttled, "Your allowance is used up. These figures are computed again when it has filled.")));
        return false;
    }

    private static DateTimeOffset? Earliest(LiveQuery<TKey, TValue> query)
    {
        var at = query.Due ? query.NotBefore : (DateTimeOffset?)null;
        return at is null || query.RolloverAt < at ? query.RolloverAt ?? at : at;
    }

    private async Task SleepAsync(LiveWorker<TKey, TValue> worker, DateTimeOffset? next)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var woken = worker.Wake.Reader.WaitToReadAsync(wait.Token).AsTask();
        if (next is { } at)
        {
            var delay = at - _time.GetUtcNow();
            var sleep = Task.Delay(
                delay < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : delay > TimeSpan.FromHours(1) ? TimeSpan.FromHours(1) : delay,
                _time,
                wait.Token);
            await Task.WhenAny(woken, sleep);
            await wait.CancelAsync();
        }
        else
        {
            await woken;
        }

        worker.Wake.Reader.TryRead(out _);
    }

    private async Task ComputeAsync(LiveWorker<TKey, TValue> worker, List<List<LiveQuery<TKey, TValue>>> families)
    {
        var waiting = families.SelectMany(f => f).ToDictionary(q => q.Key);
        var round = NewRound(worker, waiting);
        Exception? failure = null;
        lock (_gate)
            worker.Round = round;
        try
        {
            await worker.Computation.ComputeAsync([.. families.Select(f => f.ConvertAll(q => q.Key))], round);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _logger.LogWarning(e, "A live computation failed and will be tried again; {Queries} queries have no value of it", waiting.Count);
            failure = e;
        }

        lock (_gate)
        {
            worker.Round = null;
            foreach (var query in waiting.Values)
            {
                if (failure is null)
                    query.PutBack(_time.GetUtcNow());
                else
                    Fail(query, failure);
            }
        }
    }

    private LiveRound<TKey, TValue> NewRound(LiveWorker<TKey, TValue> worker, Dictionary<TKey, LiveQuery<TKey, TValue>> waiting)
    {
        var began = _time.GetTimestamp();
        LiveRound<TKey, TValue>? round = null;
        return round = new(worker.Limit, TimeSpan.FromMilliseconds(_limits.SlowMilliseconds), _time, _stop.Token)
        {
            IsWatched = key =>
            {
                lock (_gate)
                    return _queries.ContainsKey(key);
            },
            Done = (key, value) =>
            {
                lock (_gate)
                    if (waiting.Remove(key, out var query))
                    {
                        query.IsSlow = worker == Slow && _time.GetElapsedTime(began).TotalMilliseconds > _limits.SlowMilliseconds;
                        Finish(query, value, round!.Took);
                    }
            },
            Failed = (family, e) =>
            {
                lock (_gate)
                    foreach (var key in family)
                        if (waiting.Remove(key, out var query))
                            Fail(query, e);
            },
        };
    }

    private void Fail(LiveQuery<TKey, TValue> query, Exception e)
    {
        query.Running = false;
        var late = e is LiveTimeoutException;
        if (late && query.Worker != Slow && query.Subscribers.Count > 0)
        {
            query.PutBack(_time.GetUtcNow());
            query.MoveTo(Slow);
            Wake();
            return;
        }

        query.IsPaid = false;
        query.Failed(_time.GetUtcNow(), late ? _limits.ComputationSeconds * 1000d : _limits.RetryMilliseconds);
        if (query.Subscribers.Count == 0)
            return;
        if (query.Failures == 1)
            _logger.LogWarning(e, "A live query could not be computed and will be tried again: {Query}", query.Key);
        Tell(query, query.Worker.Computation.Trouble(e));
    }

    /// <summary>Once, and again when it is another.</summary>
    private static void Tell(LiveQuery<TKey, TValue> query, TValue trouble)
    {
        if (query.Trouble is not null && query.Worker.Computation.Same(query.Trouble, trouble))
            return;
        (query.Trouble, query.Value) = (trouble, null);
        query.Tell(trouble, toAll: true);
    }

    private void Finish(LiveQuery<TKey, TValue> query, TValue value, TimeSpan took)
    {
        query.Finished(_time.GetUtcNow(), took, _limits);
        query.Trouble = null;
        // As of the start: what rolled over during the computation may not be in it, and is due at once.
        query.RolloverAt = query.Worker.Computation.NextRollover(query.Key, query.StartedAt);
        // Whoever came while the value was being computed has nothing yet.
        query.Tell(value, toAll: query.Value is null || !query.Worker.Computation.Same(query.Value, value));
        query.Value = value;
        query.Waiting.Clear();
    }

    private void Wake() => _workers.ForEach(w => w.Wake.Writer.TryWrite(true));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // Whoever disposes this takes the database away next.
        await _running;
        lock (_gate)
        {
            foreach (var query in _queries.Values)
                foreach (var subscriber in query.Subscribers)
                    subscriber.Mailbox.Close();
        }

        _stop.Dispose();
    }
}

/// <summary>What live queries ask of a server at one moment.</summary>
/// <param name="Queries">Different ones.</param>
/// <param name="Computing">Computations that run.</param>
/// <param name="Due">Queries that wait for one.</param>
public sealed record LiveLoad(int Queries, int Subscribers, int Computing, int Due)
{
    public static LiveLoad operator +(LiveLoad a, LiveLoad b) =>
        new(a.Queries + b.Queries, a.Subscribers + b.Subscribers, a.Computing + b.Computing, a.Due + b.Due);
}
