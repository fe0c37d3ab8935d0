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
/// <param name="ParentOf">A row's parent.</param>
/// <param name="CustomerOf">Where the parents are facts: a row's customer, which leads the index that finds it. Null otherwise.</param>
public sealed record RelatedRows<T>(Func<IQueryable<T>> Rows, Expression<Func<T, Guid>> ParentOf, Expression<Func<T, Guid>>? CustomerOf)
{
    public IQueryable<T> Query { get => field ??= Rows(); init; }

    /// <summary>The parents, each once, with their customers where <see cref="CustomerOf"/> is given.</summary>
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
    /// <summary>The rows of each parent, found by its id.</summary>
    public static IReadOnlyList<Related<T>> Of<TParent, T>(IReadOnlyList<TParent> parents, Func<TParent, Guid> id, Func<IQueryable<T>> rows, Expression<Func<T, Guid>> parentOf)
    {
        var all = new RelatedRows<T>(rows, parentOf, null) { Parents = [.. parents.Select(id).Distinct().Select(i => new ParentKey { Id = i })] };
        return [.. parents.Select(p => new Related<T>(all, id(p)))];
    }

    /// <summary>The rows of each fact, found by its customer and id.</summary>
    public static IReadOnlyList<Related<T>> OfFacts<TParent, T>(IReadOnlyList<TParent> parents, Func<IQueryable<T>> rows, Expression<Func<T, Guid>> parentOf, Expression<Func<T, Guid>> customerOf)
        where TParent : Database.ICustomerFact
    {
        var all = new RelatedRows<T>(rows, parentOf, customerOf)
        {
            Parents = [.. parents.DistinctBy(p => p.Id).Select(p => new ParentKey { CustomerId = p.CustomerId, Id = p.Id })],
        };
        return [.. parents.Select(p => new Related<T>(all, p.Id))];
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
