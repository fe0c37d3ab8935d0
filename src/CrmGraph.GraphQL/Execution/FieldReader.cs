namespace CrmGraph.GraphQL.Execution;

/// <summary>Reads one field from one parent object: for plain properties, where a resolver call per level would only add work.</summary>
public abstract class FieldReader
{
    /// <summary>The CLR type of the values.</summary>
    public abstract Type ValueType { get; }

    /// <summary>Whether reading can neither fail nor have an effect, so that it may wait until the answer is written: true for automatic properties.</summary>
    public abstract bool IsPure { get; }

    public abstract object? Read(object parent);
}

/// <summary>A reader whose values need no boxing.</summary>
public abstract class FieldReader<TValue> : FieldReader
{
    public sealed override Type ValueType => typeof(TValue);
    public abstract TValue ReadValue(object parent);
    public sealed override object? Read(object parent) => ReadValue(parent);
}

internal sealed class PropertyReader<TParent, TValue>(Func<TParent, TValue> read, bool isPure) : FieldReader<TValue> where TParent : class
{
    public override bool IsPure => isPure;
    public override TValue ReadValue(object parent) => read((TParent)parent);
}

/// <summary>A value shown in another form. Null stays null. The mapping may fail, so the values are read before anything is written.</summary>
internal sealed class MappedReader<TFrom, TTo>(FieldReader inner, Func<TFrom, TTo> map) : FieldReader
{
    public override Type ValueType => typeof(TTo);
    public override bool IsPure => false;
    public override object? Read(object parent) => inner.Read(parent) is TFrom value ? map(value) : null;
}
