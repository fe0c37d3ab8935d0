namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>The customers of one day. Other days are told by their places among those of a period.</summary>
internal sealed class DayRepeats
{
    /// <summary>The days on which some of them were last before it, in ascending order.</summary>
    private readonly ushort[] _before;
    /// <summary>How many were there on that day or a later one before it; in the other array where the numbers are small.</summary>
    private readonly int[] _since;
    private readonly ushort[] _sinceSmall;

    private DayRepeats(int people, ushort[] before, int[] since, ushort[] sinceSmall) =>
        (People, _before, _since, _sinceSmall) = (people, before, since, sinceSmall);

    /// <summary>How many they are.</summary>
    public int People { get; }

    public long Bytes => 100 + (sizeof(ushort) * (_before.Length + (long)_sinceSmall.Length)) + (sizeof(int) * (long)_since.Length);

    /// <param name="before">How many were last there on each day before it.</param>
    public static DayRepeats Of(int people, ReadOnlySpan<int> before)
    {
        var at = before.Length - before.Count(0);
        var (days, since, sum) = (new ushort[at], new int[at], 0);
        for (var day = before.Length - 1; day >= 0; day--)
        {
            if (before[day] == 0)
                continue;
            sum += before[day];
            at--;
            (days[at], since[at]) = ((ushort)day, sum);
        }

        return sum > ushort.MaxValue ? new(people, days, since, []) : new(people, days, [], Array.ConvertAll(since, s => (ushort)s));
    }

    /// <summary>Adds how many were last there on each day before it.</summary>
    public void AddTo(int[] before)
    {
        for (var i = 0; i < _before.Length; i++)
            before[_before[i]] += SinceAt(i) - SinceAt(i + 1);
    }

    /// <summary>How many were not there from a day until before it.</summary>
    public int NotSince(int from)
    {
        var at = Array.BinarySearch(_before, (ushort)from);
        return People - SinceAt(at < 0 ? ~at : at);
    }

    private int SinceAt(int i) => i < _sinceSmall.Length ? _sinceSmall[i] : i < _since.Length ? _since[i] : 0;
}
