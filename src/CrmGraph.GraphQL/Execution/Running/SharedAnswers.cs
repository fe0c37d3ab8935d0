using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution.Running;

/// <summary>
/// What operations came to on one event: subscribers of one <see cref="Audience"/> with the same operation and variables are given the same answer,
/// executed and written once. It lives as long as its event.
/// </summary>
internal sealed class SharedAnswers
{
    private static readonly ConditionalWeakTable<object, SharedAnswers> _ofEvents = [];

    private readonly ConcurrentDictionary<Question, Lazy<Task<ExecutionResult>>> _answers = new();

    public readonly record struct Question(PlanVariant Plan, string Variables, Audience Audience);

    /// <summary>Executes the operation on an event, or waits for whoever does.</summary>
    /// <param name="question">Null when the answer is not to be shared.</param>
    public static ValueTask<ExecutionResult> ExecuteAsync(OperationRun run, object? happened, Question? question, CancellationToken cancellationToken)
    {
        if (question is not { } asked || happened is null)
            return run.ExecuteAsync(happened, cancellationToken);
        var answers = _ofEvents.GetValue(happened, static _ => new());
        // One who leaves does not take the answer from the others.
        var answer = answers._answers.TryGetValue(asked, out var known) ? known.Value : answers.First(asked, run, happened);
        return answer.IsCompletedSuccessfully ? new(answer.Result) : new(answer.WaitAsync(cancellationToken));
    }

    private Task<ExecutionResult> First(Question asked, OperationRun run, object happened) =>
        _answers.GetOrAdd(asked, _ => new(() => WrittenAsync(run, happened))).Value;

    private static async Task<ExecutionResult> WrittenAsync(OperationRun run, object happened) =>
        (await run.ExecuteAsync(happened, CancellationToken.None)).Written(run.State.Get<ErrorLabels>());
}
