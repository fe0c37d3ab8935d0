namespace CrmGraph.GraphQL.Execution;

/// <summary>
/// Rows of one class that were read into columns, one per property. Plain fields are written from the columns; an object is made of a row
/// only where a resolver asks for its parents. Filled before it is given to the executor, then read by many.
/// </summary>
/// <param name="properties">The properties that have a column, in the order of the columns.</param>
public abstract class RowTable(IReadOnlyList<string> properties)
{
    /// <summary>The same list for all tables that were read in the same way.</summary>
    public IReadOnlyList<string> Properties { get; } = properties;

    /// <summary>Whether no property that the class's fields could need was left out.</summary>
    public abstract bool IsWhole { get; }

    public abstract RowColumn Column(int index);

    /// <summary>What the field of this name finds for these rows, where it was read together with them; the field's resolver knows its form. Null when the field must read it.</summary>
    public virtual object? Related(string field) => null;

    /// <summary>The object of a row, with the properties of the columns set and no others; the same one each time.</summary>
    public abstract object Make(int row);

    public int IndexOf(string property)
    {
        for (var i = 0; i < Properties.Count; i++)
            if (Properties[i] == property)
                return i;
        return -1;
    }
}

/// <summary>One property of all rows of a table.</summary>
public abstract class RowColumn
{
    public abstract bool HasNulls { get; }
    public abstract bool IsNull(int row);
    /// <summary>The value of a row as an object; null when there is none.</summary>
    public abstract object? Value(int row);
}

/// <summary>Values of a type other than text. <typeparamref name="T"/> is never a <see cref="Nullable{T}"/>.</summary>
public sealed class RowColumn<T>(int capacity) : RowColumn
{
    private T[] _values = new T[capacity];
    private bool[]? _nulls;

    public int Count { get; private set; }
    public override bool HasNulls => _nulls is not null;
    public T this[int row] => _values[row];
    public override bool IsNull(int row) => _nulls is not null && _nulls[row];
    public override object? Value(int row) => IsNull(row) ? null : _values[row];

    public void Add(T value)
    {
        if (Count == _values.Length)
            Grow();
        _values[Count++] = value;
    }

    public void AddNull()
    {
        if (Count == _values.Length)
            Grow();
        (_nulls ??= new bool[_values.Length])[Count++] = true;
    }

    private void Grow()
    {
        var size = Math.Max(8, _values.Length * 2);
        Array.Resize(ref _values, size);
        if (_nulls is not null)
            Array.Resize(ref _nulls, size);
    }
}

/// <summary>Texts as the UTF-8 in which they came: what is only written again need not become a string.</summary>
public sealed class TextColumn(int capacity, int bytesPerRow = 16) : RowColumn
{
    private byte[] _bytes = new byte[Math.Max(64, capacity * bytesPerRow)];
    private int[] _ends = new int[capacity];
    private bool[]? _nulls;

    public int Count { get; private set; }
    /// <summary>The bytes of all texts together.</summary>
    public int Length { get; private set; }
    public override bool HasNulls => _nulls is not null;
    public ReadOnlySpan<byte> this[int row] => _bytes.AsSpan((row == 0 ? 0 : _ends[row - 1]).._ends[row]);
    public override bool IsNull(int row) => _nulls is not null && _nulls[row];
    public string Text(int row) => System.Text.Encoding.UTF8.GetString(this[row]);
    public override object? Value(int row) => IsNull(row) ? null : Text(row);

    /// <summary>Room for a text of this many bytes, to be written from <see cref="Length"/> on and then added.</summary>
    public byte[] Room(int length)
    {
        if (Length + length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + length));
        return _bytes;
    }

    /// <summary>Adds the text that was written into <see cref="Room"/>.</summary>
    public void Add(int length)
    {
        Length += length;
        End();
    }

    public void AddNull()
    {
        if (_nulls is null || _nulls.Length <= Count)
            Array.Resize(ref _nulls, Math.Max(_ends.Length, Count + 8));
        _nulls[Count] = true;
        End();
    }

    private void End()
    {
        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Math.Max(8, _ends.Length * 2));
            if (_nulls is not null)
                Array.Resize(ref _nulls, Math.Max(_nulls.Length, _ends.Length));
        }

        _ends[Count++] = Length;
    }
}

/// <summary>A row of a table where one object is expected: <c>Row&lt;Customer&gt;</c> is a Customer to the schema. It may be an object as well.</summary>
public abstract class Row
{
    private readonly object? _made;

    private protected Row(RowTable table, int index) => (Table, Index) = (table, index);

    private protected Row(object made) => _made = made;

    /// <summary>Null when the row is an object.</summary>
    public RowTable? Table { get; }
    public int Index { get; }

    /// <summary>An entry of a list, without making an object of it; null when the entry is.</summary>
    public static Row<T>? At<T>(IReadOnlyList<T?> list, int index) where T : class => list is IRowList rows
        ? rows.RowAt(index) is var row and >= 0 ? new(rows.Table, row) : null
        : list[index] is { } made ? new(made) : null;

    public object Make() => _made ?? Table!.Make(Index);
}

/// <inheritdoc cref="Row"/>
public sealed class Row<T> : Row where T : class
{
    public Row(RowTable table, int index) : base(table, index)
    {
    }

    public Row(T made) : base(made)
    {
    }
}

/// <summary>A list of rows of one table, null among them where there is none.</summary>
public interface IRowList
{
    RowTable Table { get; }
    int Count { get; }
    /// <summary>-1 for null.</summary>
    int RowAt(int index);
}

/// <summary>Rows of a table as a list of objects, which are made when they are read: the executor does not read them where columns will do.</summary>
public sealed class RowList<T>(RowTable table, ReadOnlyMemory<int> rows) : IReadOnlyList<T?>, IRowList where T : class
{
    public RowTable Table { get; } = table;
    public int Count => rows.Length;
    public T? this[int index] => RowAt(index) is var row and >= 0 ? (T)Table.Make(row) : null;

    public int RowAt(int index) => rows.Span[index];

    public IEnumerator<T?> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
