namespace CrmGraph.GraphQL.Annotations;

/// <summary>
/// An argument or input field that tells "not given" from null: <c>default</c> is "not given". The GraphQL type is that of
/// <typeparamref name="T"/> and never required.
/// </summary>
public readonly struct Optional<T>(T value) : IEquatable<Optional<T>>, IOptional
{
    private readonly T _value = value;

    public bool HasValue { get; } = true;

    /// <summary>The default value when not given.</summary>
    public T Value => _value;

    object? IOptional.Given => _value;

    public T? OrDefault(T? otherwise = default) => HasValue ? _value : otherwise;

    public bool Equals(Optional<T> other) => HasValue == other.HasValue && EqualityComparer<T>.Default.Equals(_value, other._value);
    public override bool Equals(object? obj) => obj is Optional<T> other && Equals(other);
    public override int GetHashCode() => HasValue ? HashCode.Combine(_value) : 0;
    public override string ToString() => HasValue ? $"{_value}" : "";

    public static implicit operator Optional<T>(T value) => new(value);
    public static bool operator ==(Optional<T> left, Optional<T> right) => left.Equals(right);
    public static bool operator !=(Optional<T> left, Optional<T> right) => !left.Equals(right);
}

/// <summary>Any <see cref="Optional{T}"/>, for code that does not know the type.</summary>
internal interface IOptional
{
    bool HasValue { get; }
    /// <summary>The value; meaningless when there is none.</summary>
    object? Given { get; }
}
