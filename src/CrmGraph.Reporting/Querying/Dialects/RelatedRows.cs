using System.Linq.Expressions;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Querying.Dialects;

/// <summary>The rows of several parents.</summary>
/// <param name="Rows">Makes the query of the rows of all parents that there are, with the caller's rules applied; asked only when it is needed.</param>
/// <param name="ParentProperty">The rows' property with the parent's id.</param>
/// <param name="CustomerProperty">Where the parents are facts: the rows' property with the customer, which leads the index that finds them. Null otherwise.</param>
public sealed record RelatedRows<T>(Func<IQueryable<T>> Rows, string ParentProperty, string? CustomerProperty)
{
    public IQueryable<T> Query { get => field ??= Rows(); init; }

    /// <summary>A row's parent.</summary>
    public Expression<Func<T, Guid>> ParentOf => GuidProperty.Expression<T>(ParentProperty);

    /// <summary>A row's customer; null when it does not help to find rows.</summary>
    public Expression<Func<T, Guid>>? CustomerOf => CustomerProperty is null ? null : GuidProperty.Expression<T>(CustomerProperty);

    /// <summary>The parents, each once, with their customers where <see cref="CustomerProperty"/> is given.</summary>
    public required IReadOnlyList<ParentKey> Parents { get; init; }
}

/// <summary>A parent as a row of SQL.</summary>
public sealed class ParentKey
{
    public Guid CustomerId { get; set; }
    public Guid Id { get; set; }

    /// <summary>Each id once.</summary>
    /// <param name="customers">The customer of each, where there are any.</param>
    public static List<ParentKey> Distinct(Guid?[] ids, Guid?[]? customers)
    {
        var distinct = new List<ParentKey>(ids.Length);
        var known = new HashSet<Guid>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
            if (ids[i] is { } id && known.Add(id))
                distinct.Add(new ParentKey { Id = id, CustomerId = customers?[i] ?? default });
        return distinct;
    }
}

/// <summary>A row of a parent.</summary>
internal sealed class RelatedPair<T>
{
    public Guid Parent { get; set; }
    public T Item { get; set; } = default!;
}

/// <summary>A row of a parent's page with the values of its sort keys.</summary>
internal sealed class RelatedRow<T>
{
    public Guid Parent { get; set; }
    public T Item { get; set; } = default!;
    public object?[] Keys { get; set; } = [];

    public static Expression<Func<RelatedPair<T>, RelatedRow<T>>> Of(IReadOnlyList<SortKey> order)
    {
        var pair = Expression.Parameter(typeof(RelatedPair<T>), "x");
        var item = Expression.Property(pair, nameof(RelatedPair<T>.Item));
        return Expression.Lambda<Func<RelatedPair<T>, RelatedRow<T>>>(
            Expression.MemberInit(
                Expression.New(typeof(RelatedRow<T>)),
                Expression.Bind(typeof(RelatedRow<T>).GetProperty(nameof(Parent))!, Expression.Property(pair, nameof(RelatedPair<T>.Parent))),
                Expression.Bind(typeof(RelatedRow<T>).GetProperty(nameof(Item))!, item),
                Expression.Bind(typeof(RelatedRow<T>).GetProperty(nameof(Keys))!, Keyset.Values(order, item))),
            pair);
    }
}
