using System.Runtime.CompilerServices;
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

/// <summary>
/// From a request to a response: parse, validate, plan, price, execute. The first three are done once for a document and kept with it; transports, which must
/// know the kind of an operation before it runs, call the two halves one after the other. Safe for all threads.
/// </summary>
public sealed class RequestExecutor
{
    private readonly RequestExecutorOptions _options;
    private readonly ExecutionOptions _execution;
    private readonly ExecutionWatch _watch;
    private readonly PlanCache _cache;
    private readonly PersistedDocuments _persisted;

    public RequestExecutor(Schema schema, RequestExecutorOptions? options = null)
    {
        Schema = schema;
        _options = options ?? new();
        _execution = new(Limits, TimeProvider, _options.Explain, _options.OnUnexpectedError);
        _watch = new(RunAsync, _options.OnSlowOperation, Limits.SlowOperationMilliseconds);
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
    public ValueTask<ExecutionResult> ExecuteAsync(
        GraphQLRequest request, RequestState state, IServiceProvider services, CancellationToken cancellationToken) =>
        ExecuteAsync(Prepare(request, state), request.Variables, state, services, cancellationToken);

    /// <summary>Executes a prepared operation: what saved reports and transports that must know the kind of operation first use.</summary>
    public ValueTask<ExecutionResult> ExecuteAsync(
        PreparedOperation operation,
        JsonElement variables,
        RequestState state,
        IServiceProvider services,
        CancellationToken cancellationToken) =>
        _watch.RunAsync(new(operation, variables, state, services, cancellationToken));

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

    /// <summary>The document that a request sends as this JSON string, when it is known.</summary>
    internal PreparedDocument? Known(ReadOnlySpan<byte> json) => _cache.FindJson(json);

    /// <summary>What went wrong outside an operation; answers the id that the client may be told.</summary>
    internal string Report(Exception exception, string coordinate) => UnexpectedError.Report(_options.OnUnexpectedError, exception, coordinate, null);

    // Parse, validate, plan.
    private PreparedOperation PrepareNew(string query, string? operationName, RequestState? state)
    {
        var watch = new PreparationWatch();
        try
        {
            var document = watch.Parse(() => Parser.Parse(query, Limits));
            var errors = watch.Validate(() => Validator.Validate(Schema, document, Limits, suggestions: state?.Get<HiddenSchema>() is null));
            if (errors.Count > 0)
                return new PreparedOperation([.. errors.Select(e => e.Code is null ? e with { Code = ErrorCodes.ValidationFailed } : e)]);
            var prepared = new PreparedDocument(query, Schema, document);
            _cache.Add(prepared);
            return watch.Plan(() => prepared.Operation(operationName));
        }
        catch (SyntaxException e)
        {
            return new PreparedOperation([e.Error]);
        }
    }

    // Price, execute.
    private ValueTask<ExecutionResult> RunAsync(OperationCall call, StatementTally? tally)
    {
        if (call.Operation.Plan is not { } plan)
            return new(ExecutionResult.Failed(call.Operation.Errors));
        if (plan.Introspects is { } asks && call.State.Get<HiddenSchema>() is not null)
            return new(ExecutionResult.Failed(IntrospectionFields.Refused(asks)));
        List<GraphQLError> errors = [];
        var values = Values.CoerceVariableValues(Schema, plan.Operation.VariableDefinitions, call.Variables, Limits.ValidationErrors, errors);
        if (errors.Count > 0)
            return new(ExecutionResult.Failed(errors));
        var variant = plan.For(values);
        var policy = call.State.Get<CostPolicy>();
        var cost = CostGate.Pass(policy, variant, call.Variables, new(values, call.Services), out var refusal);
        if (refusal is not null)
            return new(ExecutionResult.Failed(refusal).With(cost));
        if (policy is { Mode: CostMode.Validate })
            return new(ExecutionResult.Nothing().With(cost));
        var run = new OperationRun(variant, values, call.State, call.Services, _execution, tally);
        return Priced(cost, plan.Operation.Operation == OperationKind.Subscription
            ? SubscriptionStream.OpenAsync(run, call.Variables, StreamAllowance.Of(policy, cost), call.CancellationToken)
            : run.ExecuteAsync(null, call.CancellationToken));
    }

    private static ValueTask<ExecutionResult> Priced(CostReport? cost, ValueTask<ExecutionResult> execution) =>
        cost is null ? execution : execution.IsCompletedSuccessfully ? new(execution.Result.With(cost)) : PricedAsync(cost, execution);

    // Pooled: what an operation costs costs it no allocation.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<ExecutionResult> PricedAsync(CostReport cost, ValueTask<ExecutionResult> execution)
        => (await execution).With(cost);
}
