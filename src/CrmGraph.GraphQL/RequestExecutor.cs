using System.Diagnostics;
using System.Text.Json;
using CrmGraph.GraphQL.Admission;
using CrmGraph.GraphQL.Coercion;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Diagnostics;
using CrmGraph.GraphQL.Documents;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Execution.Running;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;

namespace CrmGraph.GraphQL;

public sealed record RequestExecutorOptions
{
    public GraphQLLimits Limits { get; init; } = new();
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
    /// <summary>What clients are told of an exception that the host knows; null, or without this, it is masked. Must not throw.</summary>
    public Func<Exception, GraphQLError?>? Explain { get; init; }
    /// <summary>Gets every exception that is masked, with the id that the client sees. Must not throw.</summary>
    public Action<UnexpectedError>? OnUnexpectedError { get; init; }
    public TrustedDocuments Documents { get; init; } = TrustedDocuments.None;
    /// <summary>Gets every operation that took longer than <see cref="GraphQLLimits.SlowOperationMilliseconds"/>. Must not throw.</summary>
    public Action<SlowOperation>? OnSlowOperation { get; init; }
}

/// <summary>From a request to a response: parse, validate, plan, execute. Safe for all threads.</summary>
public sealed class RequestExecutor
{
    private readonly RequestExecutorOptions _options;
    private readonly ExecutionOptions _execution;
    private readonly PlanCache _cache;
    private readonly PersistedDocuments _persisted;

    public RequestExecutor(Schema schema, RequestExecutorOptions? options = null)
    {
        Schema = schema;
        _options = options ?? new();
        _execution = new(Limits, TimeProvider, _options.Explain, _options.OnUnexpectedError);
        _cache = new(Limits.CachedPlans, Limits.CachedPlans * 10_000L);
        _persisted = new(_options.Documents, _cache);
        Gate = new(Limits, TimeProvider);
    }

    public Schema Schema { get; }
    public GraphQLLimits Limits => _options.Limits;
    public TimeProvider TimeProvider => _options.TimeProvider;
    /// <summary>What the transports of this executor do at once, all together.</summary>
    internal ExecutionGate Gate { get; }
    /// <summary>Subscriptions that clients have open, over all transports.</summary>
    public int OpenSubscriptions => Gate.Subscriptions;

    /// <summary>Executes a request. Throws <see cref="OperationCanceledException"/> when <paramref name="cancellationToken"/> says so, and nothing else.</summary>
    public ValueTask<ExecutionResult> ExecuteAsync(GraphQLRequest request, RequestState state, IServiceProvider services, CancellationToken cancellationToken) =>
        ExecuteAsync(Prepare(request, state), request.Variables, state, services, cancellationToken);

    /// <summary>The operation that a request of a client means; the request may name a document instead of bringing it.</summary>
    public PreparedOperation Prepare(GraphQLRequest request, RequestState state)
    {
        if (request is { DocumentId: null, Extensions.ValueKind: JsonValueKind.Undefined } && !_options.Documents.IsExclusive)
        {
            if (request.Known is { } known)
                return known.Operation(request.OperationName);
            var prepared = Prepare(request.Query, request.OperationName, state);
            if (request.Json is { } json && prepared.IsExecutable)
                _cache.AddJson(request.Query, json);
            return prepared;
        }

        var found = _persisted.Find(request.Query, request.DocumentId, request.Extensions);
        if (found.Error is { } error)
            return new PreparedOperation([error]);
        if (found.Prepared is { } registered)
            return registered.Operation(request.OperationName);
        var operation = Prepare(found.Text!, request.OperationName, state);
        if (found.Register is { } hash && operation.IsExecutable)
            _cache.AddHash(found.Text!, hash);
        return operation;
    }

    /// <summary>What went wrong outside an operation; answers the id that the client may be told.</summary>
    internal string Report(Exception exception, string coordinate) => UnexpectedError.Report(_options.OnUnexpectedError, exception, coordinate, null);

    /// <summary>The document that a request sends as this JSON string, when it is known.</summary>
    internal PreparedDocument? Known(ReadOnlySpan<byte> json) => _cache.FindJson(json);

    /// <summary>Parses, validates and plans an operation, or finds it in the cache.</summary>
    /// <param name="state">Of the caller; null for the host's own documents.</param>
    public PreparedOperation Prepare(string query, string? operationName = null, RequestState? state = null)
    {
        if (query.Length > Limits.DocumentCharacters)
        {
            return new PreparedOperation([new GraphQLError($"The document has {query.Length} characters; at most {Limits.DocumentCharacters} are allowed.")
            {
                Code = ErrorCodes.DocumentTooLarge,
            }]);
        }

        return _cache.Find(query)?.Operation(operationName) ?? PrepareNew(query, operationName, state);
    }

