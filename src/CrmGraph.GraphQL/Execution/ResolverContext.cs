using CrmGraph.GraphQL.Diagnostics;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution;

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

    /// <summary>The coerced arguments of the first field at a path of fields below; null when there is none. Throws <see cref="Errors.GraphQLException"/>.</summary>
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

/// <summary>A selected field below the resolving one. <see cref="Name"/> is the field's name, <see cref="ResponseName"/> its key in the answer.</summary>
/// <param name="On">The type condition under which it was selected.</param>
public sealed record SelectedField(string Name, string ResponseName, CompositeType On, FieldDefinition Field, IReadOnlyDictionary<string, object?> Arguments, IReadOnlyList<SelectedField> Selections)
{
    public static bool Find(IReadOnlyList<SelectedField> fields, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return true;
        foreach (var f in fields)
            if (f.Name == path[0] && Find(f.Selections, path[1..]))
                return true;
        return false;
    }
}

/// <summary>
/// Values that travel with a request, one per type. Set by the host before execution; safe to read from all fields. Every execution (each
/// event of a subscription is one) works on a copy of its own: what it adds is its own and is disposed when it ends.
/// </summary>
public sealed class RequestState
{
    private readonly Lock _lock = new();
    // Few values, read often and seldom added: an array that is replaced, so that readers need no lock.
    private KeyValuePair<Type, object>[] _values = [];
    // Those that the host has set.
    private KeyValuePair<Type, object>[] _given = [];

    public RequestState Set<T>(T value) where T : class
    {
        lock (_lock)
        {
            _given = With(_given, value);
            Volatile.Write(ref _values, With(_values, value));
        }

        return this;
    }

    public T? Get<T>() where T : class => (T?)Find(Volatile.Read(ref _values), typeof(T));
    public T Require<T>() where T : class => Get<T>() ?? throw new InvalidOperationException($"The host has not set {typeof(T).Name} for this request.");

    /// <summary>The value that is there, or the one that is made now: once, whoever else asks at the same time.</summary>
    public T GetOrAdd<T>(Func<T> make) where T : class
    {
        if (Get<T>() is { } known)
            return known;
        lock (_lock)
        {
            if (Get<T>() is { } meanwhile)
                return meanwhile;
            var made = make();
            Volatile.Write(ref _values, With(_values, made));
            return made;
        }
    }

    /// <summary>A state with the same values; what is added to one is not seen in the other.</summary>
    public RequestState Copy() => new() { _values = Volatile.Read(ref _values), _given = _given };

    /// <summary>A state for another operation of the same caller: all that the host has set, and nothing of what this operation has added.</summary>
    public RequestState Fresh() => new() { _values = _given, _given = _given };

    /// <summary>Disposes the values that were not in <paramref name="original"/>.</summary>
    internal ValueTask DisposeAddedAsync(RequestState original)
    {
        var (own, others) = (Volatile.Read(ref _values), Volatile.Read(ref original._values));
        return ReferenceEquals(own, others) ? default : DisposeAddedAsync(own, others);
    }

    private static async ValueTask DisposeAddedAsync(KeyValuePair<Type, object>[] own, KeyValuePair<Type, object>[] others)
    {
        foreach (var (type, value) in own)
        {
            if (ReferenceEquals(Find(others, type), value))
                continue;
            if (value is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync().ConfigureAwait(false);
            else
                (value as IDisposable)?.Dispose();
        }
    }

    private static KeyValuePair<Type, object>[] With<T>(KeyValuePair<Type, object>[] values, T value) where T : class
    {
        var at = Array.FindIndex(values, v => v.Key == typeof(T));
        KeyValuePair<Type, object>[] changed = at < 0 ? [.. values, default] : [.. values];
        changed[at < 0 ? ^1 : at] = new(typeof(T), value);
        return changed;
    }

    private static object? Find(KeyValuePair<Type, object>[] values, Type type)
    {
        foreach (var (key, value) in values)
            if (key == type)
                return value;
        return null;
    }
}
