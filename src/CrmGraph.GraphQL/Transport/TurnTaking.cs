using System.Text.Json;
using CrmGraph.GraphQL.Admission;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Transport;

/// <summary>Executes a client's query or mutation when its turn comes. Operations inside others (reports) have their turn already.</summary>
internal static class TurnTaking
{
    public static async ValueTask<ExecutionResult> ExecuteInTurnAsync(
        this RequestExecutor executor, PreparedOperation operation, JsonElement variables, RequestState state, IServiceProvider services,
        CancellationToken cancellationToken)
    {
        var caller = TransportCaller.Of(state);
        if (!executor.Gate.TryEnter(caller) && await executor.Gate.WaitAsync(caller, cancellationToken) is { } refusal)
            return ExecutionResult.Failed(refusal);
        try
        {
            return await executor.ExecuteAsync(operation, variables, state, services, cancellationToken);
        }
        finally
        {
            executor.Gate.Leave(caller);
        }
    }
}
