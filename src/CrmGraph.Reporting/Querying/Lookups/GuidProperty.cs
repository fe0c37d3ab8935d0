using System.Collections.Concurrent;
using System.Linq.Expressions;
using CrmGraph.GraphQL.Execution.Columns;

namespace CrmGraph.Reporting.Querying.Lookups;

/// <summary>Ids in rows: the keys by which they are found, and the rows that they refer to.</summary>
internal static class GuidProperty
{
    private static readonly ConcurrentDictionary<(Type, string), Func<object, Guid?>> Readers = new();
    private static readonly ConcurrentDictionary<(Type, string), LambdaExpression> Expressions = new();

    /// <summary>This property of each row: from its column where the rows are of a table, without making objects of them.</summary>
    /// <param name="type">The class of the rows.</param>
    public static Guid?[] Of(IReadOnlyList<object?> rows, Type type, string property)
    {
        var ids = new Guid?[rows.Count];
        if (rows is IRowList table && table.Table.IndexOf(property) is var index and >= 0 && table.Table.Column(index) is RowColumn<Guid> column)
        {
            for (var i = 0; i < ids.Length; i++)
                ids[i] = table.RowAt(i) is var row and >= 0 && !column.IsNull(row) ? column[row] : null;
            return ids;
        }

        var read = Readers.GetOrAdd((type, property), static key => Reader(key));
        for (var i = 0; i < ids.Length; i++)
            ids[i] = read(rows[i]!);
        return ids;
    }

    /// <summary>This property of a row that has it.</summary>
    public static Expression<Func<T, Guid>> Expression<T>(string property) =>
        (Expression<Func<T, Guid>>)Expressions.GetOrAdd((typeof(T), property), static key =>
        {
            var (row, value) = Property(key);
            return System.Linq.Expressions.Expression.Lambda(
                value.Type == typeof(Guid) ? value : System.Linq.Expressions.Expression.Property(value, nameof(Nullable<Guid>.Value)), row);
        });

    private static Func<object, Guid?> Reader((Type Type, string Name) key)
    {
        var row = System.Linq.Expressions.Expression.Parameter(typeof(object), "x");
        var value = System.Linq.Expressions.Expression.Property(System.Linq.Expressions.Expression.Convert(row, key.Type), key.Name);
        return System.Linq.Expressions.Expression.Lambda<Func<object, Guid?>>(System.Linq.Expressions.Expression.Convert(value, typeof(Guid?)), row).Compile();
    }

    private static (ParameterExpression Row, MemberExpression Value) Property((Type Type, string Name) key)
    {
        var row = System.Linq.Expressions.Expression.Parameter(key.Type, "x");
        return (row, System.Linq.Expressions.Expression.Property(row, key.Name));
    }
}
