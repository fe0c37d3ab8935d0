using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution;

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

/// <summary>The place of one field in the state that the fields of an operation read together.</summary>
public abstract class ReadScope : IAsyncDisposable
{
    /// <summary>Services that read this state, made when first asked for.</summary>
    public abstract IServiceProvider Services { get; }

    public abstract ValueTask DisposeAsync();
}

/// <summary>Called before an operation is executed; null when its fields need nothing in common and each gets a scope of its own.</summary>
public delegate ReadScopes? ReadScopesFactory(PlannedReads reads);

/// <summary>What the fields of an operation, or of one root field of a mutation, may read.</summary>
/// <param name="Count">The sum of their <see cref="FieldDefinition.Reads"/>; for abstract types of all types that there may be.</param>
/// <param name="Concurrent">Two fields can read at the same time.</param>
public readonly record struct PlannedReads(int Count, bool Concurrent)
{
    internal static PlannedReads Of(Schema schema, ObjectSelection selection)
    {
        var (count, readers, concurrent) = (0, 0, false);
        foreach (var field in selection.Fields)
        {
            var below = Below(schema, field);
            var own = field.Definition.Reads + below.Count;
            count += own;
            concurrent |= below.Concurrent;
            if (own > 0)
                readers++;
        }

        return new(count, concurrent || readers > 1);
    }

    internal static PlannedReads Below(Schema schema, PlannedField field)
    {
        if (field.Selection is not { } selection)
            return default;
        if (selection.Type is ObjectType only)
            return Of(schema, selection.For(only));
        var (count, concurrent) = (0, false);
        foreach (var type in schema.PossibleTypes(selection.Type))
        {
            var of = Of(schema, selection.For(type));
            count += of.Count;
            concurrent |= of.Concurrent;
        }

        return new(count, concurrent);
    }
}
