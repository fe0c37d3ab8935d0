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
    private static readonly Guid Nobody = Guid.Empty;

    /// <summary>
    /// PostgreSQL: the parents' keys as a table, and a lateral subquery that walks the index of each. EF would turn it into a window over the
    /// whole table if the correlation were an equality alone; a second mention of the parent, always true, keeps it lateral.
    /// </summary>
    public static IQueryable<RelatedRow<T>> Lateral<T>(CrmDbContext database, RelatedRows<T> related, Func<IQueryable<T>, IQueryable<T>> first, IReadOnlyList<SortKey> order, bool reversed)
    {
        var customers = related.Parents.Select(p => p.CustomerId).ToArray();
        var ids = related.Parents.Select(p => p.Id).ToArray();
        var parents = database.Database.SqlQuery<ParentKey>($"""select * from unnest({customers}, {ids}) as p ("CustomerId", "Id")""");

        var parent = Expression.Parameter(typeof(ParentKey), "p");
        var id = Expression.Property(parent, nameof(ParentKey.Id));
        var rows = Where(related.Query, related.ParentOf, value => Expression.AndAlso(
            Expression.Equal(value, id), Expression.NotEqual(id, FilterSubject.Parameter(Nobody, typeof(Guid)))));
        if (related.CustomerOf is { } customerOf)
            rows = Where(rows, customerOf, value => Expression.Equal(value, Expression.Property(parent, nameof(ParentKey.CustomerId))));
        return SelectMany(parents, parent, first(rows), id, order, reversed);
    }

    /// <summary>SQLite, which has no lateral: a window over the rows of these parents alone.</summary>
    public static IQueryable<RelatedRow<T>> Windowed<T>(RelatedRows<T> related, Func<IQueryable<T>, IQueryable<T>> first, IReadOnlyList<SortKey> order, bool reversed)
    {
        var rows = KeysetPager<T>.OfParents(related);
        var parents = KeysetPager<T>.OfParents(related).Select(related.ParentOf).Distinct();
        var parent = Expression.Parameter(typeof(Guid), "p");
        return SelectMany(parents, parent, first(Where(rows, related.ParentOf, value => Expression.Equal(value, parent))), parent, order, reversed);
    }

    private static IQueryable<T> Where<T>(IQueryable<T> rows, Expression<Func<T, Guid>> value, Func<Expression, Expression> condition) =>
        rows.Where(Expression.Lambda<Func<T, bool>>(condition(value.Body), value.Parameters));

    /// <summary>The rows of all parents. A join promises no order, so they are ordered again, the few that there are.</summary>
    private static IQueryable<RelatedRow<T>> SelectMany<TParent, T>(
        IQueryable<TParent> parents, ParameterExpression parent, IQueryable<T> rows, Expression parentId, IReadOnlyList<SortKey> order, bool reversed)
    {
        var row = Expression.Parameter(typeof(T), "x");
        var pairs = parents.SelectMany(
            Expression.Lambda<Func<TParent, IEnumerable<T>>>(rows.Expression, parent),
            Expression.Lambda<Func<TParent, T, Pair<T>>>(
                Expression.MemberInit(
                    Expression.New(typeof(Pair<T>)),
                    Expression.Bind(typeof(Pair<T>).GetProperty(nameof(Pair<T>.Parent))!, parentId),
                    Expression.Bind(typeof(Pair<T>).GetProperty(nameof(Pair<T>.Item))!, row)),
                parent,
                row));
        var pair = Expression.Parameter(typeof(Pair<T>), "x");
        var item = Expression.Property(pair, nameof(Pair<T>.Item));
        var ordered = Keyset.OrderBy(pairs, [.. order.Select(k => k with { Value = Expression.Lambda(FilterTypes.Inline(k.Value, item), pair) })], reversed);
        return ordered.Select(Expression.Lambda<Func<Pair<T>, RelatedRow<T>>>(
            Expression.MemberInit(
                Expression.New(typeof(RelatedRow<T>)),
                Expression.Bind(typeof(RelatedRow<T>).GetProperty(nameof(RelatedRow<T>.Parent))!, Expression.Property(pair, nameof(Pair<T>.Parent))),
                Expression.Bind(typeof(RelatedRow<T>).GetProperty(nameof(RelatedRow<T>.Item))!, item),
                Expression.Bind(typeof(RelatedRow<T>).GetProperty(nameof(RelatedRow<T>.Keys))!, Keyset.Values(order, item))),
            pair));
    }

    private sealed class Pair<T>
    {
        public Guid Parent { get; set; }
        public T Item { get; set; } = default!;
    }
}
