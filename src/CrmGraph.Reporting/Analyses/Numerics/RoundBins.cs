namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>Intervals of equal length between round numbers.</summary>
internal static class RoundBins
{
    /// <summary>The borders: multiples of 1, 2 or 5 times a power of ten, at most so many intervals, from at most the least value to more than the greatest.
    /// </summary>
    public static IReadOnlyList<double> Borders(double least, double greatest, int most)
    {
        var width = Round((greatest - least) / most, least == greatest ? Math.Max(Math.Abs(least), 1) : 0);
        while (Count() > most)
            width = Round(width * 1.01, 0);
        var first = Math.Floor(least / width);
        return [.. Enumerable.Range(0, Count() + 1).Select(i => (first + i) * width)];

        int Count() => (int)(Math.Floor(greatest / width) - Math.Floor(least / width)) + 1;
    }

    /// <summary>The interval of a value: up to and without its upper border.</summary>
    public static int IndexOf(IReadOnlyList<double> borders, double value)
    {
        var index = (int)((value - borders[0]) / (borders[1] - borders[0]));
        index = Math.Clamp(index, 0, borders.Count - 2);
        return value < borders[index] ? index - 1 : index < borders.Count - 2 && value >= borders[index + 1] ? index + 1 : index;
    }

    private static double Round(double width, double whenZero)
    {
        var least = width > 0 ? width : whenZero;
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        foreach (var digit in new[] { 1, 2, 5 })
            if (digit * power >= least)
                return digit * power;
        return 10 * power;
    }
}
