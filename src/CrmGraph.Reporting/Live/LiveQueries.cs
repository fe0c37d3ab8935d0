using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CrmGraph.GraphQL.Errors;
using Microsoft.Extensions.Logging;

namespace CrmGraph.Reporting.Live;

/// <summary>
/// Keeps queries alive: equal subscribers share one computation; a change makes the affected queries due, each at most once per
/// interval; the newest value goes to every subscriber that has not read the one before (values may be skipped, never the last).
/// </summary>
public sealed class LiveQueries<TKey, TValue> : IAsyncDisposable where TKey : notnull where TValue : class
{
    private readonly LiveComputation<TKey, TValue> _computation;
    private readonly LiveLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LiveQuery> _queries = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private readonly HashSet<Task> _running = [];
    private int _subscribers;

    public LiveQueries(LiveComputation<TKey, TValue> computation, LiveLimits limits, TimeProvider time, ILogger logger)
    {
        _computation = computation;
        _limits = limits;
        _time = time;
        _logger = logger;
        _loop = Task.Run(RunAsync);
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
                return new(_queries.Count, _subscribers, _running.Count, _queries.Values.Count(q => q is { Due: true, Running: false }));
        }
    }

    /// <summary>The current value at once, then every other one. Ends when the caller stops reading.</summary>
    /// <exception cref="GraphQLException">LIVE_LIMIT when the server watches as many queries as it may.</exception>
    public async IAsyncEnumerable<TValue> Watch(TKey key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mailbox = Subscribe(key);
        try
        {
            await foreach (var value in mailbox.Reader.ReadAllAsync(cancellationToken))
                yield return value;
        }
        finally
        {
            Unsubscribe(key, mailbox);
        }
    }

    /// <summary>Committed data changed; affected queries are computed again.</summary>
    public void Changed(CommitNotice notice)
    {
        lock (_gate)
        {
            foreach (var query in _queries.Values)
                if (!query.Due && _computation.IsAffected(query.Key, notice))
                    query.MakeDue(_time.GetUtcNow());
        }

        Wake();
    }

    /// <summary>Anything may have changed: the database was away.</summary>
    public void ChangedEverything()
    {
        lock (_gate)
        {
            foreach (var query in _queries.Values)
                query.MakeDue(_time.GetUtcNow());
        }

        Wake();
    }

    private Channel<TValue> Subscribe(TKey key)
    {
        var mailbox = Channel.CreateBounded<TValue>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_gate)
        {
            if (_subscribers >= _limits.Subscribers || (_queries.Count >= _limits.Queries && !_queries.ContainsKey(key)))
                throw new GraphQLException(LiveErrorCodes.Limit, $"This server watches at most {_limits.Queries} different live queries for {_limits.Subscribers} subscribers; try again later.");
            if (!_queries.TryGetValue(key, out var query))
            {
                var now = _time.GetUtcNow();
                _queries[key] = query = new LiveQuery(key, _computation.FamilyOf(key), _computation.KindOf(key));
                query.MakeDue(now);
            }

            // A value that is being renewed is not handed out: the new one comes within the interval.
            if (query is { Value: { } value, Due: false, Running: false })
                mailbox.Writer.TryWrite(value);
            else
                query.Waiting.Add(mailbox);
            query.Mailboxes.Add(mailbox);
            _subscribers++;
        }

        Wake();
        return mailbox;
    }

    private void Unsubscribe(TKey key, Channel<TValue> mailbox)
    {
        lock (_gate)
        {
            if (_queries.TryGetValue(key, out var query) && query.Mailboxes.Remove(mailbox))
            {
                query.Waiting.Remove(mailbox);
                _subscribers--;
                if (query.Mailboxes.Count == 0)
                    _queries.Remove(key);
            }
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var (round, next) = TakeDue();
                foreach (var families in round)
                    Run(families);
                await SleepAsync(next);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>What may be computed now, and when there will be more if nothing changes until then.</summary>
    private (List<List<List<LiveQuery>>> Round, DateTimeOffset? Next) TakeDue()
    {
        var now = _time.GetUtcNow();
        DateTimeOffset? next = null;
        var due = new List<LiveQuery>();
        lock (_gate)
        {
            foreach (var query in _queries.Values)
            {
                if (query.RolloverAt <= now)
                {
                    query.RolloverAt = null;
                    query.MakeDue(now);
                }

                if (query is { Due: true, Running: false } && query.NotBefore <= now)
                    due.Add(query);
                else if (Earliest(query) is { } at && (next is null || at < next))
                    next = at;
            }

            // The end of a computation wakes us.
            var lanes = _limits.ConcurrentComputations - _running.Count;
            if (due.Count == 0 || lanes <= 0)
                return ([], next);
            var round = Lanes(due, lanes);
            foreach (var query in round.SelectMany(lane => lane).SelectMany(family => family))
                query.Start(now, TimeSpan.FromMilliseconds(_limits.MinimumIntervalMilliseconds));
            return (round, next);
        }
    }

    /// <summary>All that is due, on the free lanes alike: kinds stay together and families whole, what waits longest comes first.</summary>
    private List<List<List<LiveQuery>>> Lanes(List<LiveQuery> due, int lanes)
    {
        var taken = new List<List<List<LiveQuery>>>();
        var kinds = due.GroupBy(q => q.Kind).OrderBy(k => k.Min(q => q.DueSince))
            .Select(k => k.GroupBy(q => q.Family).SelectMany(f => f.Chunk(_limits.FamilyQueries)).Select(f => f.ToList()).ToList());
        foreach (var kind in kinds.OrderByDescending(k => k.Count))
        {
            if (taken.Count < lanes)
                taken.Add([.. kind]);
            else
                taken.MinBy(lane => lane.Count)!.AddRange(kind);
        }

        foreach (var lane in taken)
            lane.Sort((a, b) => a[0].DueSince.CompareTo(b[0].DueSince));
        return taken;
    }

    private static DateTimeOffset? Earliest(LiveQuery query)
    {
        var at = query is { Due: true, Running: false } ? query.NotBefore : (DateTimeOffset?)null;
        return at is null || query.RolloverAt < at ? query.RolloverAt ?? at : at;
    }

    private async Task SleepAsync(DateTimeOffset? next)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var woken = _wake.Reader.WaitToReadAsync(wait.Token).AsTask();
        if (next is { } at)
        {
            var delay = at - _time.GetUtcNow();
            var sleep = Task.Delay(delay < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : delay > TimeSpan.FromHours(1) ? TimeSpan.FromHours(1) : delay, _time, wait.Token);
            await Task.WhenAny(woken, sleep);
            await wait.CancelAsync();
        }
        else
        {
            await woken;
        }

        _wake.Reader.TryRead(out _);
    }

    private void Run(List<List<LiveQuery>> families)
    {
        lock (_gate)
        {
            var running = ComputeAsync(families);
            _running.Add(running);
            running.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        void Ended(Task task)
        {
            lock (_gate)
                _running.Remove(task);
            Wake();
        }
    }

    private async Task ComputeAsync(List<List<LiveQuery>> families)
    {
        await Task.Yield();
        var waiting = families.SelectMany(f => f).ToDictionary(q => q.Key);
        try
        {
            await _computation.ComputeAsync([.. families.Select(f => f.ConvertAll(q => q.Key))], (key, value) =>
            {
                lock (_gate)
                    if (waiting.Remove(key, out var query))
                        Finish(query, value);
            }, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _logger.LogWarning(e, "A live computation failed and will be tried again; {Queries} queries have no value of it", waiting.Count);
        }

        lock (_gate)
            foreach (var query in waiting.Values)
                Finish(query, null);
    }

    private void Finish(LiveQuery query, TValue? value)
    {
        query.Running = false;
        if (value is null)
        {
            query.Failed(_time.GetUtcNow(), _limits.RetryMilliseconds);
            return;
        }

        query.Failures = 0;
        // As of the start: what rolled over during the computation may not be in it, and is due at once.
        query.RolloverAt = _computation.NextRollover(query.Key, query.StartedAt);
        var same = query.Value is not null && _computation.Same(query.Value, value);
        query.Value = value;
        foreach (var mailbox in query.Mailboxes)
        {
            // Whoever came while the value was being computed has nothing yet.
            if (!same || query.Waiting.Contains(mailbox))
                mailbox.Writer.TryWrite(value);
        }

        query.Waiting.Clear();
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        Task[] running;
        lock (_gate)
            running = [.. _running];
        // Whoever disposes this takes the database away next.
        await Task.WhenAll(running);
        lock (_gate)
        {
            foreach (var query in _queries.Values)
                foreach (var mailbox in query.Mailboxes)
                    mailbox.Writer.TryComplete();
        }

        _stop.Dispose();
    }

    private sealed class LiveQuery(TKey key, object family, object kind)
    {
        public TKey Key { get; } = key;
        public object Family { get; } = family;
        public object Kind { get; } = kind;
        public TValue? Value { get; set; }
        public bool Due { get; private set; }
        public DateTimeOffset DueSince { get; private set; }
        public bool Running { get; set; }
        public DateTimeOffset StartedAt { get; private set; }
        public DateTimeOffset NotBefore { get; private set; }
        public DateTimeOffset? RolloverAt { get; set; }
        public int Failures { get; set; }
        public HashSet<Channel<TValue>> Mailboxes { get; } = [];
        /// <summary>Subscribers without a first value.</summary>
        public HashSet<Channel<TValue>> Waiting { get; } = [];

        public void MakeDue(DateTimeOffset now)
        {
            if (!Due)
                DueSince = now;
            Due = true;
        }

        public void Start(DateTimeOffset now, TimeSpan interval)
        {
            Due = false;
            Running = true;
            StartedAt = now;
            NotBefore = now + interval;
        }

        public void Failed(DateTimeOffset now, int retryMilliseconds)
        {
            MakeDue(now);
            NotBefore = now + TimeSpan.FromMilliseconds(retryMilliseconds * Math.Pow(2, Math.Min(Failures++, 5)));
        }
    }
}

/// <summary>What live queries ask of a server at one moment.</summary>
/// <param name="Queries">Different ones.</param>
/// <param name="Computing">Computations that run.</param>
/// <param name="Due">Queries that wait for one.</param>
public sealed record LiveLoad(int Queries, int Subscribers, int Computing, int Due);
