using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Execution.Running;

/// <summary>Ends the whole execution.</summary>
internal sealed class ResponseTooLargeException(int maximum) : Exception
{
    public GraphQLError Error { get; }
        = new($"The response would have more than {maximum} objects and list items; ask for fewer.") { Code = ErrorCodes.ResponseTooLarge };
}
