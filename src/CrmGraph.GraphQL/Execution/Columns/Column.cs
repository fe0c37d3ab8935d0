using System.Text.Json;
using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Execution.Columns;

internal abstract class Column(PlannedField field, ObjectGroup owner, ListColumn? container, bool isNonNull)
{
    public PlannedField Field { get; } = field;
    /// <summary>The group whose field this is.</summary>
    public ObjectGroup Owner { get; } = owner;
    /// <summary>The list whose items these are; null when slots are the rows of the owner.</summary>
    public ListColumn? Container { get; } = container;
    public bool IsNonNull { get; } = isNonNull;

    public abstract void SetNull(int slot);
    public abstract void Write(Utf8JsonWriter writer, int slot);

    /// <summary>The response path of a slot.</summary>
    public List<object> Path(int slot)
    {
        var path = new List<object>();
        Column column = this;
        while (true)
        {
            if (column.Container is { } list)
            {
                var at = list.ListOf(slot);
                path.Add(slot - list.Starts[at]);
                (column, slot) = (list, at);
                continue;
            }

            path.Add(column.Field.ResponseName);
            if (column.Owner.Source is not { } source)
                break;
            (column, slot) = (source, column.Owner.SourceSlots[slot]);
        }

        path.Reverse();
        return path;
    }
}

/// <summary>The lists of a field: items of all lists lie one after another in <see cref="Items"/>.</summary>
internal sealed class ListColumn(PlannedField field, ObjectGroup owner, ListColumn? container, bool isNonNull, int[] starts, int[] lengths)
    : Column(field, owner, container, isNonNull)
{
    public int[] Starts { get; } = starts;
    public Column Items { get; set; } = null!;

    public override void SetNull(int slot) => lengths[slot] = -1;

    /// <summary>The list that holds an item: the last that starts at or before it.</summary>
    public int ListOf(int item)
    {
        int low = 0, high = Starts.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Starts[middle] <= item)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    public override void Write(Utf8JsonWriter writer, int slot)
    {
        var length = lengths[slot];
        if (length < 0)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        var start = Starts[slot];
        for (var i = 0; i < length; i++)
            Items.Write(writer, start + i);
        writer.WriteEndArray();
    }
}

/// <summary>Objects of one possible type: slots point into one group.</summary>
internal sealed class ObjectColumn(
    PlannedField field,
    ObjectGroup owner,
    ListColumn? container,
    bool isNonNull,
    int[] rows) : Column(field, owner, container, isNonNull)
{
    public ObjectGroup Group { get; set; } = null!;
    public override void SetNull(int slot) => rows[slot] = -1;

    public override void Write(Utf8JsonWriter writer, int slot)
    {
        var row = rows[slot];
        if (row < 0)
            writer.WriteNullValue();
        else
            Group.Write(writer, row);
    }
}

/// <summary>Objects of an interface or union: one group per type that occurs.</summary>
internal sealed class AbstractColumn(PlannedField field, ObjectGroup owner, ListColumn? container, bool isNonNull, int[] rows, int[] groupOf)
    : Column(field, owner, container, isNonNull)
{
    public List<ObjectGroup> Groups { get; } = [];
    public override void SetNull(int slot) => rows[slot] = -1;

    public override void Write(Utf8JsonWriter writer, int slot)
    {
        var row = rows[slot];
        if (row < 0)
            writer.WriteNullValue();
        else
            Groups[groupOf[slot]].Write(writer, row);
    }
}

/// <summary>Leaf values that were found writable: <c>byte[]</c> is JSON already.</summary>
internal sealed class LeafColumn(
    PlannedField field,
    ObjectGroup owner,
    ListColumn? container,
    bool isNonNull,
    object?[] values,
    Action<Utf8JsonWriter, object> write)
    : Column(field, owner, container, isNonNull)
{
    public override void SetNull(int slot) => values[slot] = null;

    public override void Write(Utf8JsonWriter writer, int slot)
    {
        var value = values[slot];
        if (value is null)
            writer.WriteNullValue();
        else
            write(writer, value);
    }
}

/// <summary>Leaf values that are read from the parents while they are written: nothing is stored and nothing boxed.</summary>
internal sealed class ReaderColumn<T>(PlannedField field, ObjectGroup owner, bool isNonNull, FieldReader<T> reader, Action<Utf8JsonWriter, T> write)
    : Column(field, owner, null, isNonNull)
{
    // Only a non-null column has its slots nulled, and then the parent is gone.
    public override void SetNull(int slot) { }

    public override void Write(Utf8JsonWriter writer, int slot)
    {
        var value = reader.ReadValue(Owner.Values[slot]!);
        if (value is null)
            writer.WriteNullValue();
        else
            write(writer, value);
    }
}

internal sealed class TypenameColumn(PlannedField field, ObjectGroup owner) : Column(field, owner, null, true)
{
    public override void SetNull(int slot) { }
    public override void Write(Utf8JsonWriter writer, int slot) => writer.WriteStringValue(Field.ParentTypeName);
}
