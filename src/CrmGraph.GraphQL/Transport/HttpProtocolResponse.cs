using System.Buffers;
using System.Text.Json;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Response;

namespace CrmGraph.GraphQL.Transport;

/// <summary>
/// What the host answers: status and headers, then the body, written once by <see cref="WriteTo(AnswerBuffer)"/> or, for a stream of events, by
/// <see cref="WriteEventsAsync"/>, which must then be called.
/// </summary>
public sealed class HttpProtocolResponse
{
    private readonly ExecutionResult _result;
    private readonly IReadOnlyList<ExecutionResult>? _batch;
    private readonly SseProtocol? _events;

    internal HttpProtocolResponse(int status, string type, ExecutionResult result, SseProtocol? events = null)
    {
        StatusCode = status;
        ContentType = MediaTypes.WithCharset(type);
        _result = result;
        _events = events;
    }

    internal HttpProtocolResponse(string type, IReadOnlyList<ExecutionResult> batch) : this(200, type, batch[0]) => _batch = batch;

    public int StatusCode { get; }
    public string ContentType { get; }
    /// <summary>For 405: the methods that would be right.</summary>
    public string? Allow { get; init; }
    /// <summary>For 503: when to try again.</summary>
    public int? RetryAfterSeconds { get; init; }
    /// <summary>The answer to a GET that named its document and went well: the client may keep it and ask whether it still holds.</summary>
    public bool IsKeepable { get; init; }
    public bool IsEventStream => _events is not null;
    public IReadOnlyList<GraphQLError> Errors => _result.Errors;
    /// <summary>What the operation cost and left; null when it was not priced.</summary>
    public CostReport? Cost => _result.Cost;
    internal Action? Ended { get; init; }
    internal ErrorLabels? Labels { get; set; }

    public void WriteTo(AnswerBuffer output) => WriteTo(output.Json);

    public void WriteTo(IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, ResultWriter.Options);
        WriteTo(writer);
    }

    /// <summary>Writes events until the operation ends or <paramref name="cancellationToken"/> says that the client has gone; both end it without an exception.</summary>
    public async Task WriteEventsAsync(Stream output, CancellationToken cancellationToken)
    {
        try
        {
            await (_events ?? throw new InvalidOperationException("The response is not a stream of events.")).WriteAsync(_result, output, cancellationToken);
        }
        finally
        {
            Ended?.Invoke();
        }
    }

    private void WriteTo(Utf8JsonWriter writer)
    {
        if (_batch is null)
            _result.WriteTo(writer, Labels);
        else
        {
            writer.WriteStartArray();
            foreach (var result in _batch)
                result.WriteTo(writer, Labels);
            writer.WriteEndArray();
        }

        writer.Flush();
    }
}
