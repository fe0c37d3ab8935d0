using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>A coefficient: how much y rises with one more of the term.</summary>
/// <param name="PValue">How often chance alone would give a coefficient so far from 0.</param>
internal readonly record struct Coefficient(double Estimate, double StandardError, double T, double PValue, double Low, double High);

/// <summary>Ordinary least squares with an intercept.</summary>
/// <param name="Coefficients">The intercept first.</param>
/// <param name="DurbinWatson">About 2 where residuals do not follow one another; near 0 where they do, and the errors are then too small.</param>
internal sealed record LinearRegression(
    IReadOnlyList<Coefficient> Coefficients, int DegreesOfFreedom, double RSquared, double AdjustedRSquared, double ResidualError, double F, double PValue,
    double DurbinWatson)
{
    private const double WorstCondition = 1e7;

    /// <param name="y">As long as each of <paramref name="x"/>, and longer than there are coefficients.</param>
    /// <param name="confidence">Of the intervals: 0.95.</param>
    /// <returns>Null where y or an x does not vary, or one x follows from the others.</returns>
    public static LinearRegression? Of(double[] y, IReadOnlyList<double[]> x, double confidence)
    {
        var (n, k) = (y.Length, x.Count);
        var (means, deviations) = (x.Select(c => c.Mean()).ToArray(), x.Select(c => c.StandardDeviation()).ToArray());
        if (!Varies(y) || !x.All(Varies))
            return null;
        // Standardised, so that money beside counts loses no digits.
        var scaled = Matrix<double>.Build.Dense(n, k, (i, j) => (x[j][i] - means[j]) / deviations[j]);
        if (scaled.ConditionNumber() > WorstCondition)
            return null;
        var mean = y.Mean();
        var slopes = scaled.QR().Solve(Vector<double>.Build.Dense(n, i => y[i] - mean));
        var residuals = Vector<double>.Build.Dense(n, i => y[i] - mean) - (scaled * slopes);
        var (free, rest) = (n - k - 1, residuals.DotProduct(residuals));
        var total = y.Sum(v => (v - mean) * (v - mean));
        var variance = rest / free;
        var inverse = scaled.TransposeThisAndMultiply(scaled).Inverse();
        var atOrigin = Vector<double>.Build.Dense(k, j => -means[j] / deviations[j]);
        var student = StudentT.InvCDF(0, 1, free, (1 + confidence) / 2);
        var fit = 1 - (rest / total);
        var f = fit / k / ((1 - fit) / free);
        return new(
            [
                Make(mean + slopes.DotProduct(atOrigin), variance * ((1d / n) + atOrigin.DotProduct(inverse * atOrigin))),
                .. Enumerable.Range(0, k).Select(j => Make(
                    slopes[j] / deviations[j], variance * inverse[j, j] / (deviations[j] * deviations[j]))),
            ],
            free, fit, 1 - ((1 - fit) * (n - 1) / free), Math.Sqrt(variance), f, double.IsFinite(f) ? 1 - FisherSnedecor.CDF(k, free, f) : 0,
            rest == 0 ? double.NaN : Enumerable.Range(1, n - 1).Sum(i => Math.Pow(residuals[i] - residuals[i - 1], 2)) / rest);

        Coefficient Make(double estimate, double square)
        {
            var error = Math.Sqrt(square);
            var t = estimate / error;
            return new(estimate, error, t, TwoSided(t, free), estimate - (student * error), estimate + (student * error));
        }
    }

    /// <summary>How often chance alone would give a value of Student's t so far from 0.</summary>
    public static double TwoSided(double t, int free) => double.IsNaN(t) ? 1 : 2 * StudentT.CDF(0, 1, free, -Math.Abs(t));

    public static bool Varies(double[] values) => values.StandardDeviation() > 1e-12 * values.Max(Math.Abs);
}
