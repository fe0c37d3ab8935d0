using System.Text.Json;
using CrmGraph.GraphQL.Coercion;

namespace CrmGraph.GraphQL.Transport;

/// <summary>
/// The usual request in one pass over its bytes: no tree of the whole body, and no text of a document that the cache knows by its bytes. It
/// answers null to whatever is not plainly right, and <see cref="RequestReader"/> says what is wrong.
/// </summary>
internal static class FastRequestReader
{
    public static GraphQLRequest? TryRead(ReadOnlySpan<byte> body, int maximumDepth, RequestExecutor executor)
    {
        try
        {
            var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = maximumDepth });
            return json.Read() && json.TokenType == JsonTokenType.StartObject ? Members(body, ref json, executor) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static GraphQLRequest? Members(ReadOnlySpan<byte> body, ref Utf8JsonReader json, RequestExecutor executor)
    {
        Range? query = null;
        string? operationName = null, documentId = null, id = null;
        JsonElement variables = default, extensions = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var fits = true;
            if (json.ValueTextEquals("query"u8))
                fits = Inside(ref json, out query);
            else if (json.ValueTextEquals("variables"u8))
                fits = Map(ref json, out variables);
            else if (json.ValueTextEquals("operationName"u8))
                fits = Text(ref json, out operationName);
            else if (json.ValueTextEquals("extensions"u8))
                fits = Map(ref json, out extensions);
            else if (json.ValueTextEquals("documentId"u8))
                fits = Text(ref json, out documentId);
            else if (json.ValueTextEquals("id"u8))
                fits = Text(ref json, out id);
            else
                json.Skip();
            if (!fits)
                return null;
        }

        // Reading on says so when something stands behind the object.
        if (json.Read() || !JsonUnicode.IsValid(body))
            return null;
        ReadOnlySpan<byte> document = query is { } range ? body[range] : default;
        var known = document.IsEmpty ? null : executor.Known(document);
        var request = new GraphQLRequest(known?.Text ?? Unescape(document))
        {
            Known = known,
            Json = known is null && !document.IsEmpty ? document.ToArray() : null,
            OperationName = operationName,
            DocumentId = documentId ?? id,
            Variables = variables,
            Extensions = extensions,
        };
        return query is not null || request.IsPersisted ? request : null;
    }

    /// <summary>Where in the body the string's inside stands.</summary>
    private static bool Inside(ref Utf8JsonReader json, out Range? range)
    {
        json.Read();
        var start = (int)json.TokenStartIndex + 1;
        range = json.TokenType == JsonTokenType.String ? start..(start + json.ValueSpan.Length) : null;
        return json.TokenType is JsonTokenType.String or JsonTokenType.Null;
    }

    private static bool Text(ref Utf8JsonReader json, out string? text)
    {
        json.Read();
        text = json.TokenType == JsonTokenType.String ? json.GetString() : null;
        return json.TokenType is JsonTokenType.String or JsonTokenType.Null;
    }

    private static bool Map(ref Utf8JsonReader json, out JsonElement map)
    {
        map = default;
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
            return true;
        if (json.TokenType != JsonTokenType.StartObject)
            return false;
        var inside = json;
        if (inside.Read() && inside.TokenType == JsonTokenType.EndObject)
            json = inside;
        else
            map = JsonElement.ParseValue(ref json);
        return true;
    }

    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty)
            return "";
        // The reader knows the escapes; it wants the quotes that it has taken off.
        Span<byte> quoted = new byte[raw.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        raw.CopyTo(quoted[1..]);
        var json = new Utf8JsonReader(quoted);
        json.Read();
        return json.GetString()!;
    }
}
