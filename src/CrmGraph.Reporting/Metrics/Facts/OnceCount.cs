using System.Linq.Expressions;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>How what is distinct is counted where a group has one row of each: a database sorts or hashes all of them to find that out.</summary>
/// <param name="Of">The column of what is counted.</param>
/// <param name="Follows">Columns that are the same in all rows of one of them, beside the kind of the row, of which one alone counts.</param>
internal sealed record OnceCount<TRow>(string Of, IReadOnlySet<string> Follows)
{
    /// <summary>The measure, where it is counted of a group.</summary>
    public Expression<Func<IEnumerable<TRow>, long>>? Count { get; init; }

    /// <summary>Whether a customer counts, where the measure is counted of customers.</summary>
    public Expression<Func<IEnumerable<TRow>, bool>>? OfEach { get; init; }

    /// <summary>Whether rows that these columns tell apart are once in each group of a key: what else tells them apart is in the key.</summary>
    public bool Holds(IReadOnlySet<string> told, FactKey key)
    {
        var asIs = key.Columns.Where(c => c.Expression is MemberExpression member && member.Expression == key.Row && member.Member.Name == c.Member.Name)
            .Select(c => c.Member.Name).ToHashSet(StringComparer.Ordinal);
        return told.Contains(Of) && told.All(c => c == Of || Follows.Contains(c) || asIs.Contains(c));
    }
}
