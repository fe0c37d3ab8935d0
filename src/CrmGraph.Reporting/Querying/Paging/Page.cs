using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Querying.Paging;

/// <summary>The rows of one page in their order.</summary>
internal abstract class Page(IReadOnlyList<SortKey> order)
{
    public IReadOnlyList<SortKey> Order { get; } = order;
    public abstract int Count { get; }
    /// <summary>All rows, as the graph takes a list of them.</summary>
    public abstract object Nodes { get; }
    public abstract object NodeAt(int index);
    public abstract object?[] KeysAt(int index);

    /// <summary>The first rows of it, perhaps in the contrary order.</summary>
    public abstract Page Part(int count, bool reversed);
}

/// <summary>A page of objects.</summary>
internal sealed class ObjectPage(IReadOnlyList<SortKey> order, IReadOnlyList<(object Node, object?[] Keys)> rows) : Page(order)
{
    public override int Count => rows.Count;
    public override object Nodes => rows.Select(r => r.Node).ToList();
    public override object NodeAt(int index) => rows[index].Node;
    public override object?[] KeysAt(int index) => rows[index].Keys;
    public override Page Part(int count, bool reversed) => new ObjectPage(Order, reversed ? [.. rows.Take(count).Reverse()] : [.. rows.Take(count)]);
}

/// <summary>A page of rows of a table.</summary>
/// <param name="rows">The page's rows in the table.</param>
/// <param name="keys">The columns of the sort keys.</param>
internal sealed class TablePage<T>(
    IReadOnlyList<SortKey> order,
    EntityTable<T> table,
    ReadOnlyMemory<int> rows,
    ReadOnlyMemory<int> keys) : Page(order) where T : class
{
    public override int Count => rows.Length;
    public override object Nodes => new RowList<T>(table, rows);
    public override object NodeAt(int index) => new Row<T>(table, rows.Span[index]);

    public override Page Part(int count, bool reversed)
    {
        if (count == rows.Length && !reversed)
            return this;
        var part = rows[..count];
        if (!reversed)
            return new TablePage<T>(Order, table, part, keys);
        var contrary = part.ToArray();
        Array.Reverse(contrary);
        return new TablePage<T>(Order, table, contrary, keys);
    }

    public override object?[] KeysAt(int index)
    {
        var values = new object?[keys.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = table.Column(keys.Span[i]).Value(rows.Span[index]);
        return values;
    }
}
