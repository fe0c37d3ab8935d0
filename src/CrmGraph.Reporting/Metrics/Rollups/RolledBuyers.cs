using System.Collections.Concurrent;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>The known customers of one rollup that were read, each day under the stamp that it had, and how often they come back.</summary>
internal sealed class RolledBuyers(BuyersMemory memory)
{
    /// <summary>The first and the last day that are counted together.</summary>
    private const int MostDays = 4_000;

    /// <summary>Room for days to come.</summary>
    private const int DaysToCome = 40;

    /// <summary>What a group takes beside its days.</summary>
    private const int GroupBytes = 200;

    private readonly ConcurrentDictionary<int, BuyersOfDay> _days = [];
    private readonly ConcurrentDictionary<(string Cells, bool WithOthers), Group> _groups = [];
    private long _dayBytes;
    private long _groupBytes;
    /// <summary>Of days that were read again since, which groups may still have.</summary>
    private long _staleBytes;
    private int _refused = int.MaxValue;
    private int _reading;

    /// <summary>What sets have in common whatever their day.</summary>
    public SalesCells Cells { get; } = new();

    public long Bytes => Volatile.Read(ref _dayBytes) + Volatile.Read(ref _groupBytes) + Volatile.Read(ref _staleBytes);

    /// <summary>When it was used last, as <see cref="BuyersMemory"/> counts.</summary>
    public long Used { get; set; }

    /// <summary>Whether so many days take more memory than there is.</summary>
    public bool Refuses(int days) => days >= Math.Min(Volatile.Read(ref _refused), MostDays / 2);

    public void Refuse(int days) => Volatile.Write(ref _refused, Math.Min(days, _refused));

    /// <summary>One reads at a time; others do without meanwhile.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _reading, 1, 0) == 0;

    public void End() => Volatile.Write(ref _reading, 0);

    public BuyersOfDay? Find(int day, long stamp) => _days.TryGetValue(day, out var known) && known.Stamp == stamp ? known : null;

    /// <summary>False when there is no room.</summary>
    public bool TryKeep(BuyersOfDay day)
    {
        if (!memory.HasRoom(this, day.Bytes))
            return false;
        var stale = _days.TryGetValue(day.Day, out var before) ? before.Bytes : 0;
        _days[day.Day] = day;
        Interlocked.Add(ref _dayBytes, day.Bytes - stale);
        if (Interlocked.Add(ref _staleBytes, stale) > _dayBytes / 2)
            ForgetGroups();
        return true;
    }

    public void Clear()
    {
        _days.Clear();
        Volatile.Write(ref _dayBytes, 0);
        ForgetGroups();
    }

    private void ForgetGroups()
    {
        _groups.Clear();
        Volatile.Write(ref _groupBytes, 0);
        Volatile.Write(ref _staleBytes, 0);
    }

    /// <summary>How often the customers of some cells come back, right for these days.</summary>
    /// <param name="from">The number of the first day.</param>
    /// <param name="stamps">Of this day and the following ones; 0 where there are no orders.</param>
    /// <param name="days">Of them; null where there are no orders.</param>
    public BuyerRepeats RepeatsOf(IReadOnlyList<int> cells, bool withOthers, int from, long[] stamps, BuyersOfDay?[] days)
    {
        var group = _groups.GetOrAdd((string.Join(' ', cells), withOthers), _ => new());
        if (group.Repeats is { } kept && kept.Holds(from, stamps))
            return kept;
        lock (group.Gate)
        {
            var before = group.Repeats;
            if (before?.Holds(from, stamps) == true)
                return before;
            var renewed = (before?.Covers(from, days.Length) == true ? before.With([.. Changed(before, from, stamps, days)]) : null)
                ?? Made(cells, withOthers, from, days);
            var more = renewed.Bytes + GroupBytes - group.Bytes;
            if (!memory.HasRoom(this, more))
            {
                Refuse(days.Length);
                return renewed;
            }

            Interlocked.Add(ref _groupBytes, more);
            group.Bytes += more;
            group.Repeats = renewed;
            return renewed;
        }
    }

    private static IEnumerable<(int Day, BuyersOfDay? Now)> Changed(BuyerRepeats before, int from, long[] stamps, BuyersOfDay?[] days)
    {
        for (var i = 0; i < days.Length; i++)
            if (before.StampOf(from + i) != stamps[i])
                yield return (from + i, days[i]);
    }

    /// <summary>Of all days that are kept, as far as they are not too far away from these.</summary>
    private BuyerRepeats Made(IReadOnlyList<int> cells, bool withOthers, int from, BuyersOfDay?[] days)
    {
        var (first, last) = (from, from + days.Length - 1);
        foreach (var day in _days.Keys)
            (first, last) = (Math.Min(first, day), Math.Max(last, day));
        first = Math.Max(first, from + days.Length - (MostDays / 2));
        last = Math.Min(last, first + MostDays - DaysToCome);
        var all = new BuyersOfDay?[last + 1 + DaysToCome - first];
        for (var i = 0; i < all.Length; i++)
            all[i] = first + i >= from && first + i < from + days.Length ? days[first + i - from] : _days.GetValueOrDefault(first + i);
        return BuyerRepeats.Of(cells, withOthers, first, all);
    }

    private sealed class Group
    {
        private BuyerRepeats? _repeats;

        public Lock Gate { get; } = new();
        public long Bytes { get; set; }

        public BuyerRepeats? Repeats
        {
            get => Volatile.Read(ref _repeats);
            set => Volatile.Write(ref _repeats, value);
        }
    }
}

/// <summary>What is kept of the customers of all rollups takes so many bytes at most. Where there is no room, the rollup that was not used for longest is forgotten.</summary>
internal sealed class BuyersMemory(long mostBytes)
{
    private readonly ConcurrentDictionary<int, RolledBuyers> _rollups = [];
    private readonly Lock _gate = new();
    private long _uses;

    public long Bytes => _rollups.Values.Sum(r => r.Bytes);

    public RolledBuyers Of(int rollup)
    {
        var buyers = _rollups.GetOrAdd(rollup, _ => new(this));
        buyers.Used = Interlocked.Increment(ref _uses);
        return buyers;
    }

    /// <summary>Whether so much more fits, after others have been forgotten.</summary>
    public bool HasRoom(RolledBuyers asking, long more)
    {
        if (Bytes + more <= mostBytes)
            return true;
        lock (_gate)
        {
            while (Bytes + more > mostBytes)
            {
                if (_rollups.Values.Where(r => r != asking && r.Bytes > 0).MinBy(r => r.Used) is not { } other)
                    return false;
                other.Clear();
            }

            return true;
        }
    }
}
