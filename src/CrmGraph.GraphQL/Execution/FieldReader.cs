namespace CrmGraph.GraphQL.Execution;

/// <summary>Reads one field from one parent object: for plain properties, where a resolver call per level would only add work.</summary>
public abstract class FieldReader
{
    /// <summary>The CLR type of the values.</summary>
    public abstract Type ValueType { get; }

    /// <summary>Whether reading can neither fail nor have an effect, so that it may wait until the answer is written: true for automatic properties.</summary>
    public abstract bool IsPure { get; }

    /// <summary>The properties from whose columns (<see cref="RowTable"/>) the field can be read as well; null when only the object will do.</summary>
    public virtual IReadOnlyList<string>? Properties => null;

    public abstract object? Read(object parent);

    /// <summary>The field's column for parents that are rows of a table; null when they must be made into objects.</summary>
    internal virtual Column? FromTable(PlannedField field, ObjectGroup owner, RowTable table) => null;

    /// <summary>The table's column of the one property.</summary>
    internal RowColumn? Source(RowTable table) => Properties is [var only] && table.IndexOf(only) is var index and >= 0 ? table.Column(index) : null;
}

/// <summary>A reader whose values need no boxing.</summary>
public abstract class FieldReader<TValue> : FieldReader
{
    public sealed override Type ValueType => typeof(TValue);
    public abstract TValue ReadValue(object parent);
    public sealed override object? Read(object parent) => ReadValue(parent);
}

internal sealed class PropertyReader<TParent, TValue>(Func<TParent, TValue> read, bool isPure, string? property) : FieldReader<TValue> where TParent : class
{
    public override bool IsPure => isPure;
    public override IReadOnlyList<string>? Properties { get; } = property is null ? null : [property];
    internal override Column? FromTable(PlannedField field, ObjectGroup owner, RowTable table) => Source(table) is { } source ? TableColumns.OfProperty(field, owner, source) : null;
    public override TValue ReadValue(object parent) => read((TParent)parent);
}

/// <summary>A value shown in another form. Null stays null. The mapping may fail, so the values are read before anything is written.</summary>
internal sealed class MappedReader<TFrom, TTo>(FieldReader inner, Func<TFrom, TTo> map, bool neverFails) : FieldReader
{
    public override IReadOnlyList<string>? Properties => inner.Properties;
    internal override Column? FromTable(PlannedField field, ObjectGroup owner, RowTable table) =>
        neverFails && Source(table) is { } source ? TableColumns.Mapped(field, owner, source, map) : null;
    public override Type ValueType => typeof(TTo);
    public override bool IsPure => false;
    public override object? Read(object parent) => inner.Read(parent) is TFrom value ? map(value) : null;
}
