namespace CrmGraph.GraphQL.Types;

/// <summary>Reads one field from one parent object: for plain properties, where a resolver call per level would only add work.</summary>
public abstract class FieldReader
{
    /// <summary>The CLR type of the values.</summary>
    public abstract Type ValueType { get; }

    /// <summary>Whether reading can neither fail nor have an effect, so that it may wait until the answer is written: true for automatic properties.</summary>
    public abstract bool IsPure { get; }

    /// <summary>The properties from whose columns in a table of rows the field can be read as well; null when only the object will do.</summary>
    public virtual IReadOnlyList<string>? Properties => null;

    public abstract object? Read(object parent);
}

/// <summary>A reader whose values need no boxing.</summary>
public abstract class FieldReader<TValue> : FieldReader
{
    public sealed override Type ValueType => typeof(TValue);
    public abstract TValue ReadValue(object parent);
    public sealed override object? Read(object parent) => ReadValue(parent);
}
