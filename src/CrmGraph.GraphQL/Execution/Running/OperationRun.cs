using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution.Running;

/// <summary>An operation with its variables and surroundings: executed once, or once per event.</summary>
/// <param name="tally">Counts its statements; null when nobody wants to know.</param>
internal sealed class OperationRun(
    PlanVariant plan,
    IReadOnlyDictionary<string, object?> variables,
    RequestState state,
    IServiceProvider services,
    ExecutionOptions options,
    StatementTally? tally)
{
    public PlanVariant Plan { get; } = plan;
    public IReadOnlyDictionary<string, object?> Variables { get; } = variables;
    public RequestState State { get; } = state;
    public IServiceProvider Services { get; } = services;
    public GraphQLLimits Limits => options.Limits;
    public StatementTally? Tally { get; } = tally;

    public Executor Executor(ErrorLog errors, RequestState own, CancellationToken cancellationToken) => new(this, errors, own, cancellationToken);

    public ValueTask<ExecutionResult> ExecuteAsync(object? rootValue, CancellationToken cancellationToken) =>
        Plan.Plan.IsTrivial ? ExecuteImmediateAsync(cancellationToken) : ExecuteResolversAsync(rootValue, cancellationToken);

    private async ValueTask<ExecutionResult> ExecuteImmediateAsync(CancellationToken cancellationToken) =>
        new ExecutionResult([], true, await Executor(new ErrorLog(0, null), State, cancellationToken).ExecuteAsync(null, false));

    private async ValueTask<ExecutionResult> ExecuteResolversAsync(object? rootValue, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var end = new EarlyEnd(TimeSpan.FromSeconds(Limits.RequestTimeoutSeconds), options.TimeProvider, cancellationToken);
        var errors = new ErrorLog(Limits.ResponseErrors, options.Report, options.Explain);
        var own = State.Copy();
        try
        {
            var kind = Plan.Plan.Operation.Operation;
            var inTurn = kind == OperationKind.Mutation;
            var data = await Executor(errors, own, end.Token).ExecuteAsync(rootValue, inTurn);
            var dataIsNull = errors.PropagateNulls();
            var found = errors.Errors();
            // Half an answer would be kept for a whole one; a mutation's other fields may have been written.
            if (found.FirstOrDefault(e => e.Code == ErrorCodes.Unavailable) is { } away && (kind == OperationKind.Query || (inTurn && Plan.Root.Fields is [_])))
                return ExecutionResult.Failed(away with { Path = null, Locations = [] });
            return new ExecutionResult(found, true, dataIsNull ? null : data);
        }
        catch (OperationCanceledException) when (end.Token.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return ExecutionResult.Failed(
                new GraphQLError($"The request took longer than {Limits.RequestTimeoutSeconds} seconds and was ended.") { Code = ErrorCodes.Timeout });
        }
        catch (ResponseTooLargeException e)
        {
            return ExecutionResult.Failed(e.Error);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return ExecutionResult.Failed(Mask(e, "the operation", null));
        }
        finally
        {
            await own.DisposeAddedAsync(State);
        }
    }

    /// <summary>What the client may see of an exception; the rest is reported.</summary>
    public GraphQLError Mask(Exception exception, string coordinate, IReadOnlyList<object>? path)
    {
        if ((exception as GraphQLException)?.Error is { } known || (known = options.Explain?.Invoke(exception)) is not null)
            return known;
        return UnexpectedError.Masked(UnexpectedError.Report(options.Report, exception, coordinate, path));
    }
}
