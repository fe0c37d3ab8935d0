using System.Runtime.CompilerServices;
using System.Text.Json;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution.Running;

/// <summary>Subscribe (section 6.2.3): opens the source stream and executes the operation for each of its events.</summary>
internal static class SubscriptionStream
{
    /// <param name="variables">As they were sent.</param>
    public static async ValueTask<ExecutionResult> OpenAsync(
        OperationRun run, JsonElement variables, StreamAllowance? allowance, CancellationToken cancellationToken)
    {
        if (run.Plan.Root.Fields is not [var field])
            return ExecutionResult.Failed(new GraphQLError("A subscription must select exactly one field.") { Code = ErrorCodes.ValidationFailed });
        // One life for the source and its services: it ends when the enumeration of the responses ends.
        var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var own = run.State.Copy();
        if (allowance is not null)
            own.Set(allowance);
        var context = new FieldContext(run.Executor(new ErrorLog(0, null), own, life.Token), field, ObjectGroup.Root(run.Plan.Root, null));
        try
        {
            var subscribe = field.Definition.Subscribe
                ?? throw new InvalidOperationException($"{field.ParentType.Name}.{field.Definition.Name} has no stream to open.");
            var events = await subscribe(context);
            SharedAnswers.Question? question = run.State.Get<Audience>() is { } audience
                ? new(run.Plan, variables.ValueKind == JsonValueKind.Undefined ? "" : variables.GetRawText(), audience)
                : null;
            return new ExecutionResult(Responses(run, field, new(events, question), context, own, life, CancellationToken.None));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            await context.DisposeAsync();
            await own.DisposeAddedAsync(run.State);
            life.Dispose();
            return ExecutionResult.Failed(Located(run, field, e));
        }
        catch
        {
            await context.DisposeAsync();
            await own.DisposeAddedAsync(run.State);
            life.Dispose();
            throw;
        }
    }

    private static async IAsyncEnumerable<ExecutionResult> Responses(
        OperationRun run,
        PlannedField field,
        Source stream,
        FieldContext context,
        RequestState own,
        CancellationTokenSource life,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var ending = life;
        await using var services = context;
        await using var added = new Added(own, run.State);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(life.Token, cancellationToken);
        await using var source = stream.Events.GetAsyncEnumerator(linked.Token);
        while (true)
        {
            ExecutionResult? failed = null;
            try
            {
                if (!await source.MoveNextAsync())
                    yield break;
            }
            catch (OperationCanceledException) when (linked.IsCancellationRequested)
            {
                yield break;
            }
            catch (Exception e)
            {
                failed = ExecutionResult.Failed(Located(run, field, e));
            }

            if (failed is not null)
            {
                yield return failed;
                yield break;
            }

            yield return await SharedAnswers.ExecuteAsync(run, source.Current, stream.Question, linked.Token);
        }
    }

    private static GraphQLError Located(OperationRun run, PlannedField field, Exception e)
    {
        IReadOnlyList<object> path = [field.ResponseName];
        var error = run.Mask(e, $"{field.ParentType.Name}.{field.Definition.Name}", path);
        return error with { Path = path, Locations = error.Locations.Count > 0 ? error.Locations : field.Locations };
    }

    /// <param name="Question">See <see cref="SharedAnswers"/>.</param>
    private sealed record Source(IAsyncEnumerable<object?> Events, SharedAnswers.Question? Question);

    private sealed class Added(RequestState own, RequestState original) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => own.DisposeAddedAsync(original);
    }
}
