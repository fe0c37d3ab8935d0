using System.Linq.Expressions;
using CrmGraph.Reporting.Querying;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Database;

/// <summary>
/// The first n rows of each of many parents in one statement. EF's own way (SelectMany over parents, Take inside) numbers the whole table:
/// 376 ms against 0.34 ms where this was measured.
/// </summary>
internal static class FirstPerParent
{
    /// <summary>
    /// PostgreSQL: the parents' keys as a table, and a lateral subquery that walks the index of each. EF turns a lateral subquery with a
    /// correlation by equality into a window over the table; by membership in a list of one it leaves it, and writes it as equality in the end.
    /// </summary>
    public static IQueryable<RelatedRow<T>> Lateral<T>(CrmDbContext database, RelatedRows<T> related, Func<IQueryable<T>, IQueryable<T>> first, IReadOnlyList<SortKey> order)
    {
        var customers = related.Parents.Select(p => p.CustomerId).ToArray();
        var ids = related.Parents.Select(p => p.Id).ToArray();
        var parents = database.Database.SqlQuery<ParentKey>($"""select * from unnest({customers}, {ids}) as p ("CustomerId", "Id")""");

        var parent = Expression.Parameter(typeof(ParentKey), "p");
        var rows = WhereOneOf(related.Query, related.ParentOf, Expression.Property(parent, nameof(ParentKey.Id)));
        if (related.CustomerOf is { } customerOf)
            rows = WhereOneOf(rows, customerOf, Expression.Property(parent, nameof(ParentKey.CustomerId)));
        return SelectMany(parents, parent, first(rows), Expression.Property(parent, nameof(ParentKey.Id)), order);
    }

    /// <summary>SQLite, which has no lateral: a window over the rows of these parents alone.</summary>
    public static IQueryable<RelatedRow<T>> Windowed<T>(RelatedRows<T> related, Func<IQueryable<T>, IQueryable<T>> first, IReadOnlyList<SortKey> order)
    {
        var rows = KeysetPager<T>.OfParents(related);
        var parents = KeysetPager<T>.OfParents(related).Select(related.ParentOf).Distinct();
        var parent = Expression.Parameter(typeof(Guid), "p");
        var own = Expression.Lambda<Func<T, bool>>(Expression.Equal(related.ParentOf.Body, parent), related.ParentOf.Parameters);
        return SelectMany(parents, parent, first(rows.Where(own)), parent, order);
    }

    private static IQueryable<T> WhereOneOf<T>(IQueryable<T> rows, Expression<Func<T, Guid>> value, Expression key) => rows.Where(Expression.Lambda<Func<T, bool>>(
        Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(Guid)], Expression.NewArrayInit(typeof(Guid), key), value.Body),
        value.Parameters));

    private static IQueryable<RelatedRow<T>> SelectMany<TParent, T>(
        IQueryable<TParent> parents, ParameterExpression parent, IQueryable<T> rows, Expression parentId, IReadOnlyList<SortKey> order)
    {
        var collection = Expression.Lambda<Func<TParent, IEnumerable<T>>>(rows.Expression, parent);
        var row = Expression.Parameter(typeof(T), "x");
        var result = Expression.Lambda<Func<TParent, T, RelatedRow<T>>>(
            Expression.MemberInit(
                Expression.New(typeof(RelatedRow<T>)),
                Expression.Bind(typeof(RelatedRow<T>).GetProperty(nameof(RelatedRow<T>.Parent))!, parentId),
                Expression.Bind(typeof(RelatedRow<T>).GetProperty(nameof(RelatedRow<T>.Item))!, row),
                Expression.Bind(typeof(RelatedRow<T>).GetProperty(nameof(RelatedRow<T>.Keys))!, Keyset.Values(order, row))),
            parent,
            row);
        return parents.SelectMany(collection, result);
    }
}
