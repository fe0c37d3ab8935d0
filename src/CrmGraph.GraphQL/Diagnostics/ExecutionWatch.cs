using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Execution.Running;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Diagnostics;

/// <summary>Stands around executions: a span and measurements for whoever listens to <see cref="EngineTelemetry"/>, and a word to the host when one was slow.</summary>
/// <param name="run">The execution; its statements are counted when there is a tally.</param>
/// <param name="slowMilliseconds">0 for never.</param>
internal sealed class ExecutionWatch(Func<OperationCall, StatementTally?, ValueTask<ExecutionResult>> run, Action<SlowOperation>? onSlow, int slowMilliseconds)
{
    public ValueTask<ExecutionResult> RunAsync(OperationCall call) => EngineTelemetry.HasListeners ? MeasureAsync(call) : TimeAsync(call);

    private async ValueTask<ExecutionResult> MeasureAsync(OperationCall call)
    {
        var definition = call.Operation.Definition;
        using var activity = definition is null ? null : EngineTelemetry.Operation(definition);
        var began = Stopwatch.GetTimestamp();
        EngineTelemetry.Running(1);
        try
        {
            ExecutionResult result;
            using (EngineTelemetry.Begin("execute"))
                result = await TimeAsync(call);
            EngineTelemetry.End(activity, definition, result, Stopwatch.GetElapsedTime(began), () => HashOf(call.Operation));
            return result.Within(static stream => CountAsync(stream));
        }
        finally
        {
            EngineTelemetry.Running(-1);
        }
    }

    private static async IAsyncEnumerable<ExecutionResult> CountAsync(
        IAsyncEnumerable<ExecutionResult> stream,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        EngineTelemetry.Opened(1);
        try
        {
            await foreach (var response in stream.WithCancellation(cancellationToken))
                yield return response;
        }
        finally
        {
            EngineTelemetry.Opened(-1);
        }
    }

    private ValueTask<ExecutionResult> TimeAsync(OperationCall call) => call.State.Get<ExplainedStatements>() is { } log && log.Take()
        ? ExplainAsync(call, log)
        : onSlow is not null && slowMilliseconds > 0 && call.Operation is { Plan.IsTrivial: false, Definition: { } definition }
            ? TimeAsync(call, definition, onSlow)
            : run(call, null);

    private async ValueTask<ExecutionResult> ExplainAsync(OperationCall call, ExplainedStatements log)
    {
        // Here, so that no statement is missed, whichever method of a field asks for the services.
        var tally = new StatementTally(log);
        StatementTally.Enter(tally);
        var result = await run(call, tally);
        return log.IsShown ? result.With("explain", await log.ShownAsync(call.CancellationToken)) : result;
    }

    private async ValueTask<ExecutionResult> TimeAsync(OperationCall call, OperationDefinitionNode definition, Action<SlowOperation> tell)
    {
        var began = Stopwatch.GetTimestamp();
        var tally = new StatementTally();
        var result = await run(call, tally);
        var duration = Stopwatch.GetElapsedTime(began);
        var preparation = call.Operation.TakePreparation();
        // A subscription is open from here on; what its stream does later is no part of this.
        if ((preparation.Total + duration).TotalMilliseconds < slowMilliseconds)
            return result;
        var codes = result.Errors.Select(e => e.Code ?? "UNKNOWN").Distinct().ToList();
        tell(new SlowOperation(
            definition.Name?.Value,
            Printer.Word(definition.Operation),
            HashOf(call.Operation)!,
            preparation,
            duration,
            tally.Count,
            tally.Time,
            codes,
            call.State));
        return result;
    }

    private static string? HashOf(PreparedOperation operation) =>
        operation.DocumentText is { } text ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) : null;
}
