using System.Linq.Expressions;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>
/// Facts that nothing asked for tells apart, as one row: a share. A database sorts or hashes every fact for a distinct count, so that many facts are
/// counted faster on shares, whose sums add up to those of the facts.
/// </summary>
internal static class Shares
{
    /// <param name="key">All that shares can be told apart by.</param>
    /// <param name="summed">All that can be summed in them.</param>
    /// <param name="keys">What of the key is needed.</param>
    /// <param name="sums">Which sums are.</param>
    public static IQueryable<TShare> Of<T, TShare>(
        IQueryable<T> facts, Expression<Func<T, TShare>> key, Expression<Func<IGrouping<TShare, T>, TShare>> summed, HashSet<string> keys, HashSet<string> sums)
    {
        var told = Only(key, keys);
        if (sums.Count == 0)
            return facts.Select(told).Distinct(); // SQLite hashes these, and sorts groups.
        var group = summed.Parameters[0];
        var bindings = Bindings(told).Select(
            b => (MemberBinding)Expression.Bind(b.Member, Expression.MakeMemberAccess(Expression.Property(group, nameof(IGrouping<,>.Key)), b.Member)))
            .Concat(Bindings(Only(summed, sums)));
        return facts.GroupBy(told).Select(
            Expression.Lambda<Func<IGrouping<TShare, T>, TShare>>(Expression.MemberInit(Expression.New(typeof(TShare)), bindings), group));
    }

    private static Expression<Func<T, TShare>> Only<T, TShare>(Expression<Func<T, TShare>> all, HashSet<string> members) => Expression.Lambda<Func<T, TShare>>(
        Expression.MemberInit(Expression.New(typeof(TShare)), Bindings(all).Where(b => members.Contains(b.Member.Name))), all.Parameters);

    private static IEnumerable<MemberAssignment> Bindings<T, TShare>(Expression<Func<T, TShare>> made) =>
        ((MemberInitExpression)made.Body).Bindings.Cast<MemberAssignment>();
}
