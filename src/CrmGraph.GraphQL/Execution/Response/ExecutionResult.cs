using System.Buffers;
using System.Text.Json;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Columns;

namespace CrmGraph.GraphQL.Execution.Response;

/// <summary>What a request leads to: one response, or a stream of responses (<see cref="Stream"/>) for a subscription that was opened.</summary>
public sealed class ExecutionResult
{
    private readonly ObjectGroup? _data;
    private byte[]? _written;

    internal ExecutionResult(IReadOnlyList<GraphQLError> errors, bool hasData, ObjectGroup? data)
    {
        Errors = errors;
        HasData = hasData;
        _data = data;
    }

    internal ExecutionResult(IAsyncEnumerable<ExecutionResult> stream)
    {
        Errors = [];
        Stream = stream;
    }

    /// <summary>Neither data nor errors: the operation was only to be priced.</summary>
    internal static ExecutionResult Nothing() => new([], false, null);

    public static ExecutionResult Failed(params IReadOnlyList<GraphQLError> errors) => new(errors, false, null);

    public IReadOnlyList<GraphQLError> Errors { get; }
    /// <summary>The response's <c>extensions</c> (section 7.1); null when there are none.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; private set; }
    /// <summary>What the operation cost; null when nobody wanted it priced.</summary>
    public CostReport? Cost { get; private set; }
    /// <summary>Whether execution began: the response has a <c>data</c> entry, which may be null. Without it the errors are request errors (section 7.1.1).</summary>
    public bool HasData { get; }
    public bool DataIsNull => _data is null;
    /// <summary>The responses of a subscription, to be enumerated once; ending the enumeration ends the subscription.</summary>
    public IAsyncEnumerable<ExecutionResult>? Stream { get; private set; }

    internal ExecutionResult With(CostReport? cost)
    {
        Cost = cost;
        if (cost is { IsShown: true })
            Extensions = CostGate.Extensions(cost);
        return this;
    }

    internal ExecutionResult With(string extension, object? value)
    {
        Extensions = new Dictionary<string, object?>(Extensions ?? new Dictionary<string, object?>()) { [extension] = value };
        return this;
    }

    /// <summary>Puts a stream around the one there is.</summary>
    internal ExecutionResult Within(Func<IAsyncEnumerable<ExecutionResult>, IAsyncEnumerable<ExecutionResult>> around)
    {
        if (Stream is not null)
            Stream = around(Stream);
        return this;
    }

    /// <summary>Writes the response as JSON. Throws <see cref="InvalidOperationException"/> for a stream.</summary>
    public void WriteTo(IBufferWriter<byte> output, ErrorLabels? labels = null)
    {
        if (Stream is not null)
            throw new InvalidOperationException("A stream is written response by response.");
        using var writer = new Utf8JsonWriter(output, ResultWriter.Options);
        WriteTo(writer, labels);
    }

    /// <inheritdoc cref="WriteTo(IBufferWriter{byte}, ErrorLabels?)"/>
    public void WriteTo(Utf8JsonWriter writer, ErrorLabels? labels = null)
    {
        if (_written is { } written)
            writer.WriteRawValue(written, skipInputValidation: true);
        else
            ResultWriter.Write(writer, Errors, HasData, _data, Extensions, labels);
    }

    /// <summary>What was written before; empty when nothing was.</summary>
    internal ReadOnlySpan<byte> WrittenBytes => _written;

    /// <summary>The same, written once for all who read it.</summary>
    internal ExecutionResult Written(ErrorLabels? labels)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        WriteTo(buffer, labels);
        _written = buffer.WrittenSpan.ToArray();
        return this;
    }

    public byte[] ToUtf8()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        WriteTo(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The response as parsed JSON, for callers inside the process.</summary>
    public JsonElement ToJson()
    {
        using var document = JsonDocument.Parse(ToUtf8(), new JsonDocumentOptions { MaxDepth = 512 });
        return document.RootElement.Clone();
    }

    public override string ToString() => Stream is not null ? "a stream" : System.Text.Encoding.UTF8.GetString(ToUtf8());
}
