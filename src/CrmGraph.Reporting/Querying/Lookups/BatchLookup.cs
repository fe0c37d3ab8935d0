using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Types;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Querying.Lookups;

/// <summary>Finds rows for many parents at once: one statement, whatever their number.</summary>
public static class BatchLookup
{
    /// <summary>Ids in one statement. SQLite takes 32,766 parameters.</summary>
    private const int IdsPerStatement = 10_000;

    /// <summary>For each parent the row with the id that it names; null where it names none, or one that is not there or not to be seen.</summary>
    public static async Task<IReadOnlyList<T?>> OneAsync<TParent, T>(
        IReadOnlyList<TParent> parents, Func<TParent, Guid?> id, IQueryable<T> rows, Expression<Func<T, Guid>> key, CancellationToken cancellationToken)
        where T : class
    {
        var found = await DictionaryAsync(parents.Select(id).OfType<Guid>(), rows, key, cancellationToken);
        return [.. parents.Select(p => id(p) is { } i ? found.GetValueOrDefault(i) : null)];
    }

    /// <summary>The row with an id, read by a prepared statement and only as far as the selection needs it, where that can be.</summary>
    /// <param name="rows">Asked only when a statement has to be made; it may depend on the caller alone.</param>
    public static async Task<Row<T>?> ByIdAsync<T>(Guid id, Func<ResolverContext, IQueryable<T>> rows, ResolverContext context) where T : class =>
        Row.At(await PreparedLookup.ReadAsync(
            [id],
            rows,
            "Id",
            needs => context.Field.Type.Named is ObjectType { ClrType: { } type } && type == typeof(T) ? needs.Properties : null,
            context,
            isAll: false), 0);

    /// <summary>For each parent its rows, in the order of <paramref name="rows"/>.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<T>>> ManyAsync<TParent, T>(
        IReadOnlyList<TParent> parents, Func<TParent, Guid> id, IQueryable<T> rows, Expression<Func<T, Guid>> parentOf, CancellationToken cancellationToken)
    {
        var found = new List<T>();
        foreach (var ids in parents.Select(id).Distinct().Chunk(IdsPerStatement))
            found.AddRange(await rows.Where(In(parentOf, ids)).ToListAsync(cancellationToken));
        var byParent = found.ToLookup(parentOf.Compile());
        return [.. parents.Select(p => (IReadOnlyList<T>)byParent[id(p)].ToList())];
    }

    /// <summary>The rows with these ids, by id.</summary>
    public static async Task<IReadOnlyDictionary<Guid, T>> DictionaryAsync<T>(
        IEnumerable<Guid> ids,
        IQueryable<T> rows,
        Expression<Func<T, Guid>> key,
        CancellationToken cancellationToken)
        where T : class
    {
        var found = new Dictionary<Guid, T>();
        var keyOf = key.Compile();
        foreach (var chunk in ids.Distinct().Chunk(IdsPerStatement))
            foreach (var row in await rows.Where(In(key, chunk)).ToListAsync(cancellationToken))
                found[keyOf(row)] = row;
        return found;
    }

    /// <summary>Facts by their ids, whoever's they are now: the index on Id decides.</summary>
    public static async Task<IReadOnlyDictionary<FactId, T>> FactsAsync<T>(IReadOnlyList<FactId> ids, IQueryable<T> rows, CancellationToken cancellationToken)
        where T : class, ICustomerFact =>
        (await DictionaryAsync(ids.Select(i => i.Id), rows, GuidProperty.Expression<T>(nameof(ICustomerFact.Id)), cancellationToken))
            .ToDictionary(x => new FactId(x.Key), x => x.Value);

    internal static Expression<Func<T, bool>> In<T>(Expression<Func<T, Guid>> key, Guid[] ids) => Expression.Lambda<Func<T, bool>>(
        Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(Guid)], QueryParameter.Of(ids, typeof(Guid[])), key.Body),
        key.Parameters);

    /// <param name="id">A boxed id.</param>
    internal static Expression<Func<T, bool>> Is<T>(Expression<Func<T, Guid>> key, object id) =>
        Expression.Lambda<Func<T, bool>>(Expression.Equal(key.Body, QueryParameter.Of(id, typeof(Guid))), key.Parameters);
}
