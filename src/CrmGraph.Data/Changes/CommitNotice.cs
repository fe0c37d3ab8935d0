using System.Collections.Immutable;

namespace CrmGraph.Data.Changes;

/// <summary>What a committed transaction of this server changed: a hint to look again, never data.</summary>
/// <param name="Tables">Table names as in the database: <c>orders</c>, <c>order_lines</c>.</param>
/// <param name="FromDay">First day in the reporting zone that facts were changed on; null when no dated fact was touched.</param>
/// <param name="ToDay">Last such day.</param>
public sealed record CommitNotice(ImmutableArray<string> Tables, DateOnly? FromDay, DateOnly? ToDay)
{
    /// <summary>Rows were added, and none of those before changed.</summary>
    public bool IsNew { get; init; }
}

/// <summary>
/// Tells the watchers of this server, at once, that a transaction was committed. Registered as a singleton. Publishing never blocks and never
/// throws into the writer: a subscriber does no work in its callback but note and wake.
/// </summary>
public sealed class CommitHub
{
    private ImmutableArray<Action<CommitNotice>> _subscribers = [];

    /// <summary>Dispose to end.</summary>
    public IDisposable Subscribe(Action<CommitNotice> callback)
    {
        ImmutableInterlocked.Update(ref _subscribers, (list, added) => list.Add(added), callback);
        return new Subscription(this, callback);
    }

    public void Publish(CommitNotice notice)
    {
        foreach (var subscriber in _subscribers)
            subscriber(notice);
    }

    private sealed class Subscription(CommitHub hub, Action<CommitNotice> callback) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref hub._subscribers, (list, removed) => list.Remove(removed), callback);
    }
}
