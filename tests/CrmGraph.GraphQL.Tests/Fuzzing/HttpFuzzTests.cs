using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
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

/// <summary>Whatever an HTTP request holds, the answer is one of GraphQL over HTTP with a status and codes that are documented.</summary>
public sealed class HttpFuzzTests
{
    private static readonly HashSet<string> Codes =
        [.. typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)
            .Where(c => c != ErrorCodes.Internal)];

    private static readonly int[] Statuses = [200, 400, 405, 406, 413, 415];
    private static readonly string?[] Methods = ["POST", "POST", "POST", "POST", "GET", "GET", "PUT", "HEAD", "post", "", "\0"];

    private static readonly string?[] Types =
    [
        "application/json", "application/json", "application/json", "application/json; charset=utf-8", "application/json;charset=utf-16",
        "application/graphql", "text/plain", "", null, ";", "application/json;;;=",
        "multipart/form-data; boundary=x", "application/json; charset=\"", "a/b/c", "application/*",
    ];

    private static readonly string?[] Accepts =
    [
        null, "*/*", "application/json", "application/graphql-response+json", "text/event-stream",
        "application/graphql-response+json;q=0.5, application/json;q=2", "text/html", ",,,", "*/*;q=0", "application/json;q=", "q=1", ";",
        "a/b;c=\"d,e\"", "\0",
    ];

    private static readonly string[] Bodies =
    [
        """{"query":"{ __typename }"}""",
        """{"query":"query A($n: Int, $s: String) { __typename } query B { __schema { types { name } } }","operationName":"A","variables":"""
            + """{"n":1,"s":"x"},"extensions":{"a":[1,{"b":null}]}}""",
        """{"query":"{ pets { name } }","variables":null,"operationName":null}""",
        """[{"query":"{ __typename }"},{"query":"{ x }"}]""",
        "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{\"query\":\"{ __typename }\"}\r\n--x--",
        "query=%7B__typename%7D", "{ __typename }", "", "null", "\"\"", "1e400",
    ];

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"", ",", ":", "null", "true", "1e999", "-", "\\u0000", "\\ud800", "\\udc00\\ud800", "\"query\":", "\"variables\":",
        "\"operationName\":", "\"extensions\":", "{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\"x\"}}", "\"documentId\":\"sha256:0\",", "[[", "{\"a\":",
        "\\", "\uFEFF", "\"__proto__\":{}", "0.1",
    ];

    [Fact]
    public async Task Every_request_is_answered_by_the_protocol()
    {
        List<UnexpectedError> unexpected = [];
        var protocol = new HttpProtocol(Run.Pets(report: unexpected.Add));
        await Fuzz.RunAsync(20_000, async random =>
        {
            var text = Hostile.Change(Hostile.One(random, Bodies), random, Pieces);
            var body = random.Next(3) == 0 ? Hostile.Change(Encoding.UTF8.GetBytes(text), random) : Encoding.UTF8.GetBytes(text);
            var url = new[] { "query", "variables", "operationName", "extensions" }.ToDictionary(n => n, n => random.Next(3) == 0
                ? null
                : n == "query" && random.Next(2) == 0 ? "{ __typename }" : Hostile.Change(Hostile.One(random, Bodies), random, Pieces));
            var request = new HttpProtocolRequest
            {
                Method = Hostile.One(random, Methods)!, Accept = Hostile.One(random, Accepts), ContentType = Hostile.One(random, Types),
                ContentLength = random.Next(3) == 0 ? null : body.Length,
                QueryParameter = url.GetValueOrDefault, Body = PipeReader.Create(
                    new MemoryStream(body)), State = new RequestState(), Services = new Run.Services(new PetShop()),
            };

            var answer = await protocol.HandleAsync(request, CancellationToken.None);

            var shown = $"{request.Method} {request.ContentType} {request.Accept} {Encoding.UTF8.GetString(body)}";
            Assert.True(unexpected.Count == 0, $"{shown}\n{unexpected.FirstOrDefault()?.Exception}");
            Assert.True(Statuses.Contains(answer.StatusCode), $"{answer.StatusCode}: {shown}");
            await CheckAsync(answer, shown);
        });
    }

    private static async Task CheckAsync(HttpProtocolResponse answer, string shown)
    {
        if (answer.IsEventStream)
        {
            var events = new MemoryStream();
            await answer.WriteEventsAsync(events, CancellationToken.None);
            Assert.EndsWith(
                "event: complete\ndata:\n\n",
                Encoding.UTF8.GetString(events.ToArray()).Replace("data: \n", "data:\n", StringComparison.Ordinal),
                StringComparison.Ordinal);
            return;
        }

        var buffer = new ArrayBufferWriter<byte>();
        answer.WriteTo(buffer);
        using var json = JsonDocument.Parse(buffer.WrittenMemory);
        var root = json.RootElement;
        Assert.True(root.TryGetProperty("data", out _) || root.TryGetProperty("errors", out _), shown);
        if (!root.TryGetProperty("errors", out var errors))
            return;
        Assert.NotEqual(0, errors.GetArrayLength());
        foreach (var error in errors.EnumerateArray())
            Assert.True(
                error.GetProperty("message").GetString()!.Length > 0 && Codes.Contains(error.GetProperty("extensions").GetProperty("code").GetString()!),
                $"{error}: {shown}");
    }
}
