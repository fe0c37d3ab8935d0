using System.Collections.Concurrent;
using CrmGraph.Data.Changes;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Live;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CrmGraph.Reporting.Tests.Live;

public sealed class LiveQueriesTests
{
    private static readonly CommitNotice Orders = new(["orders"], null, null);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_subscriber_gets_the_current_value_at_once_and_then_each_other_one()
    {
        await using var bench = new Bench();
        await using var a = bench.Watch("a");

        Assert.Equal("a:0", await a.NextAsync());
        bench.Store["a"] = 1;
        bench.Live.Changed(Orders);

        Assert.Equal("a:1", await a.NextAsync());
    }

    [Fact]
    public async Task Equal_subscribers_share_one_computation()
    {
        await using var bench = new Bench();
        await using var first = bench.Watch("a");
        Assert.Equal("a:0", await first.NextAsync());

        await using var second = bench.Watch("a");

        Assert.Equal("a:0", await second.NextAsync());
        Assert.Equal(1, bench.Computed["a"]);
    }

    [Fact]
    public async Task A_value_that_did_not_change_is_not_sent()
    {
        await using var bench = new Bench();
        await using var a = bench.Watch("a");
        Assert.Equal("a:0", await a.NextAsync());

        bench.Live.Changed(Orders);
        await Bench.UntilAsync(() => bench.Computed["a"] == 2);
        bench.Store["a"] = 5;
        bench.Live.Changed(Orders);

        Assert.Equal("a:5", await a.NextAsync());
    }

    [Fact]
    public async Task A_commit_on_a_table_that_nobody_reads_computes_nothing()
    {
        await using var bench = new Bench();
        await using var a = bench.Watch("a");
        Assert.Equal("a:0", await a.NextAsync());

        bench.Live.Changed(new CommitNotice(["campaigns"], null, null));
        bench.Store["a"] = 1;
        bench.Live.Changed(Orders);

        Assert.Equal("a:1", await a.NextAsync());
        Assert.Equal(2, bench.Computed["a"]);
    }

    [Fact]
    public async Task A_burst_of_commits_is_computed_once_per_interval_and_the_last_value_arrives()
    {
        await using var bench = new Bench(intervalMilliseconds: 100);
        await using var a = bench.Watch("a");
        Assert.Equal("a:0", await a.NextAsync());

        for (var i = 1; i <= 1000; i++)
        {
            bench.Store["a"] = i;
            bench.Live.Changed(Orders);
        }

        string last;
        do
            last = await a.NextAsync();
        while (last != "a:1000");
        Assert.InRange(bench.Computed["a"], 2, 12);
    }

    [Fact]
    public async Task Keys_of_one_family_are_computed_together()
    {
        await using var bench = new Bench();
        await using var gate = bench.HoldComputations();
        var watchers = Enumerable.Range(0, 50).Select(i => bench.Watch($"owner{i}")).ToList();
        await Bench.UntilAsync(() => bench.Live.Count == 50);
        await gate.DisposeAsync();

        foreach (var w in watchers)
            await w.NextAsync();

        Assert.InRange(bench.Calls, 1, 3);
        foreach (var w in watchers)
            await w.DisposeAsync();
    }

    [Fact]
    public async Task A_failed_computation_is_told_once_and_the_value_comes_when_it_works_again()
    {
        await using var bench = new Bench { FailuresLeft = 2 };
        await using var a = bench.Watch("a");

        Assert.Equal("The database is away.", await a.NextAsync());
        Assert.Equal("a:0", await a.NextAsync());
        bench.FailuresLeft = 1;
        bench.Live.Changed(Orders);

        Assert.Equal("The database is away.", await a.NextAsync());
        Assert.Equal("a:0", await a.NextAsync());
    }

