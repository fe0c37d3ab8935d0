using System.Buffers;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Response;

namespace CrmGraph.GraphQL.Transport;

/// <summary>Outgoing messages of graphql-transport-ws.</summary>
internal static class ProtocolMessages
{
    /// <summary>A message without id; a <c>pong</c> carries the payload of its <c>ping</c>.</summary>
    public static byte[] Plain(string type, JsonElement answered = default) => Write(writer =>
    {
        writer.WriteString("type"u8, type);
        if (answered.ValueKind == JsonValueKind.Object && answered.TryGetProperty("payload", out var payload) && payload.ValueKind == JsonValueKind.Object)
        {
            writer.WritePropertyName("payload"u8);
            payload.WriteTo(writer);
        }
    });

    /// <summary>Every <c>next</c> of an operation up to its payload.</summary>
    public static byte[] NextHead(string id)
    {
        // Without the brace that closes the object.
        var head = Write(writer => Head(writer, id, "next")).AsSpan()[..^1];
        return [.. head, .. ",\"payload\":"u8];
    }

    /// <param name="head">As of <see cref="NextHead"/>.</param>
    public static byte[] Next(byte[] head, ExecutionResult response, ErrorLabels? labels)
    {
        if (response.WrittenBytes is { Length: > 0 } written)
            return [.. head, .. written, (byte)'}'];
        var buffer = new ArrayBufferWriter<byte>(256);
        buffer.Write(head);
        response.WriteTo(buffer, labels);
        buffer.Write("}"u8);
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Error(string id, IReadOnlyList<GraphQLError> errors, ErrorLabels? labels) => Write(writer =>
    {
        Head(writer, id, "error");
        writer.WritePropertyName("payload"u8);
        ResultWriter.Write(writer, errors, labels);
    });

    public static byte[] Complete(string id) => Write(writer => Head(writer, id, "complete"));

    private static void Head(Utf8JsonWriter writer, string id, string type)
    {
        writer.WriteString("id"u8, id);
        writer.WriteString("type"u8, type);
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, ResultWriter.Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
