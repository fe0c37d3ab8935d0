using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Planning;

/// <summary>An operation that may be executed many times, at the same time too; or the errors for which it cannot be.</summary>
public sealed class PreparedOperation
{
    private PreparationTime[]? _preparation;

    internal PreparedOperation(OperationPlan plan, string documentText) => (Plan, DocumentText) = (plan, documentText);

    internal PreparedOperation(IReadOnlyList<GraphQLError> errors) => Errors = errors;

    internal OperationPlan? Plan { get; }
    /// <summary>Null when it cannot be executed.</summary>
    internal string? DocumentText { get; }

    /// <summary>Syntax, validation or selection errors; empty when the operation can be executed.</summary>
    public IReadOnlyList<GraphQLError> Errors { get; } = [];
    public bool IsExecutable => Plan is not null;
    public OperationKind? Kind => Plan?.Operation.Operation;
    public OperationDefinitionNode? Definition => Plan?.Operation;

    internal void Prepared(PreparationTime time) => _preparation = [time];

    /// <summary>How long it took to prepare: for the first execution, which waited for it; zero for all others.</summary>
    internal PreparationTime TakePreparation() => _preparation is null ? default : Interlocked.Exchange(ref _preparation, null) is [var time] ? time : default;
}
