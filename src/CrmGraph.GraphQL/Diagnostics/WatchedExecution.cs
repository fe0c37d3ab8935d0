using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Diagnostics;

/// <summary>Executes an operation while somebody watches: a span and measurements, and a word to the host when it was slow.</summary>
internal static class WatchedExecution
{
    /// <summary>For listeners of <see cref="EngineTelemetry"/>.</summary>
    public static async ValueTask<ExecutionResult> RunAsync(PreparedOperation operation, Func<ValueTask<ExecutionResult>> execute)
    {
        var definition = operation.Definition;
        using var activity = definition is null ? null : EngineTelemetry.Operation(definition);
        var began = Stopwatch.GetTimestamp();
        EngineTelemetry.Running(1);
        try
        {
            ExecutionResult result;
            using (EngineTelemetry.Begin("execute"))
                result = await execute().ConfigureAwait(false);
            EngineTelemetry.End(activity, definition, result, Stopwatch.GetElapsedTime(began), () => HashOf(operation));
            return result.Within(static stream => Counted(stream));
        }
        finally
        {
            EngineTelemetry.Running(-1);
        }
    }

    private static async IAsyncEnumerable<ExecutionResult> Counted(IAsyncEnumerable<ExecutionResult> stream, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        EngineTelemetry.Opened(1);
        try
        {
            await foreach (var response in stream.WithCancellation(cancellationToken).ConfigureAwait(false))
                yield return response;
        }
        finally
        {
            EngineTelemetry.Opened(-1);
        }
    }

    /// <summary>Tells the host of an operation that has taken too long.</summary>
    public static void Report(PreparedOperation operation, OperationDefinitionNode definition, RequestState state, Action<SlowOperation> tell, double thresholdMilliseconds, ExecutionResult result, TimeSpan duration, StatementTally statements)
    {
        var preparation = operation.TakePreparation();
        // A subscription is open from here on; what its stream does later is no part of this.
        if ((preparation.Total + duration).TotalMilliseconds < thresholdMilliseconds)
            return;
        var codes = result.Errors.Select(e => e.Code ?? "UNKNOWN").Distinct().ToList();
        tell(new SlowOperation(definition.Name?.Value, Printer.Word(definition.Operation), HashOf(operation)!, preparation, duration, statements.Count, statements.Time, codes, state));
    }

    private static string? HashOf(PreparedOperation operation) =>
        operation.DocumentText is { } text ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) : null;
}
