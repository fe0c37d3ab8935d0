using System.Text.Encodings.Web;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Columns;

namespace CrmGraph.GraphQL.Execution.Response;

/// <summary>Writes a response (section 7.1) once, as UTF-8: <c>errors</c> first, then <c>data</c>, then <c>extensions</c>.</summary>
internal static class ResultWriter
{
    // Chinese text stays readable and small; the structure is right by construction.
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Write(
        Utf8JsonWriter writer,
        IReadOnlyList<GraphQLError> errors,
        bool hasData,
        ObjectGroup? data,
        IReadOnlyDictionary<string, object?>? extensions,
        ErrorLabels? labels)
    {
        writer.WriteStartObject();
        if (errors.Count > 0)
        {
            writer.WritePropertyName("errors"u8);
            Write(writer, errors, labels);
        }

        if (hasData)
        {
            writer.WritePropertyName("data"u8);
            if (data is null)
                writer.WriteNullValue();
            else
                data.Write(writer, 0);
        }

        if (extensions is { Count: > 0 })
        {
            writer.WritePropertyName("extensions"u8);
            JsonSerializer.Serialize(writer, extensions);
        }

        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<GraphQLError> errors, ErrorLabels? labels)
    {
        writer.WriteStartArray();
        foreach (var error in errors)
            Write(writer, error, labels);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, GraphQLError error, ErrorLabels? labels)
    {
        writer.WriteStartObject();
        writer.WriteString("message"u8, error.Message);
        if (error.Locations.Count > 0)
        {
            writer.WriteStartArray("locations"u8);
            foreach (var location in error.Locations)
            {
                writer.WriteStartObject();
                writer.WriteNumber("line"u8, location.Line);
                writer.WriteNumber("column"u8, location.Column);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (error.Path is { } path)
        {
            writer.WriteStartArray("path"u8);
            foreach (var step in path)
            {
                if (step is int index)
                    writer.WriteNumberValue(index);
                else
                    writer.WriteStringValue((string)step);
            }

            writer.WriteEndArray();
        }

        Extensions(writer, error, labels);
        writer.WriteEndObject();
    }

    private static void Extensions(Utf8JsonWriter writer, GraphQLError error, ErrorLabels? labels)
    {
        if (error.Code is null && error.Extensions is not { Count: > 0 })
            return;
        writer.WriteStartObject("extensions"u8);
        if (error.Code is { } code)
        {
            writer.WriteString("code"u8, code);
            if (labels?.Of(code) is { } label)
                writer.WriteString("codeLabel"u8, label);
        }

        foreach (var (name, value) in error.Extensions ?? new Dictionary<string, object?>())
        {
            if (name == "code" && error.Code is not null)
                continue;
            writer.WritePropertyName(name);
            if (value is null)
                writer.WriteNullValue();
            else
                JsonSerializer.Serialize(writer, value, value.GetType());
        }

        writer.WriteEndObject();
    }
}
