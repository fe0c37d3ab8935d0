using CrmGraph.GraphQL.Diagnostics;
using CrmGraph.GraphQL.Documents;
using CrmGraph.GraphQL.Errors;

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
