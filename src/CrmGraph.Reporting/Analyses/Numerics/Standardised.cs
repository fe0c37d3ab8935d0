using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>Rows of features on one scale: each with mean 0 and deviation 1.</summary>
/// <param name="Rows">Each as long as <paramref name="Features"/>.</param>
/// <param name="Features">The places of those that vary; the others say nothing.</param>
internal sealed record Standardised(IReadOnlyList<double[]> Rows, IReadOnlyList<int> Features)
{
    /// <param name="rows">None negative. Their logarithms are taken (of 1 + x): money and counts are skewed.</param>
    public static Standardised Of(IReadOnlyList<double[]> rows)
    {
        var columns = Enumerable.Range(0, rows[0].Length).Select(j => rows.Select(r => Math.Log(1 + Math.Max(0, r[j]))).ToArray()).ToList();
        var features = Enumerable.Range(0, columns.Count).Where(j => LinearRegression.Varies(columns[j])).ToList();
        var scaled = features.ConvertAll(j =>
        {
            var (mean, deviation) = (columns[j].Mean(), columns[j].StandardDeviation());
            return Array.ConvertAll(columns[j], v => (v - mean) / deviation);
        });
        return new([.. rows.Select((_, i) => scaled.ConvertAll(c => c[i]).ToArray())], features);
    }

    public Matrix<double> Matrix() => Matrix<double>.Build.DenseOfRows(Rows);

    public static double SquaredDistance(double[] a, double[] b)
    {
        var sum = 0d;
        for (var i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }
}