    [Fact]
    public async Task Slow_questions_end_at_the_limit_and_do_not_hold_the_others()
    {
        await using var bench = new Bench(workers: 2, seconds: 3);
        var slow = Enumerable.Range(0, 4).Select(i => bench.Watch($"slow{i}")).ToList();
        await Bench.UntilAsync(() => bench.Ended.Count == 4);
        await using var a = bench.Watch("a");
        Assert.Equal("a:0", await a.NextAsync());

        Assert.Equal(new LiveTimeoutException().Message, await slow[0].NextAsync());
        foreach (var s in slow)
            await s.DisposeAsync();
    }

    [Fact]
    public async Task The_last_subscriber_who_leaves_ends_the_computation()
    {
        await using var bench = new Bench(seconds: 100);
        await using (bench.Watch("slow"))
            await Bench.UntilAsync(() => bench.Calls == 1);

        await Bench.UntilAsync(() => bench.Ended.ContainsKey("slow"));
    }

    [Fact]
    public async Task Each_computation_after_the_first_is_paid_and_who_cannot_is_told_and_goes_on_later()
    {
        await using var bench = new Bench();
        var left = 1;
        await using var a = bench.Watch("a", () => left-- > 0 ? 0 : 0.2);
        Assert.Equal("a:0", await a.NextAsync());
        for (bench.Store["a"] = 1; bench.Store["a"] <= 2; bench.Store["a"]++)
        {
            bench.Live.Changed(Orders);
            Assert.StartsWith(bench.Store["a"] == 1 ? "a:1" : "Your allowance is used up.", await a.NextAsync(), StringComparison.Ordinal);
        }

        left = 1;
        Assert.Equal("a:3", await a.NextAsync());
    }

    [Fact]
    public async Task The_clock_alone_makes_a_query_due_at_its_rollover()
    {
        await using var bench = new Bench { RolloverEvery = TimeSpan.FromMilliseconds(150) };
        await using var a = bench.Watch("a");
        Assert.Equal("a:0", await a.NextAsync());

        bench.Store["a"] = 7; // as a new day would

        Assert.Equal("a:7", await a.NextAsync());
    }

    [Fact]
    public async Task The_last_subscriber_who_leaves_ends_the_query()
    {
        await using var bench = new Bench();
        var a = bench.Watch("a");
        await a.NextAsync();

        await a.DisposeAsync();

        await Bench.UntilAsync(() => bench.Live.Count == 0);
        bench.Live.Changed(Orders);
        await Task.Delay(50);
        Assert.Equal(1, bench.Computed["a"]);
    }

    [Fact]
    public async Task More_queries_than_the_limit_are_refused_with_a_code()
    {
        await using var bench = new Bench(queries: 1);
        await using var a = bench.Watch("a");
        await a.NextAsync();
        await using var b = bench.Watch("b");

        var refused = await Assert.ThrowsAsync<GraphQLException>(b.NextAsync);

        Assert.Equal("LIVE_LIMIT", refused.Error.Code);
    }

    [Fact]
    public async Task Disposing_waits_for_what_is_being_computed()
    {
        var bench = new Bench();
        var gate = bench.HoldComputations();
        await using var a = bench.Watch("a");
        bench.IgnoresCancellation = true;
        await Bench.UntilAsync(() => bench.Calls == 1);

        var disposing = bench.Live.DisposeAsync().AsTask();
        await Task.WhenAny(disposing, Task.Delay(100));
        Assert.False(disposing.IsCompleted);
        await gate.DisposeAsync();

        await disposing;
        Assert.Equal(1, bench.Computed["a"]);
    }

    private sealed class Bench : LiveComputation<string, string>, IAsyncDisposable
    {
        private readonly SemaphoreSlim _hold = new(1, 1);
        private int _calls;

        public Bench(int intervalMilliseconds = 20, int queries = 1000, int workers = 1, int seconds = 1) => Live = new(Enumerable.Repeat(this, workers),
            new LiveLimits
            {
                MinimumIntervalMilliseconds = intervalMilliseconds,
                Queries = queries,
                RetryMilliseconds = 100,
                SlowMilliseconds = 200,
                ComputationSeconds = seconds
            }, TimeProvider.System, NullLogger.Instance);

