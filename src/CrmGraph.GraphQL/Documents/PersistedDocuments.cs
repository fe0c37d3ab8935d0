using System.Text.Json;
using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Documents;

/// <summary>
/// Which document a request means when it names one: trusted documents, and automatic persisted operations as Apollo's clients speak them. A
/// client first sends the hash alone; when that is not known, the hash with the document, which from then on is found by it as long as its
/// plan is kept.
/// </summary>
internal sealed class PersistedDocuments(TrustedDocuments trusted, PlanCache cache)
{
    private const string Member = "persistedQuery";
    // Clients recognise the answer by these words.
    private const string NotFoundMessage = "PersistedQueryNotFound";

    public static bool IsNamedBy(JsonElement extensions)
        => extensions.ValueKind == JsonValueKind.Object && extensions.TryGetProperty(Member, out var named) && named.ValueKind == JsonValueKind.Object;

    /// <summary>The text to execute, or the prepared document, or the error; and the hash under which the document is to be kept once it has proved valid.</summary>
    public (string? Text, PreparedDocument? Prepared, GraphQLError? Error, string? Register) Find(string query, string? documentId, JsonElement extensions)
    {
        if (documentId is { } id)
            return query.Length > 0 ? Wrong("Send the document or its id, not both.") : ById(id);
        if (!IsNamedBy(extensions))
            return Allowed(query);
        var named = extensions.GetProperty(Member);
        if (!named.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number)
            || number != 1)
            return Wrong("extensions.persistedQuery.version must be 1.");
        if (!named.TryGetProperty("sha256Hash", out var given) || given.ValueKind != JsonValueKind.String || given.GetString() is not { Length: 64 } text)
            return Wrong("extensions.persistedQuery.sha256Hash must be the document's SHA-256 as 64 hexadecimal digits.");
        var hash = text.ToLowerInvariant();
        if (query.Length == 0)
            return ByHash(hash);
        return TrustedDocuments.HashOf(query) != hash ? Wrong("provided sha does not match query") : Allowed(query) with { Register = hash };
    }

    private (string?, PreparedDocument?, GraphQLError?, string?) ById(string id)
    {
        if (trusted.TryFind(id, out var text))
            return (text, null, null, null);
        var hash = id.StartsWith("sha256:", StringComparison.Ordinal) ? id[7..] : id;
        return !trusted.IsExclusive && cache.FindHash(hash.ToLowerInvariant()) is { } registered
            ? (null, registered, null, null)
            : (null, null, new GraphQLError("There is no document of this id.") { Code = ErrorCodes.DocumentNotFound }, null);
    }

    private (string?, PreparedDocument?, GraphQLError?, string?) ByHash(string hash)
    {
        if (trusted.TryFind(hash, out var text))
            return (text, null, null, null);
        return !trusted.IsExclusive && cache.FindHash(hash) is { } registered
            ? (null, registered, null, null)
            : (null, null, new GraphQLError(NotFoundMessage) { Code = ErrorCodes.DocumentNotFound }, null);
    }

    private (string? Text, PreparedDocument? Prepared, GraphQLError? Error, string? Register) Allowed(string query) =>
        trusted.IsExclusive && !trusted.Has(query)
            ? (null, null, new GraphQLError("Only persisted operations are allowed: name a document of this server by id or documentId.")
            {
                Code = ErrorCodes.OnlyPersisted
            }, null)
        : (query, null, null, null);

    private static (string?, PreparedDocument?, GraphQLError?, string?) Wrong(string message)
        => (null, null, new GraphQLError(message) { Code = ErrorCodes.InvalidRequest }, null);
}
