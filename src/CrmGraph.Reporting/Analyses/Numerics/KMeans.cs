namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>Rows in k groups, each about its centre (Lloyd), begun far apart (k-means++, Arthur and Vassilvitskii 2007).</summary>
/// <param name="Assigned">The group of each row.</param>
/// <param name="Inertia">The sum of squared distances to the centres.</param>
internal sealed record KMeans(int[] Assigned, double[][] Centres, double Inertia)
{
    private const int Seed = 1, Starts = 10, Rounds = 100, StartRows = 10_000, SilhouetteRows = 1_000;

    public int K => Centres.Length;

    /// <summary>
    /// The best of ten starts; always the same for the same rows. Where there are more than ten thousand rows the starts are of as many at even distances,
    /// and all rows settle from the best of these.
    /// </summary>
    public static KMeans Of(IReadOnlyList<double[]> rows, int k)
    {
        var (random, sample) = (new Random(Seed), Sample(rows, StartRows));
        var best = Enumerable.Range(0, Starts).Select(_ => Settle(sample, Begin(sample, k, random))).MinBy(m => m.Inertia)!;
        return sample.Length == rows.Count ? best : Settle([.. rows], best.Centres);
    }

    private static double[][] Sample(IReadOnlyList<double[]> rows, int most)
    {
        var step = Math.Max(1, (rows.Count + most - 1) / most);
        return [.. rows.Where((_, i) => i % step == 0)];
    }

    /// <summary>
    /// How much nearer rows are to their own group than to the next one, from -1 to 1 (Rousseeuw 1987); of a thousand rows at even distances where there
    /// are more. A row alone in its group counts 0.
    /// </summary>
    public double[] Silhouettes(IReadOnlyList<double[]> rows)
    {
        var step = Math.Max(1, (rows.Count + SilhouetteRows - 1) / SilhouetteRows);
        var sample = Enumerable.Range(0, rows.Count).Where(i => i % step == 0).ToArray();
        var (sums, counts) = (new double[K], new int[K]);
        foreach (var i in sample)
        {
            var (distances, sizes) = (new double[K], new int[K]);
            foreach (var j in sample.Where(j => j != i))
            {
                distances[Assigned[j]] += Math.Sqrt(Standardised.SquaredDistance(rows[i], rows[j]));
                sizes[Assigned[j]]++;
            }

            var own = Assigned[i];
            counts[own]++;
            var others = Enumerable.Range(0, K).Where(c => c != own && sizes[c] > 0).Select(c => distances[c] / sizes[c]).ToList();
            if (sizes[own] == 0 || others.Count == 0)
                continue;
            var (within, next) = (distances[own] / sizes[own], others.Min());
            sums[own] += Math.Max(within, next) == 0 ? 0 : (next - within) / Math.Max(within, next);
        }

        return [.. sums.Select((s, c) => counts[c] == 0 ? 0 : s / counts[c])];
    }

    private static double[][] Begin(double[][] rows, int k, Random random)
    {
        var centres = new List<double[]> { rows[random.Next(rows.Length)] };
        while (centres.Count < k)
        {
            var distances = rows.Select(r => centres.Min(c => Standardised.SquaredDistance(r, c))).ToArray();
            var (left, next) = (random.NextDouble() * distances.Sum(), 0);
            while (next < rows.Length - 1 && (left -= distances[next]) > 0)
                next++;
            centres.Add(rows[next]);
        }

        return [.. centres];
    }

    private static KMeans Settle(double[][] rows, double[][] centres)
    {
        var assigned = new int[rows.Length];
        for (var round = 0; round < Rounds; round++)
        {
            var moved = false;
            for (var i = 0; i < rows.Length; i++)
            {
                var nearest = Nearest(rows[i], centres);
                moved |= nearest != assigned[i];
                assigned[i] = nearest;
            }

            if (!moved && round > 0)
                break;
            centres = Means(rows, assigned, centres);
        }

        return new(assigned, centres, rows.Select((r, i) => Standardised.SquaredDistance(r, centres[assigned[i]])).Sum());
    }

    private static int Nearest(double[] row, double[][] centres)
    {
        var (best, distance) = (0, double.MaxValue);
        for (var c = 0; c < centres.Length; c++)
            if (Standardised.SquaredDistance(row, centres[c]) is var d && d < distance)
                (best, distance) = (c, d);
        return best;
    }

    /// <summary>A centre that nobody is near stays where it is.</summary>
    private static double[][] Means(double[][] rows, int[] assigned, double[][] before)
    {
        var (sums, counts) = (before.Select(c => new double[c.Length]).ToArray(), new int[before.Length]);
        for (var i = 0; i < rows.Length; i++)
        {
            counts[assigned[i]]++;
            for (var j = 0; j < rows[i].Length; j++)
                sums[assigned[i]][j] += rows[i][j];
        }

        return [.. sums.Select((s, c) => counts[c] == 0 ? before[c] : Array.ConvertAll(s, v => v / counts[c]))];
    }
}
