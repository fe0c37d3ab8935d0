using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using CrmGraph.GraphQL.Tests.Annotations;
using CrmGraph.GraphQL.Tests.Execution;
using CrmGraph.GraphQL.Transport;
using CrmGraph.GraphQL.Types;
using Snapshooter.Xunit;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Transport;

/// <summary>Expectations are those of the protocol document of graphql-ws.</summary>
public sealed class WebSocketProtocolTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private sealed class Wire : MessageChannel
    {
        private readonly Channel<ChannelMessage> _toServer = System.Threading.Channels.Channel.CreateUnbounded<ChannelMessage>();
        private readonly Channel<string> _toClient = System.Threading.Channels.Channel.CreateUnbounded<string>();
        public TaskCompletionSource<(int Code, string Reason)> Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public SemaphoreSlim? Gate { get; init; }
        public CancellationTokenSource Aborted { get; } = new();

        public void Say(string text) => _toServer.Writer.TryWrite(new ChannelMessage(ChannelMessageKind.Text, Encoding.UTF8.GetBytes(text)));
        public void Vanish() => _toServer.Writer.TryComplete();
        public async Task<string> HearAsync() => await _toClient.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        public async Task<int> CodeAsync() => (await Closed.Task.WaitAsync(Patience)).Code;
        public int Waiting => _toClient.Reader.Count;

        public override async ValueTask<ChannelMessage> ReadAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await _toServer.Reader.ReadAsync(cancellationToken);
            }
            catch (ChannelClosedException)
            {
                return new ChannelMessage(ChannelMessageKind.Closed);
            }
        }

        public override async ValueTask SendAsync(ReadOnlyMemory<byte> utf8)
        {
            if (Gate is not null)
                await Gate.WaitAsync(Aborted.Token);
            await _toClient.Writer.WriteAsync(Encoding.UTF8.GetString(utf8.Span), Aborted.Token);
        }

        public override void Abort()
        {
            Aborted.Cancel();
            Vanish();
        }

        public override ValueTask CloseAsync(int code, string reason, CancellationToken cancellationToken)
        {
            Closed.TrySetResult((code, reason));
            Vanish();
            return default;
        }
    }

    private sealed class Connection : IAsyncDisposable
    {
        public required Wire Wire { get; init; }
        public required Task Running { get; init; }

        public static Connection Open(RequestExecutor? executor = null, ConnectionInit? init = null, Wire? wire = null, CancellationToken stopping = default)
        {
            wire ??= new Wire();
            var protocol = new WebSocketProtocol(executor ?? Run.Pets(), init ?? ((_, _) => new(ConnectionDecision.Accept(new RequestState()))));
            return new Connection
            {
                Wire = wire,
                Running = Task.Run(() => protocol.RunAsync(wire, new Run.Services(new PetShop()), stopping), CancellationToken.None)
            };
        }

        public static async Task<Connection> ReadyAsync(
            RequestExecutor? executor = null,
            ConnectionInit? init = null,
            Wire? wire = null,
            CancellationToken stopping = default)
        {
            var connection = Open(executor, init, wire, stopping);
            connection.Wire.Say("""{"type":"connection_init"}""");
            Assert.Equal("""{"type":"connection_ack"}""", await connection.Wire.HearAsync());
            return connection;
        }

        public async ValueTask DisposeAsync()
        {
            Wire.Vanish();
            await Running.WaitAsync(Patience);
        }
    }

    /// <summary>A subscription whose events the test writes, and which tells when it is over.</summary>
    private sealed class Source
    {
        public Channel<int> Events { get; } = System.Threading.Channels.Channel.CreateUnbounded<int>();
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public int Taken;

        public RequestExecutor Executor(GraphQLLimits? limits = null, TimeProvider? time = null)
        {
            var query = new ObjectType("Query", () => [new FieldDefinition("a", Scalars.Int) { Resolver = _ => new([1]) }]);
            var subscription = new ObjectType(
                "Subscription",
                () => [new FieldDefinition("n", Scalars.Int) { Subscribe = c => new(Stream(c.CancellationToken)) }]);
            return new RequestExecutor(new Schema(query, null, subscription, [query, subscription, .. Scalars.Specified], SpecifiedDirectives.Specified),
                new RequestExecutorOptions { Limits = limits ?? new(), TimeProvider = time ?? TimeProvider.System });
        }

        private async IAsyncEnumerable<object?> Stream([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                await foreach (var n in Events.Reader.ReadAllAsync(cancellationToken))
                {
                    Interlocked.Increment(ref Taken);
                    yield return n;
                }
            }
            finally
            {
                Ended.TrySetResult();
            }
        }
    }

    [Fact]
    public async Task A_query_gives_next_and_complete()
    {
        await using var c = await Connection.ReadyAsync();
        c.Wire.Say("""{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}""");
        Assert.Equal("""{"id":"1","type":"next","payload":{"data":{"__typename":"Query"}}}""", await c.Wire.HearAsync());
        Assert.Equal("""{"id":"1","type":"complete"}""", await c.Wire.HearAsync());
    }

    [Fact]
    public async Task A_subscription_gives_its_events_and_an_id_may_be_used_again()
    {
        await using var c = await Connection.ReadyAsync();
        for (var round = 0; round < 2; round++)
        {
            c.Wire.Say("""{"id":"s","type":"subscribe","payload":{"query":"subscription { onBark(count: 2) }"}}""");
            Assert.Contains("bark 1", await c.Wire.HearAsync(), StringComparison.Ordinal);
            Assert.Contains("bark 2", await c.Wire.HearAsync(), StringComparison.Ordinal);
            Assert.Equal("""{"id":"s","type":"complete"}""", await c.Wire.HearAsync());
        }
    }

    [Fact]
    public async Task A_whole_conversation_goes_on_after_a_request_error()
    {
        (string Message, int Answers)[] said =
        [
            ("""{"type":"connection_init"}""", 1),
            ("""{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}""", 2),
            ("""{"id":"2","type":"subscribe","payload":{"query":"{ nope }"}}""", 1),
            ("""{"id":"2","type":"subscribe","payload":{"query":"subscription { onBark(count: 2) }"}}""", 3),
            ("""{"type":"ping","payload":{"k":1}}""", 1),
            ("""{"type":"connection_init"}""", 0),
        ];
        var transcript = new StringBuilder();
        await using var c = Connection.Open();
        foreach (var (message, answers) in said)
        {
            c.Wire.Say(message);
            transcript.Append("> ").Append(message).Append('\n');
            for (var i = 0; i < answers; i++)
                transcript.Append("< ").Append(await c.Wire.HearAsync()).Append('\n');
        }

        var (code, reason) = await c.Wire.Closed.Task.WaitAsync(Patience);
        Snapshot.Match(transcript.Append("closed: ").Append(code).Append(' ').Append(reason).ToString());
    }

    [Theory]
    [InlineData("not json", 4400)]
    [InlineData("[]", 4400)]
    [InlineData("""{"type":"what"}""", 4400)]
    [InlineData("""{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}""", 4401)]
    [InlineData("""{"type":"connection_init","payload":3}""", 4400)]
    public async Task Wrong_first_messages_close_the_connection(string message, int code)
    {
        await using var c = Connection.Open();
        c.Wire.Say(message);
        Assert.Equal(code, await c.Wire.CodeAsync());
        await c.Running.WaitAsync(Patience);
    }

    [Theory]
    [InlineData("""{"type":"connection_init"}""", 4429)]
    [InlineData("""{"id":"1","type":"subscribe"}""", 4400)]
    [InlineData("""{"id":"1","type":"subscribe","payload":{"query":1}}""", 4400)]
    [InlineData("""{"id":"","type":"subscribe","payload":{"query":"{ __typename }"}}""", 4400)]
    public async Task Wrong_later_messages_close_the_connection(string message, int code)
    {
        await using var c = await Connection.ReadyAsync();
        c.Wire.Say(message);
        Assert.Equal(code, await c.Wire.CodeAsync());
    }

    [Fact]
    public async Task The_same_id_twice_is_4409()
    {
        var source = new Source();
        await using var c = await Connection.ReadyAsync(source.Executor());
        c.Wire.Say("""{"id":"1","type":"subscribe","payload":{"query":"subscription { n }"}}""");
        c.Wire.Say("""{"id":"1","type":"subscribe","payload":{"query":"subscription { n }"}}""");
        Assert.Equal(4409, await c.Wire.CodeAsync());
        await source.Ended.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Complete_ends_the_stream_and_nothing_more_is_said()
    {
        var source = new Source();
        await using var c = await Connection.ReadyAsync(source.Executor());
        c.Wire.Say("""{"id":"1","type":"subscribe","payload":{"query":"subscription { n }"}}""");
        source.Events.Writer.TryWrite(7);
        Assert.Equal("""{"id":"1","type":"next","payload":{"data":{"n":7}}}""", await c.Wire.HearAsync());
        c.Wire.Say("""{"id":"1","type":"complete"}""");
        await source.Ended.Task.WaitAsync(Patience);
        c.Wire.Say("""{"type":"ping"}""");
        Assert.Equal("""{"type":"pong"}""", await c.Wire.HearAsync());
    }

    [Fact]
    public async Task A_client_that_vanishes_ends_all_of_its_streams()
    {
        var source = new Source();
        var c = await Connection.ReadyAsync(source.Executor());
        c.Wire.Say("""{"id":"1","type":"subscribe","payload":{"query":"subscription { n }"}}""");
        source.Events.Writer.TryWrite(1);
        await c.Wire.HearAsync();
        c.Wire.Vanish();
        await c.Running.WaitAsync(Patience);
        await source.Ended.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_slow_reader_makes_the_stream_wait()
    {
        var source = new Source();
        var gate = new SemaphoreSlim(1);
        await using var c = await Connection.ReadyAsync(source.Executor(new GraphQLLimits { QueuedMessages = 4 }), wire: new Wire { Gate = gate });
        c.Wire.Say("""{"id":"1","type":"subscribe","payload":{"query":"subscription { n }"}}""");
        for (var i = 0; i < 100; i++)
            source.Events.Writer.TryWrite(i);
        await Task.Delay(300);
        // One is being sent, four are queued, one waits to be queued.
        Assert.InRange(source.Taken, 1, 7);
        gate.Release(1000);
        for (var i = 0; i < 100; i++)
            Assert.Contains($"\"n\":{i}}}", await c.Wire.HearAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_cut_off()
    {
        var source = new Source();
        // The acknowledgement and one event are taken; then one message is stuck, and more wait than may.
        var gate = new SemaphoreSlim(2);
        var limits = new GraphQLLimits { QueuedMessages = 1, ConnectionInitSeconds = 1, KeepAliveSeconds = 1 };
        await using var c = await Connection.ReadyAsync(source.Executor(limits), wire: new Wire { Gate = gate });
        c.Wire.Say("""{"id":"1","type":"subscribe","payload":{"query":"subscription { n }"}}""");
        for (var i = 0; i < 10; i++)
            source.Events.Writer.TryWrite(i);
        await c.Running.WaitAsync(Patience * 2);
        Assert.True(c.Wire.Aborted.IsCancellationRequested);
    }

    [Fact]
    public async Task The_host_may_refuse_by_the_payload()
    {
        ConnectionInit init = (payload, _) => new(payload.ValueKind == JsonValueKind.Object && payload.GetProperty("key").GetString() == "good"
            ? ConnectionDecision.Accept(new RequestState().Set(new PetCaller("GUEST"))) : ConnectionDecision.Refuse("Unknown key."));
        await using var refused = Connection.Open(init: init);
        refused.Wire.Say("""{"type":"connection_init","payload":{"key":"bad"}}""");
        Assert.Equal((4403, "Unknown key."), await refused.Wire.Closed.Task.WaitAsync(Patience));
        await using var accepted = Connection.Open(init: init);
        accepted.Wire.Say("""{"type":"connection_init","payload":{"key":"good"}}""");
        Assert.Equal("""{"type":"connection_ack"}""", await accepted.Wire.HearAsync());
        accepted.Wire.Say("""{"id":"w","type":"subscribe","payload":{"query":"{ who }"}}""");
        Assert.Equal("""{"id":"w","type":"next","payload":{"data":{"who":"GUEST"}}}""", await accepted.Wire.HearAsync());
    }

    [Fact]
    public async Task The_host_may_have_the_client_come_again_later()
    {
        await using var later = Connection.Open(init: (_, _) => new(ConnectionDecision.TryLater("In a moment.")));
        later.Wire.Say("""{"type":"connection_init"}""");
        Assert.Equal((1013, "In a moment."), await later.Wire.Closed.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task The_host_may_end_a_connection()
    {
        using var revoked = new CancellationTokenSource();
        var source = new Source();
        await using var c = await Connection.ReadyAsync(
            source.Executor(),
            (_, _) => new(ConnectionDecision.Accept(new RequestState()).EndingWhen(() => "The key was revoked.", revoked.Token)));
        c.Wire.Say("""{"id":"1","type":"subscribe","payload":{"query":"subscription { n }"}}""");
        source.Events.Writer.TryWrite(1);
        await c.Wire.HearAsync();
        await revoked.CancelAsync();
        Assert.Equal((4403, "The key was revoked."), await c.Wire.Closed.Task.WaitAsync(Patience));
        await source.Ended.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_stopping_server_says_so()
    {
        using var stopping = new CancellationTokenSource();
        await using var c = await Connection.ReadyAsync(stopping: stopping.Token);
        await stopping.CancelAsync();
        Assert.Equal(1001, await c.Wire.CodeAsync());
    }

    [Fact]
    public async Task More_operations_than_allowed_are_refused_one_by_one()
    {
        var source = new Source();
        await using var c = await Connection.ReadyAsync(source.Executor(new GraphQLLimits { SubscriptionsPerConnection = 1 }));
        c.Wire.Say("""{"id":"1","type":"subscribe","payload":{"query":"subscription { n }"}}""");
        c.Wire.Say("""{"id":"2","type":"subscribe","payload":{"query":"subscription { n }"}}""");
        Assert.Contains("\"id\":\"2\",\"type\":\"error\"", await c.Wire.HearAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_after_opening_is_4408()
    {
        var time = new TestTime();
        await using var c = Connection.Open(new Source().Executor(time: time));
        await time.AdvanceUntilAsync(c.Wire.Closed.Task, TimeSpan.FromSeconds(1));
        Assert.Equal(4408, await c.Wire.CodeAsync());
        Assert.InRange(time.Passed, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_client_that_does_not_answer_pings_is_cut_off()
    {
        var time = new TestTime();
        await using var c = await Connection.ReadyAsync(new Source().Executor(time: time));
        await time.AdvanceUntilAsync(c.Wire.Closed.Task, TimeSpan.FromSeconds(1));
        Assert.Equal("""{"type":"ping"}""", await c.Wire.HearAsync());
        Assert.Equal(4499, await c.Wire.CodeAsync());
    }

    [Fact]
    public async Task Random_messages_never_break_the_session()
    {
        var random = new Random(20240101);
        string[] say =
        [
            """{"type":"connection_init"}""", """{"type":"ping"}""", """{"type":"pong"}""", """{"id":"a","type":"complete"}""",
            """{"id":"b","type":"complete"}""",
            """{"id":"a","type":"subscribe","payload":{"query":"subscription { n }"}}""", """{"id":"b","type":"subscribe","payload":{"query":"{ a }"}}""",
            """{"id":"b","type":"subscribe","payload":{"query":"{"}}""", """{"type":"x"}""", "{", """{"id":1,"type":"complete"}""",
        ];
        int[] allowed = [4400, 4401, 4409, 4429];
        for (var round = 0; round < 200; round++)
        {
            var source = new Source();
            var c = Connection.Open(source.Executor());
            for (var i = random.Next(1, 12); i > 0; i--)
            {
                c.Wire.Say(say[i > 8 && random.Next(3) > 0 ? 0 : random.Next(say.Length)]);
                source.Events.Writer.TryWrite(i);
            }

            if (random.Next(2) == 0)
                await Task.Yield();
            c.Wire.Vanish();
            await c.Running.WaitAsync(Patience);
            if (c.Wire.Closed.Task.IsCompleted)
                Assert.Contains((await c.Wire.Closed.Task).Code, allowed);
        }
    }

    /// <summary>A clock that moves only when told to.</summary>
    private sealed class TestTime : TimeProvider
    {
        private readonly Lock _lock = new();
        private readonly List<Timer> _timers = [];
        public TimeSpan Passed { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public override long GetTimestamp() => Passed.Ticks;
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Passed;

        public async Task AdvanceUntilAsync(Task done, TimeSpan step)
        {
            for (var i = 0; i < 500 && !done.IsCompleted; i++)
            {
                List<Timer> due;
                lock (_lock)
                {
                    Passed += step;
                    due = _timers.FindAll(t => t.Due <= Passed);
                    _timers.RemoveAll(due.Contains);
                }

                foreach (var timer in due)
                    timer.Fire();
                await Task.Delay(5);
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, () => callback(state));
            timer.Change(dueTime, period);
            return timer;
        }

        private sealed class Timer(TestTime time, Action fire) : ITimer
        {
            public TimeSpan Due { get; private set; }
            public void Fire() => fire();

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                lock (time._lock)
                {
                    time._timers.Remove(this);
                    if (dueTime != Timeout.InfiniteTimeSpan)
                    {
                        Due = time.Passed + dueTime;
                        time._timers.Add(this);
                    }
                }

                return true;
            }

            public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }
}
