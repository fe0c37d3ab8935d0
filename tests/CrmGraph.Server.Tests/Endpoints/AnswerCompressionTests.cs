using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using CrmGraph.Dashboard;
using Xunit;

namespace CrmGraph.Server.Tests.Endpoints;

public sealed class AnswerCompressionTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Introspection = "{ __schema { types { name fields { name description } } } }";

    [Theory]
    [InlineData("br"), InlineData("gzip")]
    public async Task Large_answers_the_schema_and_files_of_pages_are_compressed_and_say_the_same(string coding)
    {
        Func<HttpRequestMessage>[] requests =
            [() => Post(Introspection), () => new(HttpMethod.Get, "/graphql?sdl"), () => new(HttpMethod.Get, PageFiles.Url("dashboard.css"))];
        foreach (var ask in requests)
        {
            var (plain, _) = await BytesAsync(ask(), null);
            var (packed, answer) = await BytesAsync(ask(), coding);
            Assert.Equal([coding], answer.Content.Headers.ContentEncoding);
            Assert.Contains("Accept-Encoding", answer.Headers.Vary);
            Assert.InRange(packed.Length, 1, plain.Length * 2 / 3);
            Assert.Equal(Encoding.UTF8.GetString(plain), Encoding.UTF8.GetString(Unpack(packed, coding)));
        }
    }

    [Fact]
    public async Task Small_answers_and_those_for_clients_that_do_not_ask_are_sent_as_they_are()
    {
        var (small, answer) = await BytesAsync(Post("{ __typename }"), "br");
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.Equal("""{"data":{"__typename":"Query"}}""", Encoding.UTF8.GetString(small));
        Assert.Empty((await BytesAsync(Post(Introspection), null)).Answer.Content.Headers.ContentEncoding);
        Assert.Empty((await BytesAsync(Post(Introspection), "identity")).Answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Streams_of_events_are_not_compressed()
    {
        var request = Post("subscription { metricsUpdated(period: {last: {count: 1, unit: MONTH}}) { totals { orders { value } } } }");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.AcceptEncoding.ParseAdd("br");
        using var answer = await shared.Server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_compressed_answer_has_a_weak_tag_by_which_it_is_known_again()
    {
        var (_, first) = await BytesAsync(new(HttpMethod.Get, "/graphql?sdl"), "gzip");
        Assert.True(first.Headers.ETag!.IsWeak);
        var again = new HttpRequestMessage(HttpMethod.Get, "/graphql?sdl");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag);
        Assert.Equal(System.Net.HttpStatusCode.NotModified, (await BytesAsync(again, "gzip")).Answer.StatusCode);
    }

    private static HttpRequestMessage Post(string query) =>
        new(HttpMethod.Post, "/graphql") { Content = JsonContentOf(query) };

    private static StringContent JsonContentOf(string query) =>
        new(System.Text.Json.JsonSerializer.Serialize(new { query }), Encoding.UTF8, "application/json");

    private async Task<(byte[] Bytes, HttpResponseMessage Answer)> BytesAsync(HttpRequestMessage request, string? coding)
    {
        if (coding is not null)
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(coding));
        var answer = await shared.Server.Client.SendAsync(request);
        return (await answer.Content.ReadAsByteArrayAsync(), answer);
    }

    private static byte[] Unpack(byte[] bytes, string coding)
    {
        using var packed = new MemoryStream(bytes);
        using Stream stream = coding == "br" ? new BrotliStream(packed, CompressionMode.Decompress) : new GZipStream(packed, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }
}
