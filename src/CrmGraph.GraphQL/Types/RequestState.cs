namespace CrmGraph.GraphQL.Types;

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
                await asynchronous.DisposeAsync();
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
