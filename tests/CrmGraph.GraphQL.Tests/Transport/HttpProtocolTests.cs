using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using CrmGraph.GraphQL.Tests.Annotations;
using CrmGraph.GraphQL.Tests.Execution;
using CrmGraph.GraphQL.Transport;
using CrmGraph.GraphQL.Types;
using Snapshooter.Xunit;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Transport;

/// <summary>The status codes and media types are those of the audits of the npm package graphql-http.</summary>
public sealed class HttpProtocolTests
{
    private const string Json = "application/json";
    private const string Response = "application/graphql-response+json";
    private static readonly string[] Kinds = [Json, Response];

    private static async Task<(int Status, string Type, string Body, HttpProtocolResponse Answer)> SendAsync(
        string? body, string? accept = null, string? contentType = Json, string method = "POST", Dictionary<string, string>? url = null,
        GraphQLLimits? limits = null,
        string? contentEncoding = null)
    {
        var answer = await new HttpProtocol(Run.Pets(limits)).HandleAsync(new HttpProtocolRequest
        {
            Method = method,
            Accept = accept,
            ContentType = method == "GET" ? null : contentType,
            ContentEncoding = contentEncoding,
            QueryParameter = name => url?.GetValueOrDefault(name),
            Body = PipeReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(body ?? ""))),
            State = new RequestState(),
            Services = new Run.Services(new PetShop()),
        }, CancellationToken.None);
        if (answer.IsEventStream)
        {
            var stream = new MemoryStream();
            await answer.WriteEventsAsync(stream, CancellationToken.None);
            return (answer.StatusCode, answer.ContentType, Encoding.UTF8.GetString(stream.ToArray()), answer);
        }

        var buffer = new ArrayBufferWriter<byte>();
        answer.WriteTo(buffer);
        return (answer.StatusCode, answer.ContentType, Encoding.UTF8.GetString(buffer.WrittenSpan), answer);
    }

    [Theory]
    [InlineData(null, "application/json; charset=utf-8")]
    [InlineData("*/*", "application/json; charset=utf-8")]
    [InlineData("application/json", "application/json; charset=utf-8")]
    [InlineData("application/graphql-response+json", "application/graphql-response+json; charset=utf-8")]
    [InlineData("application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json; charset=utf-8")]
    [InlineData("application/graphql-response+json;q=0.1, application/json;q=0.9", "application/json; charset=utf-8")]
    [InlineData("text/html, application/*;q=0.5", "application/json; charset=utf-8")]
    [InlineData("application/json;q=0, */*", "application/graphql-response+json; charset=utf-8")]
    public async Task Accept_chooses_the_media_type(string? accept, string expected)
    {
        var (status, type, body, _) = await SendAsync("""{"query":"{ __typename }"}""", accept);
        Assert.Equal((200, expected, """{"data":{"__typename":"Query"}}"""), (status, type, body));
    }

    [Fact]
    public async Task An_accept_that_cannot_be_met_is_406() => Assert.Equal(406, (await SendAsync("""{"query":"{ __typename }"}""", "text/html")).Status);

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=iso-8859-1")]
    public async Task A_body_of_another_type_is_415(string? contentType)
        => Assert.Equal(415, (await SendAsync("""{"query":"{ __typename }"}""", contentType: contentType)).Status);

    [Theory]
    [InlineData("gzip", 415)]
    [InlineData("br, gzip", 415)]
    [InlineData("identity", 200)]
    public async Task A_compressed_body_is_415(string contentEncoding, int status) =>
        Assert.Equal(status, (await SendAsync("""{"query":"{ __typename }"}""", contentEncoding: contentEncoding)).Status);

    [Fact]
    public async Task A_byte_order_mark_says_nothing()
        => Assert.Equal("""{"data":{"__typename":"Query"}}""", (await SendAsync("\uFEFF" + """{"query":"{ __typename }"}""")).Body);

    [Theory]
    [InlineData("")]
    [InlineData("""{ "not a JSON""")]
    [InlineData("""[{"query":"{ __typename }"}]""")]
    [InlineData("""{"qeury":"{ __typename }"}""")]
    [InlineData("""{"query":{"obj":"ect"}}""")]
    [InlineData("""{"query":0}""")]
    [InlineData("""{"query":"{ __typename }","operationName":["array"]}""")]
    [InlineData("""{"query":"{ __typename }","variables":"string"}""")]
    [InlineData("""{"query":"{ __typename }","variables":["array"]}""")]
    [InlineData("""{"query":"{ __typename }","extensions":0}""")]
    public async Task A_malformed_request_is_400_with_either_media_type(string body)
    {
        foreach (var accept in Kinds)
        {
            var (status, type, text, _) = await SendAsync(body, accept);
            Assert.Equal(400, status);
            Assert.StartsWith(accept, type, StringComparison.Ordinal);
            using var json = JsonDocument.Parse(text);
            Assert.False(json.RootElement.TryGetProperty("data", out _));
            Assert.NotEmpty(json.RootElement.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()!);
        }
    }

    [Theory]
    [InlineData("""{"query":"{"}""")]
    [InlineData("""{"query":"{ 8f31403dfe404bccbb0e835f2629c6a7 }"}""")]
    [InlineData("""{"query":"query CoerceFailure($id: ID!){ __typename }","variables":{"id":null}}""")]
    public async Task A_request_error_is_200_as_json_and_400_as_graphql_response(string body)
    {
        Assert.Equal(200, (await SendAsync(body, Json)).Status);
        var (status, _, text, _) = await SendAsync(body, Response);
        Assert.Equal(400, status);
        Assert.DoesNotContain("\"data\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_error_is_200_with_either_media_type()
    {
        foreach (var accept in Kinds)
            Assert.Equal(200, (await SendAsync("""{"query":"{ fails }"}""", accept)).Status);
    }

    [Theory]
    [InlineData("""{"query":"{ __typename }","variables":null,"operationName":null,"extensions":null}""")]
    [InlineData("""{"query":"query Q { __typename }","operationName":"Q","extensions":{"some":"value"}}""")]
    public async Task Null_and_map_parameters_are_taken(string body) => Assert.Equal("""{"data":{"__typename":"Query"}}""", (await SendAsync(body)).Body);

    [Fact]
    public async Task Get_takes_queries_with_json_variables() => Assert.Equal("""{"data":{"__type":null}}""",
        (await SendAsync(
            null,
            method: "GET",
            url: new() { ["query"] = "query T($name: String!) { __type(name: $name) { name } }", ["variables"] = """{"name":"sometype"}""" })).Body);

    [Fact]
    public async Task Get_does_not_take_mutations()
    {
        var (status, _, _, answer) = await SendAsync(null, method: "GET", url: new() { ["query"] = "mutation { __typename }" });
        Assert.Equal((405, "POST"), (status, answer.Allow));
        Assert.Equal(405, (await SendAsync("", method: "PUT")).Status);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_413() =>
        Assert.Equal(413, (await SendAsync($$"""{"query":"{ __typename #{{new string('x', 500)}}"}""", limits: new GraphQLLimits { BodyBytes = 300 })).Status);

    [Fact]
    public async Task A_subscription_is_a_stream_of_events()
    {
        var (status, type, body, _) = await SendAsync("""{"query":"subscription { onBark(count: 2) }"}""", "text/event-stream");
        Assert.Equal((200, "text/event-stream"), (status, type));
        Snapshot.Match(body);
    }

    [Fact]
    public async Task A_query_can_be_answered_as_events_too() => Assert.Equal(
        "event: next\ndata: {\"data\":{\"__typename\":\"Query\"}}\n\nevent: complete\ndata: \n\n",
        (await SendAsync("""{"query":"{ __typename }"}""", "text/event-stream")).Body);

    [Fact]
    public async Task A_subscription_needs_a_client_that_takes_events()
        => Assert.Equal(406, (await SendAsync("""{"query":"subscription { onBark(count: 2) }"}""", Json)).Status);
}
