using System.Buffers;
using System.IO.Pipelines;
using System.Net.Mime;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CrmGraph.GraphQL.Transport;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Dashboard;

/// <summary>
/// Operations as if they came over <c>/graphql</c>: they are read, priced, take their turn and are bounded by the same protocol, without a socket between.
/// </summary>
public sealed class GraphDoor(HttpProtocol protocol, IServiceProvider services)
{
    private const string EventStream = MediaTypeNames.Text.EventStream;

    /// <returns>The response: <c>data</c>, <c>errors</c>, <c>extensions</c>.</returns>
    public async Task<JsonElement> ExecuteAsync(RequestState state, byte[] body, CancellationToken cancellationToken)
    {
        var answer = await HandleAsync(state, body, MediaTypeNames.Application.Json, cancellationToken);
        return Read(answer);
    }

    /// <summary>The responses of a subscription, from the present state on. Ending the enumeration ends the subscription.</summary>
    public async IAsyncEnumerable<JsonElement> SubscribeAsync(
        RequestState state, byte[] body, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = await HandleAsync(state, body, EventStream, cancellationToken);
        if (!answer.IsEventStream)
        {
            yield return Read(answer);
            yield break;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Small: an update that is not looked at yet holds the next ones back, of which then only the last is made.
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1024, resumeWriterThreshold: 512, useSynchronizationContext: false));
        var writing = WriteAsync(answer, pipe.Writer, end.Token);
        try
        {
            await foreach (var item in SseParser.Create(pipe.Reader.AsStream()).EnumerateAsync(cancellationToken))
            {
                if (item.EventType == "next")
                    yield return Parse(item.Data);
            }
        }
        finally
        {
            await end.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    private ValueTask<HttpProtocolResponse> HandleAsync(RequestState state, byte[] body, string accept, CancellationToken cancellationToken) =>
        protocol.HandleAsync(
            new HttpProtocolRequest
            {
                Method = "POST",
                Accept = accept,
                ContentType = MediaTypeNames.Application.Json,
                ContentLength = body.Length,
                QueryParameter = _ => null,
                Body = PipeReader.Create(new ReadOnlySequence<byte>(body)),
                State = state,
                Services = services,
            },
            cancellationToken);

    private static async Task WriteAsync(HttpProtocolResponse answer, PipeWriter output, CancellationToken cancellationToken)
    {
        try
        {
            await answer.WriteEventsAsync(output.AsStream(), cancellationToken);
        }
        finally
        {
            await output.CompleteAsync();
        }
    }

    private static JsonElement Read(HttpProtocolResponse answer)
    {
        var bytes = new ArrayBufferWriter<byte>();
        answer.WriteTo(bytes);
        var reader = new Utf8JsonReader(bytes.WrittenSpan, new JsonReaderOptions { MaxDepth = 512 });
        return JsonElement.ParseValue(ref reader);
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 512 });
        return document.RootElement.Clone();
    }
}
