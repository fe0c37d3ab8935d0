using System.Text.Json;
using CrmGraph.GraphQL.Planning;

namespace CrmGraph.GraphQL.Execution.Columns;

// The result of an operation lies in columns: one per selected field and group of parents, with a slot per parent; a list column has a
// column of its items; a column of objects points into groups of objects. Nothing is kept per field and object.

/// <summary>All objects of one type that stand under one column.</summary>
internal sealed class ObjectGroup(ObjectSelection selection, Column? source)
{
    private List<object?> _values = [];
    private ColumnarTable? _table;
    private List<int>? _rows;
    private RowList<object>? _parents;

    public ObjectSelection Selection { get; } = selection;
    /// <summary>Null for the root.</summary>
    public Column? Source { get; } = source;
    public List<object?> Values => _table is null ? _values : MakeObjects();
    /// <summary>The same as a list that makes the objects of rows only when they are read.</summary>
    public IReadOnlyList<object?> Parents => _table is null ? _values : _parents ??= new RowList<object>(_table, _rows!.ToArray());
    /// <summary>The table of which all objects are rows; null when they are objects.</summary>
    public ColumnarTable? Table => _table;
    /// <summary>The slot in <see cref="Source"/> of each object.</summary>
    public List<int> SourceSlots { get; } = [];
    public int Count => SourceSlots.Count;
    public Column[] Columns { get; } = new Column[selection.Fields.Length];

    public static ObjectGroup Root(ObjectSelection selection, object? value)
    {
        var root = new ObjectGroup(selection, null);
        root.Add(value, 0);
        return root;
    }

    /// <summary>The row of an object in <see cref="Table"/>.</summary>
    public int RowOf(int index) => _rows![index];

    public void Add(object? value, int slot)
    {
        if (value is Row { Table: { } table } row && (Count == 0 || ReferenceEquals(_table, table)))
        {
            AddRow(table, row.Index, slot);
            return;
        }

        if (_table is not null)
        {
            // Rows of another table, or objects among rows: objects all.
            _values = MakeObjects();
            (_table, _rows) = (null, null);
        }

        _values.Add(value is Row other ? other.Make() : value);
        SourceSlots.Add(slot);
    }

    public void AddRow(ColumnarTable table, int row, int slot)
    {
        _table = table;
        (_rows ??= []).Add(row);
        SourceSlots.Add(slot);
    }

    // Fields that run at the same time may ask for the objects at the same time.
    private List<object?> MakeObjects()
    {
        lock (SourceSlots)
        {
            if (_values.Count < Count)
            {
                var made = new List<object?>(Count);
                foreach (var row in _rows!)
                    made.Add(_table!.Make(row));
                _values = made;
            }

            return _values;
        }
    }

    public void Write(Utf8JsonWriter writer, int row)
    {
        writer.WriteStartObject();
        var fields = Selection.Fields;
        for (var i = 0; i < fields.Length; i++)
        {
            writer.WritePropertyName(fields[i].Key);
            Columns[i].Write(writer, row);
        }

        writer.WriteEndObject();
    }
}
