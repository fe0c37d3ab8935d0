using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using CrmGraph.GraphQL.Coercion;
using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Transport;

/// <summary>Reads a request from its JSON parameters (GraphQL over HTTP, "Request Parameters"). Throws <see cref="GraphQLException"/>.</summary>
internal static class RequestReader
{
    private const int MaximumDepth = 128;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaximumDepth };

    private const string NoUnicode = "The JSON is not valid Unicode: bytes are not UTF-8, or a string or name holds half of a surrogate pair.";

    /// <summary>One request, or a batch of them where batches are switched on.</summary>
    public static (GraphQLRequest? Single, IReadOnlyList<GraphQLRequest>? Batch) FromBody(in ReadOnlySequence<byte> body, RequestExecutor executor)
    {
        var bytes = body.IsSingleSegment ? body.First : body.ToArray();
        if (FastRequestReader.TryRead(bytes.Span, MaximumDepth, executor) is { } request)
            return (request, null);
        // Anything unusual is read again, slowly, by the code that knows what to say about it. A byte order mark says nothing (RFC 8259, 8.1).
        if (bytes.Span.StartsWith("\uFEFF"u8))
            bytes = bytes["\uFEFF"u8.Length..];
        if (IsBlank(bytes.Span))
            throw Wrong("The request has no body; send a JSON object with a `query`.");
        using var document = Parse(bytes);
        return document.RootElement.ValueKind == JsonValueKind.Array && executor.Limits.BatchRequests > 0
            ? (null, Batch(document.RootElement, executor.Limits.BatchRequests))
            : (FromJson(document.RootElement), null);
    }

    /// <summary>From a parsed object; what the request keeps of it is copied.</summary>
    public static GraphQLRequest FromJson(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Wrong(root.ValueKind == JsonValueKind.Array
                ? "The body is a list; batches are not switched on here, send one JSON object."
                : "The body must be a JSON object with a `query`.");
        // Even to look up one name fails where another one is no Unicode.
        if (!JsonUnicode.IsValid(JsonMarshal.GetRawUtf8Value(root)))
            throw Wrong(NoUnicode);
        var query = Text(root, "query");
        return Complete(query is not null, new(query ?? "")
        {
            OperationName = Text(root, "operationName"),
            DocumentId = Text(root, "documentId") ?? Text(root, "id"),
            Variables = Map(root, "variables"),
            Extensions = Map(root, "extensions"),
        });
    }

    /// <summary>From the parameters of a URL; <c>variables</c> and <c>extensions</c> are JSON.</summary>
    public static GraphQLRequest FromQuery(Func<string, string?> parameter) => Complete(parameter("query") is not null, new(parameter("query") ?? "")
    {
        OperationName = parameter("operationName") is { Length: > 0 } name ? name : null,
        DocumentId = parameter("documentId") ?? parameter("id"),
        Variables = JsonParameter(parameter("variables"), "variables"),
        Extensions = JsonParameter(parameter("extensions"), "extensions"),
    });

    /// <summary>The request, when it brings a document or names one.</summary>
    private static GraphQLRequest Complete(bool hasQuery, GraphQLRequest request) => hasQuery || request.IsPersisted
        ? request
        : throw new GraphQLException(ErrorCodes.MissingQuery, "The request has no `query`; send the document as a string.");

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Options);
        }
        catch (JsonException e)
        {
            throw Wrong($"The body is not valid JSON: line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}.");
        }
    }

    private static List<GraphQLRequest> Batch(JsonElement list, int maximum)
    {
        var count = list.GetArrayLength();
        if (count == 0)
            throw Wrong("The batch has no requests.");
        return count <= maximum ? [.. list.EnumerateArray().Select(FromJson)] : throw Wrong($"The batch has {count} requests; at most {maximum} are allowed.");
    }

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

    private static bool IsBlank(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8).IsEmpty;

    private static GraphQLException Wrong(string message) => new(ErrorCodes.InvalidRequest, message);
}
