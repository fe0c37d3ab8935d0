using System.Text;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution.Columns;

/// <summary>Makes the columns of fields from the columns of tables; null where the field's values must be had from objects.</summary>
internal static class TableColumns
{
    private const int MaximumTypeName = 100;

    public static Column? OfProperty(PlannedField field, ObjectGroup owner, RowColumn source)
    {
        var isNonNull = field.Definition.Type is NonNullType;
        return (field.Definition.Type.Nullable, source) switch
        {
            (ScalarType scalar, TextColumn texts) when scalar == Scalars.String || scalar == Scalars.ID => new TextTableColumn(field, owner, isNonNull, texts),
            (EnumType type, TextColumn texts) => Enums(field, owner, isNonNull, type, texts),
            (ScalarType scalar, RowColumn<int> values) => Make(field, owner, isNonNull, scalar, values),
            (ScalarType scalar, RowColumn<long> values) => Make(field, owner, isNonNull, scalar, values),
            (ScalarType scalar, RowColumn<bool> values) => Make(field, owner, isNonNull, scalar, values),
            (ScalarType scalar, RowColumn<Guid> values) => Make(field, owner, isNonNull, scalar, values),
            (ScalarType scalar, RowColumn<DateTime> values) => Make(field, owner, isNonNull, scalar, values),
            (ScalarType scalar, RowColumn<DateOnly> values) => Make(field, owner, isNonNull, scalar, values),
            _ => null,
        };
    }

    /// <summary>A value shown in another form, by a function that never fails.</summary>
    public static Column? Mapped<TFrom, TTo>(PlannedField field, ObjectGroup owner, RowColumn source, Func<TFrom, TTo> map) =>
        source is RowColumn<TFrom> values && field.Definition.Type.Nullable is ScalarType scalar && LeafWriters.Find<TTo>(scalar) is { } write
            ? new TableColumn<TFrom>(field, owner, field.Definition.Type is NonNullType, values, (writer, value) => write(writer, map(value)))
            : null;

    public static Column? Key(PlannedField field, ObjectGroup owner, ColumnarTable table, IReadOnlyList<string> properties, string typeName)
    {
        var parts = new RowColumn<Guid>[properties.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            if (table.IndexOf(properties[i]) is not (var index and >= 0) || table.Column(index) is not RowColumn<Guid> { HasNulls: false } part)
                return null;
            parts[i] = part;
        }

        return typeName.Length > MaximumTypeName ? null : new KeyTableColumn(field, owner, field.Definition.Type is NonNullType, parts, typeName);
    }

    /// <summary>The id of one Guid, which may be null.</summary>
    public static Column? Id(PlannedField field, ObjectGroup owner, RowColumn source, string typeName)
    {
        if (source is not RowColumn<Guid> ids || typeName.Length > MaximumTypeName)
            return null;
        var prefix = Encoding.ASCII.GetBytes(typeName + ":");
        return new TableColumn<Guid>(field, owner, field.Definition.Type is NonNullType, ids, (writer, id) =>
        {
            Span<byte> bytes = stackalloc byte[prefix.Length + 16];
            prefix.CopyTo(bytes);
            id.TryWriteBytes(bytes[prefix.Length..], bigEndian: true, out _);
            writer.WriteBase64StringValue(bytes);
        });
    }

    private static TableColumn<T>? Make<T>(PlannedField field, ObjectGroup owner, bool isNonNull, ScalarType scalar, RowColumn<T> values) =>
        LeafWriters.Find<T>(scalar) is { } write ? new(field, owner, isNonNull, values, write) : null;

    /// <summary>Null when the database holds a name that the enum does not have: the error is then made as for any other value.</summary>
    private static TextTableColumn? Enums(PlannedField field, ObjectGroup owner, bool isNonNull, EnumType type, TextColumn texts)
    {
        var names = field.EnumTexts(type);
        for (var slot = 0; slot < owner.Count; slot++)
            if (owner.RowOf(slot) is var row && !texts.IsNull(row) && !Has(names, texts[row]))
                return null;
        return new(field, owner, isNonNull, texts);
    }

    private static bool Has(byte[][] names, ReadOnlySpan<byte> text)
    {
        foreach (var name in names)
            if (text.SequenceEqual(name))
                return true;
        return false;
    }
}
