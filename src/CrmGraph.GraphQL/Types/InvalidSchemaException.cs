using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Types;

/// <summary>A schema is not valid. The message lists all errors; locations are those in the SDL, when there is one.</summary>
public sealed class InvalidSchemaException(IReadOnlyList<GraphQLError> errors) : Exception(string.Join('\n', errors.Select(Line)))
{
    public IReadOnlyList<GraphQLError> Errors { get; } = errors;

    private static string Line(GraphQLError error)
        => error.Locations.Count == 0 ? error.Message : $"{error.Locations[0].Line}:{error.Locations[0].Column} {error.Message}";
}
