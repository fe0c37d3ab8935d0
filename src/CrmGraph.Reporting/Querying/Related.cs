using System.Collections;
using System.Diagnostics;
using System.Linq.Expressions;

namespace CrmGraph.Reporting.Querying;

/// <summary>The rows that belong to one parent, not yet read: all parents of a level share one <see cref="RelatedRows{T}"/> and are read by one statement.</summary>
/// <remarks>It is a list to the schema; the paging of the field reads it.</remarks>
public sealed record Related<T>(RelatedRows<T> Rows, Guid Parent) : IEnumerable<T>
{
    IEnumerator<T> IEnumerable<T>.GetEnumerator() => throw new UnreachableException("Related rows are read by [UsePaging].");

    IEnumerator IEnumerable.GetEnumerator() => throw new UnreachableException("Related rows are read by [UsePaging].");
}

/// <summary>The rows of several parents.</summary>
/// <param name="Rows">Makes the query of the rows of all parents that there are, with the caller's rules applied; asked only when it is needed.</param>
/// <param name="ParentProperty">The rows' property with the parent's id.</param>
/// <param name="CustomerProperty">Where the parents are facts: the rows' property with the customer, which leads the index that finds them. Null otherwise.</param>
public sealed record RelatedRows<T>(Func<IQueryable<T>> Rows, string ParentProperty, string? CustomerProperty)
{
    public IQueryable<T> Query { get => field ??= Rows(); init; }

    /// <summary>A row's parent.</summary>
    public Expression<Func<T, Guid>> ParentOf => RowGuids.Expression<T>(ParentProperty);

    /// <summary>A row's customer; null when it does not help to find rows.</summary>
    public Expression<Func<T, Guid>>? CustomerOf => CustomerProperty is null ? null : RowGuids.Expression<T>(CustomerProperty);

    /// <summary>The parents, each once, with their customers where <see cref="CustomerProperty"/> is given.</summary>
    public required IReadOnlyList<ParentKey> Parents { get; init; }
}

/// <summary>A parent as a row of SQL.</summary>
public sealed class ParentKey
{
    public Guid CustomerId { get; set; }
    public Guid Id { get; set; }
}

public static class Related
{
    /// <summary>The rows of each parent.</summary>
    /// <param name="id">The parents' property by which the rows are found.</param>
    /// <param name="parentProperty">The rows' property with that id.</param>
    public static IReadOnlyList<Related<T>> Of<TParent, T>(IReadOnlyList<TParent> parents, string id, Func<IQueryable<T>> rows, string parentProperty) where TParent : class =>
        Of(RowGuids.Of(parents, typeof(TParent), id), null, p => new RelatedRows<T>(rows, parentProperty, null) { Parents = p });

    /// <summary>The rows of each fact, found by its customer and id.</summary>
    public static IReadOnlyList<Related<T>> OfFacts<TParent, T>(IReadOnlyList<TParent> parents, Func<IQueryable<T>> rows, string parentProperty, string customerProperty)
        where TParent : class, Database.ICustomerFact =>
        Of(RowGuids.Of(parents, typeof(TParent), nameof(Database.ICustomerFact.Id)), RowGuids.Of(parents, typeof(TParent), nameof(Database.ICustomerFact.CustomerId)),
            p => new RelatedRows<T>(rows, parentProperty, customerProperty) { Parents = p });

    private static Related<T>[] Of<T>(Guid?[] ids, Guid?[]? customers, Func<IReadOnlyList<ParentKey>, RelatedRows<T>> make)
    {
        var distinct = new List<ParentKey>(ids.Length);
        var known = new HashSet<Guid>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
            if (ids[i] is { } id && known.Add(id))
                distinct.Add(new ParentKey { Id = id, CustomerId = customers?[i] ?? default });
        var all = make(distinct);
        return Array.ConvertAll(ids, id => new Related<T>(all, id ?? default));
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
