using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution.Columns;

/// <summary>A reader that can read the columns of a table too, without making objects of its rows.</summary>
internal interface ITableReader
{
    /// <summary>The field's column for parents that are rows of a table; null when they must be made into objects.</summary>
    Column? FromTable(PlannedField field, ObjectGroup owner, ColumnarTable table);
}

internal sealed class PropertyReader<TParent, TValue>(Func<TParent, TValue> read, bool isPure, string? property) :
    FieldReader<TValue>,
    ITableReader
    where TParent : class
{
    public override bool IsPure => isPure;
    public override IReadOnlyList<string>? Properties { get; } = property is null ? null : [property];
    public Column? FromTable(PlannedField field, ObjectGroup owner, ColumnarTable table)
        => table.Source(this) is { } source ? TableColumns.OfProperty(field, owner, source) : null;
    public override TValue ReadValue(object parent) => read((TParent)parent);
}

/// <summary>A value shown in another form. Null stays null. The mapping may fail, so the values are read before anything is written.</summary>
internal sealed class MappedReader<TFrom, TTo>(FieldReader inner, Func<TFrom, TTo> map, bool neverFails) : FieldReader, ITableReader
{
    public override IReadOnlyList<string>? Properties => inner.Properties;
    public Column? FromTable(PlannedField field, ObjectGroup owner, ColumnarTable table) =>
        neverFails && table.Source(this) is { } source ? TableColumns.Mapped(field, owner, source, map) : null;
    public override Type ValueType => typeof(TTo);
    public override bool IsPure => false;
    public override object? Read(object parent) => inner.Read(parent) is TFrom value ? map(value) : null;
}
