using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using CrmGraph.GraphQL.Execution;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Diagnostics;

/// <summary>Executes an operation while somebody watches: a span, measurements, and a word to the host when it was slow.</summary>
internal static class WatchedExecution
{
    public static async ValueTask<ExecutionResult> RunAsync(PreparedOperation operation, RequestState state, RequestExecutorOptions options, Func<ValueTask<ExecutionResult>> execute)
    {
        var definition = operation.Definition;
        using var activity = definition is null ? null : EngineTelemetry.Operation(definition);
        var slow = options.OnSlowOperation is null || options.Limits.SlowOperationMilliseconds <= 0 ? null : StatementTally.Begin();
        var began = Stopwatch.GetTimestamp();
        EngineTelemetry.Running(1);
        try
        {
            ExecutionResult result;
            using (EngineTelemetry.Begin("execute"))
                result = await execute().ConfigureAwait(false);
            var duration = Stopwatch.GetElapsedTime(began);
            EngineTelemetry.End(activity, definition, result, duration, () => HashOf(operation));
            if (slow is not null && definition is not null)
                Report(operation, definition, state, options, result, duration, slow);
            return result;
        }
        finally
        {
            EngineTelemetry.Running(-1);
        }
    }

    private static void Report(PreparedOperation operation, OperationDefinitionNode definition, RequestState state, RequestExecutorOptions options, ExecutionResult result, TimeSpan duration, StatementTally statements)
    {
        var preparation = operation.TakePreparation();
        // A subscription is open from here on; what its stream does later is no part of this.
        if ((preparation.Total + duration).TotalMilliseconds < options.Limits.SlowOperationMilliseconds)
            return;
        var codes = result.Errors.Select(e => e.Code ?? "UNKNOWN").Distinct().ToList();
        options.OnSlowOperation!(new SlowOperation(definition.Name?.Value, Printer.Word(definition.Operation), HashOf(operation)!, preparation, duration, statements.Count, statements.Time, codes, state));
    }

    private static string? HashOf(PreparedOperation operation) =>
        operation.DocumentText is { } text ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) : null;
}
