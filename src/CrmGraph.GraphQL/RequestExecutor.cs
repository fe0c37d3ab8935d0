using System.Text.Json;

namespace CrmGraph.GraphQL;

/// <summary>One request: a document, which of its operations, and its variables (a JSON object, or undefined).</summary>
public sealed record GraphQLRequest(string Query)
{
    public string? OperationName { get; init; }
    public JsonElement Variables { get; init; }
    public JsonElement Extensions { get; init; }
}
