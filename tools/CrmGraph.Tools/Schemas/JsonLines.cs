using System.Text.Encodings.Web;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Sdl;

namespace CrmGraph.Tools.Schemas;

/// <summary>Writes results to standard output, one JSON object a line.</summary>
public sealed class JsonLines : IDisposable
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();
    private readonly Stream _output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
    private readonly Utf8JsonWriter _writer;

    public JsonLines() => _writer = new(_output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public void Dispose()
    {
        _writer.Dispose();
        _output.Dispose();
    }

    /// <param name="kind">What was judged: <c>schema</c> or <c>document</c>.</param>
    public void Judged(JsonElement id, string kind, IReadOnlyList<GraphQLError> errors) => Line(id, writer =>
    {
        writer.WriteString("kind", kind);
        writer.WriteBoolean("valid", errors.Count == 0);
        Errors(writer, "errors", errors);
    });

    public void Compared(JsonElement id, IReadOnlyList<SchemaChange> changes) => Line(id, writer =>
    {
        writer.WriteBoolean("breaking", changes.Any(static c => c.Severity == ChangeSeverity.Breaking));
        writer.WriteStartArray("changes");
        foreach (var change in changes)
        {
            writer.WriteStartObject();
            writer.WriteString("severity", change.Severity.ToString().ToUpperInvariant());
            writer.WriteString("kind", change.Kind);
            writer.WriteString("message", change.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>One of the two schemas of a comparison is none.</summary>
    public void NotCompared(JsonElement id, IReadOnlyList<GraphQLError> oldErrors, IReadOnlyList<GraphQLError> newErrors) => Line(id, writer =>
    {
        Errors(writer, "oldErrors", oldErrors);
        Errors(writer, "newErrors", newErrors);
    });

    private void Line(JsonElement id, Action<Utf8JsonWriter> members)
    {
        _writer.WriteStartObject();
        if (id.ValueKind != JsonValueKind.Undefined)
        {
            _writer.WritePropertyName("id");
            id.WriteTo(_writer);
        }

        members(_writer);
        _writer.WriteEndObject();
        _writer.Flush();
        _writer.Reset();
        _output.Write(NewLine);
    }

    private static void Errors(Utf8JsonWriter writer, string name, IReadOnlyList<GraphQLError> errors)
    {
        writer.WriteStartArray(name);
        foreach (var error in errors)
        {
            writer.WriteStartObject();
            writer.WriteString("rule", error.Rule);
            writer.WriteString("message", error.Message);
            writer.WriteStartArray("locations");
            foreach (var place in error.Locations)
            {
                writer.WriteStartObject();
                writer.WriteNumber("line", place.Line);
                writer.WriteNumber("column", place.Column);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