    private PreparedOperation PrepareNew(string query, string? operationName, RequestState? state)
    {
        try
        {
            var (document, parse) = Timed("parse", () => Parser.Parse(query, Limits));
            var (errors, validate) = Timed("validate", () => Validator.Validate(Schema, document, Limits, suggestions: state?.Get<HiddenSchema>() is null));
            if (errors.Count > 0)
                return new PreparedOperation([.. errors.Select(e => e.Code is null ? e with { Code = ErrorCodes.ValidationFailed } : e)]);
            var prepared = new PreparedDocument(query, Schema, document);
            _cache.Add(prepared);
            var (operation, plan) = Timed("plan", () => prepared.Operation(operationName));
            operation.Prepared(new(parse, validate, plan));
            return operation;
        }
        catch (SyntaxException e)
        {
            return new PreparedOperation([e.Error]);
        }
    }

    private static (T Result, TimeSpan Time) Timed<T>(string stage, Func<T> run)
    {
        using var timed = EngineTelemetry.Begin(stage);
        return (run(), timed.Elapsed);
    }

    /// <summary>Executes a prepared operation: what saved reports and transports that must know the kind of operation first use.</summary>
    public ValueTask<ExecutionResult> ExecuteAsync(PreparedOperation operation, JsonElement variables, RequestState state, IServiceProvider services, CancellationToken cancellationToken) =>
        EngineTelemetry.HasListeners ? WatchedAsync(operation, variables, state, services, cancellationToken) : TimedAsync(operation, variables, state, services, cancellationToken);

    // Apart, so that only who is watched pays for the closure.
    private ValueTask<ExecutionResult> WatchedAsync(PreparedOperation operation, JsonElement variables, RequestState state, IServiceProvider services, CancellationToken cancellationToken) =>
        WatchedExecution.RunAsync(operation, () => TimedAsync(operation, variables, state, services, cancellationToken));

    private ValueTask<ExecutionResult> TimedAsync(PreparedOperation operation, JsonElement variables, RequestState state, IServiceProvider services, CancellationToken cancellationToken) =>
        _options.OnSlowOperation is not null && Limits.SlowOperationMilliseconds > 0 && operation is { Plan.IsTrivial: false, Definition: { } definition }
            ? TimedAsync(operation, definition, variables, state, services, cancellationToken)
            : RunAsync(operation, variables, state, services, null, cancellationToken);

    private async ValueTask<ExecutionResult> TimedAsync(
        PreparedOperation operation, OperationDefinitionNode definition, JsonElement variables, RequestState state, IServiceProvider services, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var tally = new StatementTally();
        var result = await RunAsync(operation, variables, state, services, tally, cancellationToken).ConfigureAwait(false);
        WatchedExecution.Report(operation, definition, state, _options.OnSlowOperation!, Limits.SlowOperationMilliseconds, result, Stopwatch.GetElapsedTime(began), tally);
        return result;
    }

    private ValueTask<ExecutionResult> RunAsync(PreparedOperation operation, JsonElement variables, RequestState state, IServiceProvider services, StatementTally? tally, CancellationToken cancellationToken)
    {
        if (operation.Plan is not { } plan)
            return new(ExecutionResult.Failed(operation.Errors));
        if (plan.Introspects is { } asks && state.Get<HiddenSchema>() is not null)
            return new(ExecutionResult.Failed(IntrospectionFields.Refused(asks)));
        List<GraphQLError> errors = [];
        var values = Values.CoerceVariableValues(Schema, plan.Operation.VariableDefinitions, variables, Limits.ValidationErrors, errors);
        if (errors.Count > 0)
            return new(ExecutionResult.Failed(errors));
        var variant = plan.For(values);
        CostReport? cost = null;
        if (state.Get<CostPolicy>() is { } policy)
        {
            cost = CostGate.Pass(policy, variant, variables, values, out var refusal);
            if (refusal is not null || policy.Mode == CostMode.Validate)
                return new((refusal is null ? ExecutionResult.Nothing() : ExecutionResult.Failed(refusal)).With(cost));
        }

        var run = new OperationRun(variant, values, state, services, _execution, tally);
        return plan.Operation.Operation == OperationKind.Subscription ? OpenAsync(run, cost, cancellationToken) : run.ExecuteAsync(null, cancellationToken, cost);
    }

    private static async ValueTask<ExecutionResult> OpenAsync(OperationRun run, CostReport? cost, CancellationToken cancellationToken) =>
        (await SubscriptionStream.OpenAsync(run, cost, cancellationToken).ConfigureAwait(false)).With(cost);

    /// <summary>The same for a client's query or mutation: when its turn comes. Operations inside others (reports) have their turn already.</summary>
    internal async ValueTask<ExecutionResult> ExecuteInTurnAsync(PreparedOperation operation, JsonElement variables, RequestState state, IServiceProvider services, CancellationToken cancellationToken)
    {
        var caller = TransportCaller.Of(state);
        if (!Gate.TryEnter(caller) && await Gate.WaitAsync(caller, cancellationToken).ConfigureAwait(false) is { } refusal)
            return ExecutionResult.Failed(refusal);
        try
        {
            return await ExecuteAsync(operation, variables, state, services, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Gate.Leave(caller);
        }
    }
}
