using System.Text;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.GraphQL.Tests.Annotations;
using CrmGraph.GraphQL.Tests.Execution;
using CrmGraph.GraphQL.Transport;
using CrmGraph.GraphQL.Types;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Fuzzing;

/// <summary>Any messages in any order: the session ends when the client does, says only what graphql-transport-ws has, and closes only with its codes.</summary>
public sealed class WebSocketFuzzTests
{
    private static readonly string[] Messages =
    [
        """{"type":"connection_init"}""", """{"type":"connection_init","payload":{"authorization":"x"}}""", """{"type":"ping"}""",
        """{"type":"pong","payload":{}}""",
        """{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}""",
        """{"id":"2","type":"subscribe","payload":{"query":"query A { pets { name } }","operationName":"A","variables":{}}}""",
        """{"id":"1","type":"subscribe","payload":{"query":"{"}}""", """{"id":"1","type":"complete"}""", """{"id":"9","type":"complete"}""",
        """{"id":"1","type":"next","payload":{}}""",
        """{"type":"connection_ack"}""", "{}", "[]", "null", "", "x",
    ];

    private static readonly string[] Pieces
        = ["{", "}", "\"", ":", ",", "null", "\"id\":", "\"type\":", "\"payload\":", "\\ud800", "\\u0000", "[[", "{\"a\":", "1e999", "\"subscribe\""];
    private static readonly int[] Closes = [1001, 1009, 4400, 4401, 4403, 4408, 4409, 4429, 4499];
    private static readonly string[] Answers = ["connection_ack", "pong", "ping", "next", "error", "complete"];

    [Fact]
    public async Task Every_conversation_stays_within_the_protocol()
    {
        List<UnexpectedError> unexpected = [];
        var executor = Run.Pets(report: unexpected.Add);
        var protocol = new WebSocketProtocol(executor, (payload, _) => new(
            payload.ValueKind == JsonValueKind.String ? ConnectionDecision.Refuse() : ConnectionDecision.Accept(new RequestState())));
        await Fuzz.RunAsync(6_000, async random =>
        {
            var channel = new Script(random);

            await protocol.RunAsync(channel, new Run.Services(new PetShop()), CancellationToken.None);

            Assert.Empty(unexpected);
            Assert.True(channel.Closed is null || Closes.Contains(channel.Closed.Value), $"{channel.Closed}: {string.Join('\n', channel.Said)}");
            foreach (var answer in channel.Heard)
            {
                using var json = JsonDocument.Parse(answer);
                Assert.Contains(json.RootElement.GetProperty("type").GetString(), Answers);
            }
        });
    }

    /// <summary>A client that says some messages, some of them spoilt, and goes.</summary>
    private sealed class Script(Random random) : MessageChannel
    {
        private readonly Lock _gate = new();
        private int _left = random.Next(1, 12);

        public List<string> Said { get; } = [];
        public List<string> Heard { get; } = [];
        public int? Closed { get; private set; }

        public override async ValueTask<ChannelMessage> ReadAsync(CancellationToken cancellationToken)
        {
            if (random.Next(4) == 0)
                await Task.Yield();
            if (_left-- == 0 || Closed is not null)
                return new ChannelMessage(ChannelMessageKind.Closed);
            var text = Said.Count == 0 && random.Next(4) > 0 ? Messages[0] : Hostile.One(random, Messages);
            if (random.Next(3) == 0)
                text = Hostile.Change(text, random, Pieces);
            Said.Add(text);
            var bytes = Encoding.UTF8.GetBytes(text);
            return random.Next(30) switch
            {
                0 => new ChannelMessage(ChannelMessageKind.Binary, bytes),
                1 => new ChannelMessage(ChannelMessageKind.TooLarge),
                2 => new ChannelMessage(ChannelMessageKind.Text, Hostile.Change(bytes, random)),
                _ => new ChannelMessage(ChannelMessageKind.Text, bytes),
            };
        }

        public override ValueTask SendAsync(ReadOnlyMemory<byte> utf8)
        {
            lock (_gate)
                Heard.Add(Encoding.UTF8.GetString(utf8.Span));
            return default;
        }

        public override ValueTask CloseAsync(int code, string reason, CancellationToken cancellationToken)
        {
            Closed ??= code;
            return default;
        }

        public override void Abort() => Closed ??= 1006;
    }
}
