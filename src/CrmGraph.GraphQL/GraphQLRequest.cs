using System.Text.Json;
using CrmGraph.GraphQL.Documents;

namespace CrmGraph.GraphQL;

/// <summary>One request: a document, which of its operations, and its variables (a JSON object, or undefined).</summary>
/// <param name="Query">The document; empty when the request names one that the server has: by <see cref="DocumentId"/> or, in its extensions, by its hash.</param>
public sealed record GraphQLRequest(string Query)
{
    public string? OperationName { get; init; }
    /// <summary>The id or SHA-256 of a document that the server has.</summary>
    public string? DocumentId { get; init; }
    public JsonElement Variables { get; init; }
    public JsonElement Extensions { get; init; }

    /// <summary>The document as the cache found it by the bytes of the request.</summary>
    internal PreparedDocument? Known { get; init; }
    /// <summary>The bytes of the request by which the cache may find it the next time.</summary>
    internal byte[]? Json { get; init; }
    /// <summary>The request names its document, whether or not it brings it too: its answer to GET may be kept by the client.</summary>
    internal bool IsPersisted => DocumentId is not null || PersistedDocuments.IsNamedBy(Extensions);
}
