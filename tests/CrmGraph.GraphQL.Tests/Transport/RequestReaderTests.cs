using System.Buffers;
using System.Text;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Tests.Execution;
using CrmGraph.GraphQL.Transport;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Transport;

/// <summary>The quick reader of request bodies against the reader over System.Text.Json's tree: the same request, or the same refusal.</summary>
public sealed class RequestReaderTests
{
    private static readonly string[] Values =
    [
        "\"{ __typename }\"", "\"query Q($n: Int) { __typename }\"", "\"{ \\u005f_typename }\"", "\"{ __typename } # \\\"\\\\ \\n 客户 \\ud83d\\ude00\"",
        "\"\"", "null", "7", "true", "[]", "{}",
        "{\"n\": 1}", "{\"a\":{\"b\":[1,{\"c\":null}]}}", "{\"persistedQuery\":{\"version\":1}}", "\"\\ud800\"", "\"unfinished", "{", "[1,2", "\"Q\"",
    ];

    private static readonly string[] Names
        = ["\"query\"", "\"operationName\"", "\"variables\"", "\"extensions\"", "\"id\"", "\"documentId\"", "\"\\u0071uery\"", "\"other\"", "query"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Both_readers_agree_on_bodies_made_by_chance(int seed)
    {
        var random = new Random(seed);
        var executor = Run.Pets();
        for (var i = 0; i < 20_000; i++)
        {
            var body = Body(random);
            var expected = Of(() => Slow(body));
            Assert.Equal(expected, Of(() => Fast(body, executor)));
            // The second time the document may be known by its bytes.
            if (expected is { } text && !text.StartsWith("refused", StringComparison.Ordinal))
                executor.Prepare(Fast(body, executor), new());
            Assert.Equal(expected, Of(() => Fast(body, executor)));
        }
    }

    [Fact]
    public void A_body_in_pieces_is_the_same_body()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"query":"{ __typename }","variables":{"n":1}}""");
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            var first = new Piece(bytes.AsMemory(0, cut), null);
            var last = new Piece(bytes.AsMemory(cut), first);
            Assert.Equal("{ __typename }", RequestReader.FromBody(new(first, 0, last, last.Memory.Length), Run.Pets()).Single!.Query);
        }
    }

    private static string Body(Random random)
    {
        var text = new StringBuilder(random.Next(20) == 0 ? " \n" : "").Append(random.Next(30) == 0 ? '[' : '{');
        var members = random.Next(5);
        for (var i = 0; i < members; i++)
            text.Append(i > 0 ? "," : "").Append(Names[random.Next(i == 0 ? 1 : Names.Length)]).Append(random.Next(40) == 0 ? "" : ":")
                .Append(Values[random.Next(random.Next(3) == 0 ? Values.Length : 13)]);
        return text.Append(random.Next(30) == 0 ? "" : "}").Append(random.Next(30) == 0 ? " x" : "").ToString();
    }

    private static GraphQLRequest Fast(string body, RequestExecutor executor) => RequestReader.FromBody(new(Encoding.UTF8.GetBytes(body)), executor).Single!;

    private static GraphQLRequest Slow(string body)
    {
        using var json = JsonDocument.Parse(body);
        return RequestReader.FromJson(json.RootElement);
    }

    /// <summary>An empty object of variables and none at all mean the same.</summary>
    private static string Of(Func<GraphQLRequest> read)
    {
        try
        {
            var r = read();
            return $"{r.Query}|{r.OperationName}|{r.DocumentId}|{Raw(r.Variables)}|{Raw(r.Extensions)}";
        }
        catch (GraphQLException e)
        {
            return "refused " + (e.Error.Message.Contains("not valid JSON", StringComparison.Ordinal) ? "JSON" : e.Error.Message);
        }
        catch (JsonException)
        {
            return "refused JSON";
        }
    }

    private static string Raw(JsonElement element)
        => element.ValueKind == JsonValueKind.Undefined || !element.EnumerateObject().Any() ? "" : JsonSerializer.Serialize(element);

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
