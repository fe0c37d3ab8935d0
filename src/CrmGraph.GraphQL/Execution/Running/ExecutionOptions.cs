using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Execution.Running;

/// <summary>What is the same for all operations of one server.</summary>
/// <param name="Explain">What clients are told of an exception that the host knows; null, or without this, it is masked.</param>
/// <param name="Report">Gets every exception that is masked.</param>
internal sealed record ExecutionOptions(
    GraphQLLimits Limits,
    TimeProvider TimeProvider,
    Func<Exception, GraphQLError?>? Explain,
    Action<UnexpectedError>? Report);
