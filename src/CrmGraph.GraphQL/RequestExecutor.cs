using System.Text.Json;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;

namespace CrmGraph.GraphQL;

/// <summary>One request: a document, which of its operations, and its variables (a JSON object, or undefined).</summary>
public sealed record GraphQLRequest(string Query)
{
    public string? OperationName { get; init; }
    public JsonElement Variables { get; init; }
    public JsonElement Extensions { get; init; }
}

public sealed record RequestExecutorOptions
{
    public GraphQLLimits Limits { get; init; } = new();
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
    /// <summary>Gets every exception that is masked, with the id that the client sees. Must not throw.</summary>
    public Action<UnexpectedError>? OnUnexpectedError { get; init; }
}

/// <summary>From a request to a response: parse, validate, plan, execute. Safe for all threads.</summary>
public sealed class RequestExecutor(Schema schema, RequestExecutorOptions? options = null)
{
    private readonly RequestExecutorOptions _options = options ?? new();
    private readonly PlanCache _cache = new((options ?? new()).Limits.CachedPlans, (options ?? new()).Limits.CachedPlans * 10_000L);

    public Schema Schema { get; } = schema;
    public GraphQLLimits Limits => _options.Limits;
    public TimeProvider TimeProvider => _options.TimeProvider;

    /// <summary>Executes a request. Throws <see cref="OperationCanceledException"/> when <paramref name="cancellationToken"/> says so, and nothing else.</summary>
    public ValueTask<ExecutionResult> ExecuteAsync(GraphQLRequest request, RequestState state, IServiceProvider services, CancellationToken cancellationToken) =>
        ExecuteAsync(Prepare(request.Query, request.OperationName, state), request.Variables, state, services, cancellationToken);

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

        if (_cache.Find(query) is { } cached)
            return cached.Operation(operationName);
        try
        {
            var document = Parser.Parse(query, Limits);
            var errors = Validator.Validate(Schema, document, Limits, suggestions: state?.Get<HiddenSchema>() is null);
            if (errors.Count > 0)
                return new PreparedOperation([.. errors.Select(e => e.Code is null ? e with { Code = ErrorCodes.ValidationFailed } : e)]);
            var prepared = new PreparedDocument(query, Schema, document);
            _cache.Add(prepared);
            return prepared.Operation(operationName);
        }
        catch (SyntaxException e)
        {
            return new PreparedOperation([e.Error]);
        }
    }

    /// <summary>Executes a prepared operation: what saved reports and transports that must know the kind of operation first use.</summary>
    public async ValueTask<ExecutionResult> ExecuteAsync(PreparedOperation operation, JsonElement variables, RequestState state, IServiceProvider services, CancellationToken cancellationToken)
    {
        if (operation.Plan is not { } plan)
            return ExecutionResult.Failed(operation.Errors);
        if (plan.Introspects is { } asks && state.Get<HiddenSchema>() is not null)
            return ExecutionResult.Failed(IntrospectionFields.Refused(asks));
        var errors = new List<GraphQLError>();
        var values = Values.CoerceVariableValues(Schema, plan.Operation.VariableDefinitions, variables, Limits.ValidationErrors, errors);
        if (errors.Count > 0)
            return ExecutionResult.Failed(errors);
        var variant = plan.For(values);
        CostReport? cost = null;
        if (state.Get<CostPolicy>() is { } policy)
        {
            cost = CostGate.Pass(policy, variant, variables, values, out var refusal);
            if (refusal is not null || policy.Mode == CostMode.Validate)
                return (refusal is null ? ExecutionResult.Nothing() : ExecutionResult.Failed(refusal)).With(cost);
        }

        var run = new OperationRun(variant, values, state, services, _options);
        var result = plan.Operation.Operation == OperationKind.Subscription
            ? await SubscriptionStream.OpenAsync(run, cancellationToken).ConfigureAwait(false)
            : await run.ExecuteAsync(null, cancellationToken).ConfigureAwait(false);
        return result.With(cost);
    }
}
