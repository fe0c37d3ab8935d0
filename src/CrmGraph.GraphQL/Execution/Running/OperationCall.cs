using System.Text.Json;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution.Running;

/// <summary>One execution of a prepared operation, as it is asked for.</summary>
/// <param name="Variables">As they were sent.</param>
internal readonly record struct OperationCall(
    PreparedOperation Operation,
    JsonElement Variables,
    RequestState State,
    IServiceProvider Services,
    CancellationToken CancellationToken);
