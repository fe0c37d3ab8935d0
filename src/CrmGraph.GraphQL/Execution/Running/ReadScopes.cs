using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution.Running;

/// <summary>
/// Service scopes for the fields of one operation that must read the same state of something, such as a database. A host that has such a state
/// registers a <see cref="ReadScopesFactory"/>. Disposed when the operation ends, however it ends; of a mutation, when each root field's
/// subtree ends, so that what is read below a root field is what its write has left.
/// </summary>
public abstract class ReadScopes : IAsyncDisposable
{
    /// <summary>The scope of one field at one level. It is disposed before the fields below are resolved, so that waiting for a turn cannot block itself.</summary>
    /// <param name="reads">The field's <see cref="FieldDefinition.Reads"/>: its part of <see cref="PlannedReads.Count"/>.</param>
    public abstract ValueTask<ReadScope> OpenAsync(int reads, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}

/// <summary>Called before an operation is executed; null when its fields need nothing in common and each gets a scope of its own.</summary>
public delegate ReadScopes? ReadScopesFactory(PlannedReads reads);
