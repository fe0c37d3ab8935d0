using System.Runtime.InteropServices;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution;

namespace CrmGraph.GraphQL.Transport;

/// <summary>Reads a request from its JSON parameters (GraphQL over HTTP, "Request Parameters"). Throws <see cref="GraphQLException"/>.</summary>
internal static class RequestReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    private const string NoUnicode = "The JSON is not valid Unicode: a string or name holds half of a surrogate pair.";

    public static GraphQLRequest FromJson(ReadOnlyMemory<byte> body)
    {
        if (IsBlank(body.Span))
            throw Wrong("The request has no body; send a JSON object with a `query`.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Options);
        }
        catch (JsonException e)
        {
            throw Wrong($"The body is not valid JSON: line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}.");
        }

        using (document)
            return FromJson(document.RootElement);
    }

    /// <summary>From a parsed object; what the request keeps of it is copied.</summary>
    public static GraphQLRequest FromJson(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Wrong(root.ValueKind == JsonValueKind.Array ? "The body is a list; batches are not supported, send one JSON object." : "The body must be a JSON object with a `query`.");
        // Even to look up one name fails where another one is no Unicode.
        if (!JsonUnicode.IsValid(JsonMarshal.GetRawUtf8Value(root)))
            throw Wrong(NoUnicode);
        return new GraphQLRequest(Text(root, "query") ?? throw Missing())
        {
            OperationName = Text(root, "operationName"),
            Variables = Map(root, "variables"),
            Extensions = Map(root, "extensions"),
        };
    }

    /// <summary>From the parameters of a URL; <c>variables</c> and <c>extensions</c> are JSON.</summary>
    public static GraphQLRequest FromQuery(Func<string, string?> parameter) => new(parameter("query") ?? throw Missing())
    {
        OperationName = parameter("operationName") is { Length: > 0 } name ? name : null,
        Variables = JsonParameter(parameter("variables"), "variables"),
        Extensions = JsonParameter(parameter("extensions"), "extensions"),
    };

    private static GraphQLException Missing() => new(ErrorCodes.MissingQuery, "The request has no `query`; send the document as a string.");

    private static string? Text(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            throw Wrong($"`{name}` must be a string.");
        return value.GetString();
    }

    private static JsonElement Map(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return default;
        return value.ValueKind == JsonValueKind.Object ? value.Clone() : throw Wrong($"`{name}` must be a JSON object.");
    }

    private static JsonElement JsonParameter(string? text, string name)
    {
        if (string.IsNullOrEmpty(text))
            return default;
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Object when !JsonUnicode.IsValid(JsonMarshal.GetRawUtf8Value(document.RootElement)) => throw Wrong(NoUnicode),
                JsonValueKind.Object => document.RootElement.Clone(),
                JsonValueKind.Null => default,
                _ => throw Wrong($"`{name}` must be a JSON object."),
            };
        }
        // Half of a surrogate pair cannot become UTF-8.
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Wrong($"`{name}` is not valid JSON.");
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> body)
    {
        foreach (var b in body)
            if (b is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                return false;
        return true;
    }

    private static GraphQLException Wrong(string message) => new(ErrorCodes.InvalidRequest, message);
}