        public LiveQueries<string, string> Live { get; }
        public ConcurrentDictionary<string, int> Store { get; } = new();
        public ConcurrentDictionary<string, int> Computed { get; } = new();
        public ConcurrentDictionary<string, int> Ended { get; } = new();
        public int Calls => _calls;
        public int FailuresLeft { get; set; }
        public bool IgnoresCancellation { get; set; }
        public TimeSpan? RolloverEvery { get; set; }

        public Reader Watch(string key, Func<double>? pay = null) => new(Live, key, pay);

        public IAsyncDisposable HoldComputations()
        {
            _hold.Wait();
            return new Release(_hold);
        }

        public static async Task UntilAsync(Func<bool> condition)
        {
            using var patience = new CancellationTokenSource(Patience);
            while (!condition())
                await Task.Delay(5, patience.Token);
        }

        public override object FamilyOf(string key) => key.StartsWith("owner", StringComparison.Ordinal) ? "owner" : key;

        public override object KindOf(string key) => FamilyOf(key);

        public override bool IsAffected(string key, CommitNotice notice) => notice.Tables.Contains("orders");

        public override DateTimeOffset? NextRollover(string key, DateTimeOffset now) => now + RolloverEvery;

        public override async Task ComputeAsync(IReadOnlyList<IReadOnlyList<string>> families, LiveRound<string, string> round)
        {
            Interlocked.Increment(ref _calls);
            await _hold.WaitAsync(IgnoresCancellation ? CancellationToken.None : round.Stop);
            _hold.Release();
            if (FailuresLeft-- > 0)
                throw new InvalidOperationException("The database is away.");
            foreach (var family in families.TakeWhile(_ => IgnoresCancellation || round.GoesOn))
                await ComputeAsync(family, round);
        }

        private async Task ComputeAsync(IReadOnlyList<string> family, LiveRound<string, string> round)
        {
            using var turn = round.Begin(family);
            try
            {
                if (family[0].StartsWith("slow", StringComparison.Ordinal))
                    await Task.Delay(Timeout.Infinite, turn.Token);
                foreach (var key in family)
                {
                    Computed.AddOrUpdate(key, 1, (_, n) => n + 1);
                    round.Done(key, $"{key}:{Store.GetValueOrDefault(key)}");
                }
            }
            catch (OperationCanceledException e) when (!round.Stop.IsCancellationRequested)
            {
                Ended.AddOrUpdate(family[0], 1, (_, n) => n + 1);
                round.Failed(family, turn.IsTimedOut ? new LiveTimeoutException() : e);
            }
        }

        public override string Trouble(Exception e) => e.Message;

        public override object CallerOf(string key) => key;

        public override bool Same(string before, string after) => before == after;

        public async ValueTask DisposeAsync()
        {
            await Live.DisposeAsync();
            _hold.Dispose();
        }

        private sealed class Release(SemaphoreSlim hold) : IAsyncDisposable
        {
            private int _done;

            public ValueTask DisposeAsync()
            {
                if (Interlocked.Exchange(ref _done, 1) == 0)
                    hold.Release();
                return ValueTask.CompletedTask;
            }
        }
    }

    /// <summary>Reads a stream item by item in the background, as a connection does.</summary>
    private sealed class Reader : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly System.Threading.Channels.Channel<string> _items = System.Threading.Channels.Channel.CreateUnbounded<string>();
        private readonly Task _pump;

        public Reader(LiveQueries<string, string> live, string key, Func<double>? pay) => _pump = Task.Run(async () =>
        {
            try
            {
                await foreach (var item in live.Watch(key, pay is null ? null : _ => pay(), _stop.Token))
                    await _items.Writer.WriteAsync(item);
                _items.Writer.TryComplete();
            }
            catch (Exception e)
            {
                _items.Writer.TryComplete(e);
            }
        });

        public async Task<string> NextAsync()
        {
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                return await _items.Reader.ReadAsync(patience.Token);
            }
            catch (System.Threading.Channels.ChannelClosedException e) when (e.InnerException is { } inner)
            {
                throw inner;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _pump;
            _stop.Dispose();
        }
    }
}
