namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>Classes by the share of a sum.</summary>
internal static class Pareto
{
    private const decimal A = 0.80m, B = 0.95m;

    /// <summary>
    /// For values from the greatest down the class, and the share of the sum up to and with each: A while what stands before is under 80 % of the sum of all
    /// positive values, B while under 95 %, then C. Equal values have the class of the first of them; what is not positive is C.
    /// </summary>
    public static IEnumerable<(char Class, decimal Cumulative)> Classes(IReadOnlyList<decimal> descending)
    {
        var total = descending.Where(v => v > 0).Sum();
        var (sum, last, value) = (0m, 'A', decimal.MaxValue);
        foreach (var next in descending)
        {
            if (next != value)
                last = next <= 0 ? 'C' : sum < A * total ? 'A' : sum < B * total ? 'B' : 'C';
            value = next;
            sum += Math.Max(0, next);
            yield return (last, total == 0 ? 0 : sum / total);
        }
    }
}
