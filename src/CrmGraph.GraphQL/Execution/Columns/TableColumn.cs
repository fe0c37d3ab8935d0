using System.Text;
using System.Text.Json;
using CrmGraph.GraphQL.Planning;

namespace CrmGraph.GraphQL.Execution.Columns;

/// <summary>Values that are written from a column of the table in which the parents are rows: no objects, nothing boxed.</summary>
internal sealed class TableColumn<T>(PlannedField field, ObjectGroup owner, bool isNonNull, RowColumn<T> values, Action<Utf8JsonWriter, T> write)
    : Column(field, owner, null, isNonNull)
{
    // Only a non-null column has its slots nulled, and then the parent is gone.
    public override void SetNull(int slot) { }

    public override void Write(Utf8JsonWriter writer, int slot)
    {
        var row = Owner.RowOf(slot);
        if (values.IsNull(row))
            writer.WriteNullValue();
        else
            write(writer, values[row]);
    }
}

/// <summary>Texts, from UTF-8 to UTF-8.</summary>
internal sealed class TextTableColumn(PlannedField field, ObjectGroup owner, bool isNonNull, TextColumn texts) : Column(field, owner, null, isNonNull)
{
    public override void SetNull(int slot) { }

    public override void Write(Utf8JsonWriter writer, int slot)
    {
        var row = Owner.RowOf(slot);
        if (texts.IsNull(row))
            writer.WriteNullValue();
        else
            writer.WriteStringValue(texts[row]);
    }
}

/// <summary>Ids of more than one part, from as many columns. They are parts of keys and so never null.</summary>
internal sealed class KeyTableColumn(
    PlannedField field,
    ObjectGroup owner,
    bool isNonNull,
    RowColumn<Guid>[] parts,
    string typeName) : Column(field, owner, null, isNonNull)
{
    private readonly byte[] _prefix = Encoding.ASCII.GetBytes(typeName + ":");

    public override void SetNull(int slot) { }

    public override void Write(Utf8JsonWriter writer, int slot)
    {
        var row = Owner.RowOf(slot);
        Span<byte> id = stackalloc byte[_prefix.Length + 16 * parts.Length];
        _prefix.CopyTo(id);
        for (var i = 0; i < parts.Length; i++)
            parts[i][row].TryWriteBytes(id[(_prefix.Length + 16 * i)..], bigEndian: true, out _);
        writer.WriteBase64StringValue(id);
    }
}
