namespace CrmGraph.GraphQL.Execution.Columns;

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
