using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Types;

/// <summary>What a resolver sees of the request: one instance per field and level.</summary>
public abstract class ResolverContext
{
    public abstract Schema Schema { get; }
    public abstract ObjectType ParentType { get; }
    public abstract FieldDefinition Field { get; }
    public abstract IReadOnlyList<object?> Parents { get; }

    /// <summary>The coerced arguments: those given or with a default.</summary>
    public abstract IReadOnlyDictionary<string, object?> Arguments { get; }

    /// <summary>The field's response key in this selection.</summary>
    public abstract string ResponseName { get; }

    /// <summary>The sub-selections of this field, merged, with @skip and @include applied; empty for leaves.</summary>
    public abstract IReadOnlyList<SelectedField> Selections { get; }

    /// <summary>What the fields below take from the objects at a path of fields ("nodes", or "edges", "node"); from the field's own values without one.</summary>
    public abstract RowNeeds Needs(params ReadOnlySpan<string> fieldPath);

    /// <summary>The coerced arguments of the first field at a path of fields below; null when there is none. Throws <see cref="GraphQLException"/>.</summary>
    public abstract IReadOnlyDictionary<string, object?>? ArgumentsBelow(params ReadOnlySpan<string> fieldPath);

    /// <summary>What a resolver makes of the selection alone: made once and kept with the field's plan. It must not depend on arguments, parents or the caller.</summary>
    public abstract T PerPlan<T>(Func<ResolverContext, T> make) where T : class;

    /// <summary>Services of this field's own scope, which is opened when they are first asked for.</summary>
    public abstract IServiceProvider Services { get; }

    /// <summary>The host's services: for what is one for all requests, without opening a scope.</summary>
    public abstract IServiceProvider HostServices { get; }

    /// <summary>The place of this field in what the fields of the operation read together; null when it reads alone.</summary>
    public abstract ReadScope? Reading { get; }

    /// <summary>What the host put beside the request: the caller, the data moment. Keyed by type.</summary>
    public abstract RequestState State { get; }
    public abstract CancellationToken CancellationToken { get; }
    /// <summary>Counts the statements of the operation; null when nobody wants to know.</summary>
    public abstract StatementTally? Tally { get; }

    public bool TryGetArgument<T>(string name, out T value) => TryGetArgument(Arguments, name, out value);

    public static bool TryGetArgument<T>(IReadOnlyDictionary<string, object?> arguments, string name, out T value)
    {
        if (arguments.TryGetValue(name, out var v) && v is T t)
        {
            value = t;
            return true;
        }

        value = default!;
        return false;
    }

    public T? Argument<T>(string name) => TryGetArgument<T>(name, out var v) ? v : default;

    /// <summary>Whether a path of response fields ("edges", "node", "name": names, not aliases) is selected.</summary>
    public bool IsSelected(params ReadOnlySpan<string> fieldPath) => SelectedField.Find(Selections, fieldPath);
}
