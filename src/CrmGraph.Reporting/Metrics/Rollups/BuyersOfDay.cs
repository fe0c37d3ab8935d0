namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>The known customers of one rollup on one day.</summary>
/// <param name="Day">Its number.</param>
/// <param name="Stamp">That of the day, as <see cref="DayStamps"/> has it.</param>
/// <param name="Cells">What each set is of, in ascending order.</param>
/// <param name="Buyers">Those with a sale, by their numbers in ascending order.</param>
/// <param name="Others">Those with returns alone.</param>
internal sealed record BuyersOfDay(int Day, long Stamp, int[] Cells, int[][] Buyers, int[][] Others)
{
    /// <summary>What an array takes beside its numbers.</summary>
    private const int ArrayBytes = 32;

    public long Bytes { get; } = (Cells.Length * (sizeof(int) + (2L * ArrayBytes)))
        + (sizeof(int) * (Buyers.Sum(b => (long)b.Length) + Others.Sum(o => (long)o.Length)));

    /// <summary>The sets of some cells, one after the other: a customer can be in several.</summary>
    public IEnumerable<int[]> Of(IReadOnlyList<int> cells, bool withOthers)
    {
        foreach (var cell in cells)
        {
            var at = Array.BinarySearch(Cells, cell);
            if (at < 0)
                continue;
            yield return Buyers[at];
            if (withOthers && Others[at].Length > 0)
                yield return Others[at];
        }
    }
}
