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
    private readonly LiveLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LiveQuery> _queries = [];
    private readonly List<Lane> _lanes;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _subscribers;

    /// <param name="computations">One for each lane. Queries of one kind are always computed by the same one, one round after the other.</param>
    public LiveQueries(IEnumerable<LiveComputation<TKey, TValue>> computations, LiveLimits limits, TimeProvider time, ILogger logger)
    {
        _limits = limits;
        _time = time;
        _logger = logger;
        _lanes = [.. computations.Select(c => new Lane(c))];
        _running = Task.WhenAll(_lanes.ConvertAll(lane => Task.Run(() => RunAsync(lane))));
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
                return new(_queries.Count, _subscribers, _lanes.Count(l => l.IsComputing), _queries.Values.Count(q => q is { Due: true, Running: false }));
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
                if (!query.Due && query.Lane.Computation.IsAffected(query.Key, notice))
                    query.MakeDue(_time.GetUtcNow());
        }

        Wake();
    }

    /// <summary>Anything may have changed: the database was away.</summary>
    public void ChangedEverything()
    {
        foreach (var lane in _lanes)
            lane.Computation.LostSight();
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
                _queries[key] = query = new LiveQuery(key, LaneOf(key));
                query.MakeDue(_time.GetUtcNow());
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
                if (query.Mailboxes.Count > 0)
                    return;
                _queries.Remove(key);
                query.Lane.Remove(query);
            }
        }
    }

    /// <summary>The lane of its kind; of a new kind, the one with the least to do.</summary>
    private Lane LaneOf(TKey key)
    {
        var kind = _lanes[0].Computation.KindOf(key);
        return _lanes.Find(l => l.Kinds.ContainsKey(kind)) ?? _lanes.MinBy(l => l.Queries.Count)!;
    }

    private async Task RunAsync(Lane lane)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var (families, next) = TakeDue(lane);
                if (families.Count > 0)
                    await ComputeAsync(lane, families);
                else
                    await SleepAsync(lane, next);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>What may be computed now, what waits longest first; when there is nothing, when there will be if nothing changes until then.</summary>
    private (List<List<LiveQuery>> Families, DateTimeOffset? Next) TakeDue(Lane lane)
    {
        var now = _time.GetUtcNow();
        DateTimeOffset? next = null;
        lock (_gate)
        {
            var due = new HashSet<object>();
            foreach (var query in lane.Queries)
            {
                if (query.RolloverAt <= now)
                {
                    query.RolloverAt = null;
                    query.MakeDue(now);
                }

                if (query.Due && query.NotBefore <= now)
                    due.Add(query.Family);
                else if (Earliest(query) is { } at && (next is null || at < next))
                    next = at;
            }

            if (due.Count == 0)
                return ([], next);
            // A family is computed whole: what was read for the same members can be used again.
            var families = lane.Queries.Where(q => due.Contains(q.Family)).GroupBy(q => q.Family)
                .OrderBy(f => f.Min(q => q.DueSince)).SelectMany(f => f.Chunk(_limits.FamilyQueries)).Select(f => f.ToList()).ToList();
            foreach (var query in families.SelectMany(f => f))
                query.Start(now, TimeSpan.FromMilliseconds(_limits.MinimumIntervalMilliseconds));
            lane.IsComputing = true;
            return (families, next);
        }
    }

    private static DateTimeOffset? Earliest(LiveQuery query)
    {
        var at = query.Due ? query.NotBefore : (DateTimeOffset?)null;
        return at is null || query.RolloverAt < at ? query.RolloverAt ?? at : at;
    }

    private async Task SleepAsync(Lane lane, DateTimeOffset? next)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var woken = lane.Wake.Reader.WaitToReadAsync(wait.Token).AsTask();
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

        lane.Wake.Reader.TryRead(out _);
    }

    private async Task ComputeAsync(Lane lane, List<List<LiveQuery>> families)
    {
        var waiting = families.SelectMany(f => f).ToDictionary(q => q.Key);
        try
        {
            await lane.Computation.ComputeAsync([.. families.Select(f => f.ConvertAll(q => q.Key))], (key, value) =>
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
        {
            lane.IsComputing = false;
            foreach (var query in waiting.Values)
                Finish(query, null);
        }
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
        query.RolloverAt = query.Lane.Computation.NextRollover(query.Key, query.StartedAt);
        var same = query.Value is not null && query.Lane.Computation.Same(query.Value, value);
        query.Value = value;
        foreach (var mailbox in query.Mailboxes)
        {
            // Whoever came while the value was being computed has nothing yet.
            if (!same || query.Waiting.Contains(mailbox))
                mailbox.Writer.TryWrite(value);
        }

        query.Waiting.Clear();
    }

    private void Wake() => _lanes.ForEach(l => l.Wake.Writer.TryWrite(true));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // Whoever disposes this takes the database away next.
        await _running;
        lock (_gate)
        {
            foreach (var query in _queries.Values)
                foreach (var mailbox in query.Mailboxes)
                    mailbox.Writer.TryComplete();
        }

        _stop.Dispose();
    }

    /// <summary>A loop that computes what is due of its queries.</summary>
    private sealed class Lane(LiveComputation<TKey, TValue> computation)
    {
        public LiveComputation<TKey, TValue> Computation { get; } = computation;
        public Channel<bool> Wake { get; } = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        /// <summary>In the order in which they came.</summary>
        public List<LiveQuery> Queries { get; } = [];
        /// <summary>How many queries each kind has.</summary>
        public Dictionary<object, int> Kinds { get; } = [];
        public bool IsComputing { get; set; }

        public void Add(LiveQuery query)
        {
            Queries.Add(query);
            Kinds[query.Kind] = Kinds.GetValueOrDefault(query.Kind) + 1;
        }

        public void Remove(LiveQuery query)
        {
            Queries.Remove(query);
            if (--Kinds[query.Kind] == 0)
                Kinds.Remove(query.Kind);
        }
    }

    private sealed class LiveQuery
    {
        public LiveQuery(TKey key, Lane lane)
        {
            (Key, Lane, Family, Kind) = (key, lane, lane.Computation.FamilyOf(key), lane.Computation.KindOf(key));
            lane.Add(this);
        }

        public TKey Key { get; }
        public Lane Lane { get; }
        public object Family { get; }
        public object Kind { get; }
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
