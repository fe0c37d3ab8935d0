namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>Scores from 1 to 5 by rank.</summary>
internal static class Quintiles
{
    /// <summary>
    /// 1 + the whole part of five times the share of values that are smaller: equal values have equal scores, and all have the score of the first
    /// of them. Of 100 different values 20 have each score.
    /// </summary>
    public static int[] Scores(IReadOnlyList<decimal> values)
    {
        var sorted = values.Order().ToArray();
        return [.. values.Select(v => 1 + (int)(5L * Smaller(sorted, v) / sorted.Length))];
    }

    private static int Smaller(decimal[] sorted, decimal value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
