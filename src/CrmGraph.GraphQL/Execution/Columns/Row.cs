namespace CrmGraph.GraphQL.Execution.Columns;

/// <summary>A row of a table where one object is expected: <c>Row&lt;Customer&gt;</c> is a Customer to the schema. It may be an object as well.</summary>
public abstract class Row
{
    private readonly object? _made;

    private protected Row(ColumnarTable table, int index) => (Table, Index) = (table, index);

    private protected Row(object made) => _made = made;

    /// <summary>Null when the row is an object.</summary>
    public ColumnarTable? Table { get; }
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
    public Row(ColumnarTable table, int index) : base(table, index)
    {
    }

    public Row(T made) : base(made)
    {
    }
}

/// <summary>A list of rows of one table, null among them where there is none.</summary>
public interface IRowList
{
    ColumnarTable Table { get; }
    int Count { get; }
    /// <summary>-1 for null.</summary>
    int RowAt(int index);
}

/// <summary>Rows of a table as a list of objects, which are made when they are read: the executor does not read them where columns will do.</summary>
public sealed class RowList<T>(ColumnarTable table, ReadOnlyMemory<int> rows) : IReadOnlyList<T?>, IRowList where T : class
{
    public ColumnarTable Table { get; } = table;
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
