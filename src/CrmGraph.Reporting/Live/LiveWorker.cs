using System.Threading.Channels;

namespace CrmGraph.Reporting.Live;

/// <summary>A loop that computes what is due of its queries.</summary>
internal sealed class LiveWorker<TKey, TValue>(LiveComputation<TKey, TValue> computation) where TKey : notnull where TValue : class
{
    public LiveComputation<TKey, TValue> Computation { get; } = computation;
    /// <summary>Of one computation.</summary>
    public TimeSpan Limit { get; set; }
    public Channel<bool> Wake { get; } = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    /// <summary>In the order in which they came.</summary>
    public List<LiveQuery<TKey, TValue>> Queries { get; } = [];
    /// <summary>How many queries each kind has.</summary>
    public Dictionary<object, int> Kinds { get; } = [];
    /// <summary>What is being computed.</summary>
    public LiveRound<TKey, TValue>? Round { get; set; }

    public void Add(LiveQuery<TKey, TValue> query)
    {
        Queries.Add(query);
        Kinds[query.Kind] = Kinds.GetValueOrDefault(query.Kind) + 1;
    }

    public void Remove(LiveQuery<TKey, TValue> query)
    {
        Queries.Remove(query);
        if (--Kinds[query.Kind] == 0)
            Kinds.Remove(query.Kind);
    }

    /// <summary>The queries of these families in the order of a round: callers take turns; of the slow ones only one, last, whose caller has waited longest.</summary>
    public List<List<LiveQuery<TKey, TValue>>> InTurn(HashSet<object> families, int most)
    {
        var due = Queries.Where(q => families.Contains(q.Family)).GroupBy(q => q.Family)
            .OrderBy(f => f.Min(q => q.DueSince)).SelectMany(f => f.Chunk(most)).Select(f => f.ToList()).ToLookup(f => f.Exists(q => q.IsSlow));
        var quick = due[false].GroupBy(f => f[0].Caller).SelectMany(c => c.Select((family, turn) => (family, turn))).OrderBy(f => f.turn).Select(f => f.family);
        if (!due[true].Any())
            return [.. quick];
        var served = Queries.GroupBy(q => q.Caller).ToDictionary(c => c.Key, c => c.Max(q => q.StartedAt));
        return [.. quick, due[true].MinBy(f => served[f[0].Caller])!];
    }
}
