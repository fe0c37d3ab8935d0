namespace CrmGraph.GraphQL.Errors;

/// <summary>Line and column of an error in the document, both from 1 (section 7.1.2).</summary>
public readonly record struct SourceLocation(int Line, int Column);

/// <summary>
/// One entry of <c>errors</c> in a response (section 7.1.2). <see cref="Code"/> is written as <c>extensions.code</c>;
/// <see cref="Rule"/> names the validation rule that found it and is not written to clients.
/// </summary>
public sealed record GraphQLError(string Message)
{
    public string? Code { get; init; }
    public IReadOnlyList<SourceLocation> Locations { get; init; } = [];

    /// <summary>Response keys (string) and list indices (int) from the root.</summary>
    public IReadOnlyList<object>? Path { get; init; }
    public IReadOnlyDictionary<string, object?>? Extensions { get; init; }
    public string? Rule { get; init; }
}

/// <summary>A mistake of the caller: code and message reach the client as they are. Anything else that is thrown is masked.</summary>
public sealed class GraphQLException(GraphQLError error) : Exception(error.Message)
{
    public GraphQLException(string code, string message) : this(new GraphQLError(message) { Code = code }) { }

    public GraphQLError Error { get; } = error;
}
