using CrmGraph.Data.Changes;

namespace CrmGraph.Reporting.Live;

/// <summary>What <see cref="LiveQueries{TKey,TValue}"/> must know of the queries that it keeps alive.</summary>
public abstract class LiveComputation<TKey, TValue> where TKey : notnull
{
    /// <summary>Keys of equal families are computed by one reading.</summary>
    public abstract object FamilyOf(TKey key);

    /// <summary>Keys of equal kinds have statements in common: they are computed in one call where that is possible.</summary>
    public abstract object KindOf(TKey key);

    /// <summary>Whether a commit can have changed the value. A wrong yes costs a computation, a wrong no a stale value.</summary>
    public abstract bool IsAffected(TKey key, CommitNotice notice);

    /// <summary>When the value changes by the clock alone, such as midnight for "the last 30 days"; null when never.</summary>
    public abstract DateTimeOffset? NextRollover(TKey key, DateTimeOffset now);

    /// <summary>Commits may have been missed, and a state earlier than the last one may be read.</summary>
    public virtual void LostSight()
    {
    }

    /// <summary>Who asked first, for a fair order.</summary>
    public abstract object CallerOf(TKey key);

    /// <summary>
    /// Computes families one after the other, each in a turn of the round, and hands out each value as soon as it is there. Those left when the
    /// round is over come again in the next.
    /// </summary>
    public abstract Task ComputeAsync(IReadOnlyList<IReadOnlyList<TKey>> families, LiveRound<TKey, TValue> round);

    /// <summary>What subscribers are told when there is no value; they go on waiting for one.</summary>
    public abstract TValue Trouble(Exception e);

    /// <summary>Whether two values show the same figures, or the same trouble; then the second is not sent.</summary>
    public abstract bool Same(TValue before, TValue after);
}
