using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>Rows of features on one scale: each with mean 0 and deviation 1.</summary>
/// <param name="Rows">Each as long as <paramref name="Scales"/>.</param>
/// <param name="Scales">Of the features that vary; the others say nothing.</param>
internal sealed record Standardised(IReadOnlyList<double[]> Rows, IReadOnlyList<FeatureScale> Scales)
{
    /// <summary>The places of the features that vary.</summary>
    public IReadOnlyList<int> Features => [.. Scales.Select(s => s.Feature)];

    /// <param name="rows">None negative. Their logarithms are taken (of 1 + x): money and counts are skewed.</param>
    public static Standardised Of(IReadOnlyList<double[]> rows)
    {
        var columns = Enumerable.Range(0, rows[0].Length).Select(j => rows.Select(r => FeatureScale.Log(r[j])).ToArray()).ToList();
        var scales = Enumerable.Range(0, columns.Count).Where(j => LinearRegression.Varies(columns[j]))
            .Select(j => new FeatureScale(j, columns[j].Mean(), columns[j].StandardDeviation())).ToList();
        return new([.. rows.Select(r => FeatureScale.Row(scales, r))], scales);
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

/// <summary>How a feature is brought to mean 0 and deviation 1.</summary>
/// <param name="Feature">Its place.</param>
internal sealed record FeatureScale(int Feature, double Mean, double Deviation)
{
    public static double Log(double value) => Math.Log(1 + Math.Max(0, value));

    /// <summary>The row of these features.</summary>
    public static double[] Row(IReadOnlyList<FeatureScale> scales, double[] values) =>
        [.. scales.Select(s => (Log(values[s.Feature]) - s.Mean) / s.Deviation)];
}
