using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Statements;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Querying.Sorting;

/// <summary>Orders rows by sort keys and cuts them at the values of a cursor. Rows without a value come last, both ascending and descending.</summary>
internal static class Keyset
{
    private static readonly MethodInfo TextCompare = typeof(string).GetMethod(nameof(string.Compare), [typeof(string), typeof(string)])!;

    public static IQueryable<T> OrderBy<T>(IQueryable<T> rows, IReadOnlyList<SortKey> keys, bool reversed)
        => (IQueryable<T>)OrderBy(rows, [.. keys.Select(k => (k, reversed))]);

    /// <param name="keys">Each with whether its order is to be turned round.</param>
    public static IQueryable OrderBy(IQueryable rows, IReadOnlyList<(SortKey Key, bool Reversed)> keys)
    {
        var ordered = false;
        foreach (var (key, reversed) in keys)
        {
            if (key.IsNullable)
                rows = Order(rows, IsNull(key), reversed, ref ordered);
            rows = Order(rows, key.Value, key.Descending != reversed, ref ordered);
        }

        return rows;
    }

    /// <summary>The rows strictly after the values in the order, or (reversed) strictly before; with <paramref name="inclusive"/> the row itself too.</summary>
    public static Expression<Func<T, bool>> Beyond<T>(IReadOnlyList<SortKey> keys, IReadOnlyList<object?> values, bool reversed, bool inclusive = false)
    {
        var row = Expression.Parameter(typeof(T), "x");
        var parts = keys.Select((key, i) => new Part(key, Lambdas.Inline(key.Value, row), values[i], reversed)).ToList();
        var condition = parts[^1].Beyond(inclusive);
        for (var i = parts.Count - 2; i >= 0; i--)
            condition = Expression.OrElse(parts[i].Beyond(), Expression.AndAlso(parts[i].Same(), condition));
        // Without the bound on the leading key both engines walk its index from the start. Where there is none the value would be found once more.
        if (parts.Count > 1 && keys[0].IsIndexed && parts[0].Bound() is { } bound)
            condition = Expression.AndAlso(bound, condition);
        return Expression.Lambda<Func<T, bool>>(condition, row);
    }

    /// <summary>Whether a row has the value of a key.</summary>
    public static Expression<Func<T, bool>> Has<T>(SortKey key, bool has)
    {
        var missing = IsNull(key);
        return Expression.Lambda<Func<T, bool>>(has ? Expression.Not(missing.Body) : missing.Body, missing.Parameters);
    }

    /// <summary>True for all rows: it tells the databases, which see an outer join, that the related row is there, and may be read first.</summary>
    public static Expression<Func<T, bool>> Present<T>(LambdaExpression relatedId) => Expression.Lambda<Func<T, bool>>(
        Expression.Equal(relatedId.Body, Expression.Property(relatedId.Parameters[0], "Id")), relatedId.Parameters);

    /// <summary>All rows, found before anything is joined to them: PostgreSQL plans what has an OFFSET by itself.</summary>
    public static IQueryable SkipNone(IQueryable rows) => rows.Provider.CreateQuery(
        Expression.Call(typeof(Queryable), nameof(Queryable.Skip), [rows.ElementType], rows.Expression, Written(0)));

    /// <summary>A number that stands in the SQL and is no parameter.</summary>
    public static Expression Written(int number) => Expression.Call(typeof(EF), nameof(EF.Constant), [typeof(int)], Expression.Constant(number));

    /// <summary>Each row with the values of its sort keys.</summary>
    public static Expression<Func<T, KeyedRow<T>>> WithKeys<T>(IReadOnlyList<SortKey> keys)
    {
        var row = Expression.Parameter(typeof(T), "x");
        return Expression.Lambda<Func<T, KeyedRow<T>>>(
            Expression.MemberInit(
                Expression.New(typeof(KeyedRow<T>)),
                Expression.Bind(typeof(KeyedRow<T>).GetProperty(nameof(KeyedRow<T>.Item))!, row),
                Expression.Bind(typeof(KeyedRow<T>).GetProperty(nameof(KeyedRow<T>.Keys))!, Values(keys, row))),
            row);
    }

    public static NewArrayExpression Values(IReadOnlyList<SortKey> keys, Expression row) =>
        Expression.NewArrayInit(typeof(object), keys.Select(k => Expression.Convert(Lambdas.Inline(k.Value, row), typeof(object))));

    private static LambdaExpression IsNull(SortKey key) => Expression.Lambda(
        Expression.Equal(key.Value.Body, Expression.Constant(null, key.Value.ReturnType)), key.Value.Parameters);

    private static IQueryable Order(IQueryable rows, LambdaExpression by, bool descending, ref bool ordered)
    {
        var method = (ordered, descending) switch
        {
            (false, false) => nameof(Queryable.OrderBy),
            (false, true) => nameof(Queryable.OrderByDescending),
            (true, false) => nameof(Queryable.ThenBy),
            _ => nameof(Queryable.ThenByDescending),
        };
        ordered = true;
        return rows.Provider.CreateQuery(Expression.Call(typeof(Queryable), method, [rows.ElementType, by.ReturnType], rows.Expression, Expression.Quote(by)));
    }

    /// <summary>One key, its expression on the row, and its value in the cursor.</summary>
    private sealed record Part(SortKey Key, Expression Value, object? At, bool Reversed)
    {
        private ConstantExpression Null => Expression.Constant(null, Value.Type);

        public Expression Beyond(bool inclusive = false)
        {
            if (At is null && inclusive)
                return Expression.OrElse(Beyond(), Same());
            if (At is null)
                return Reversed ? Expression.NotEqual(Value, Null) : Expression.Constant(false);
            var beyond = (Key.Descending != Reversed, inclusive) switch
            {
                (true, false) => Compare(ExpressionType.LessThan),
                (false, false) => Compare(ExpressionType.GreaterThan),
                (true, true) => Compare(ExpressionType.LessThanOrEqual),
                (false, true) => Compare(ExpressionType.GreaterThanOrEqual),
            };
            return Key.IsNullable && !Reversed ? Expression.OrElse(Expression.Equal(Value, Null), beyond) : beyond;
        }

        public Expression Same() => At is null
            ? Expression.Equal(Value, Null)
            : Expression.Equal(Value, QueryParameter.Of(At, Value.Type));

        public Expression? Bound() => Key.IsNullable ? null : Beyond(inclusive: true);

        private BinaryExpression Compare(ExpressionType comparison) => Value.Type == typeof(string)
            ? Expression.MakeBinary(comparison, Expression.Call(TextCompare, Value, QueryParameter.Of(At, typeof(string))), Expression.Constant(0))
            : Expression.MakeBinary(comparison, Value, QueryParameter.Of(At, Value.Type));
    }
}

/// <summary>A row of a page with the values of its sort keys.</summary>
internal sealed class KeyedRow<T>
{
    public T Item { get; set; } = default!;
    public object?[] Keys { get; set; } = [];
}
