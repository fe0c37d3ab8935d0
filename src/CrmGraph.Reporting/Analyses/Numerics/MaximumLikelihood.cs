using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>The positive parameters under which data is most likely.</summary>
/// <param name="AtEdge">Whether a parameter ran to the end of what it may be: the data says nothing of it.</param>
internal sealed record Fit(double[] Parameters, double LogLikelihood, bool AtEdge);

internal static class MaximumLikelihood
{
    private const double Edge = 9, Near = 0.01, Tolerance = 1e-7;
    private const int Iterations = 2_000;

    /// <summary>
    /// Searches the logarithms of the parameters, so that they stay positive: by BFGS from 1 on, and where its line search finds no way, by Nelder and
    /// Mead's simplex. Both are polished by the simplex, whose end needs no derivative.
    /// </summary>
    /// <param name="logLikelihood">Of parameters, with its derivatives by each.</param>
    /// <param name="weight">Of how many observations: the search sees the mean.</param>
    /// <returns>Null when there is no best.</returns>
    public static Fit? Of(Func<double[], (double Value, double[] Gradient)> logLikelihood, int parameters, double weight)
    {
        var simplex = new NelderMeadSimplex(1e-12, Iterations);
        try
        {
            var start = Descend(logLikelihood, CreateVector.Dense<double>(parameters), weight);
            var value = ObjectiveFunction.Value(x => Negative(logLikelihood, x, weight).Value);
            var best = simplex.FindMinimum(value, start).MinimizingPoint;
            var found = best.Select(Math.Exp).ToArray();
            var likelihood = logLikelihood(found).Value;
            return double.IsFinite(likelihood) ? new(found, likelihood, best.Any(b => Math.Abs(b) > Edge - Near)) : null;
        }
        catch (OptimizationException)
        {
            return null;
        }
    }

    private static Vector<double> Descend(Func<double[], (double, double[])> logLikelihood, Vector<double> start, double weight)
    {
        var objective = ObjectiveFunction.Gradient(x => Negative(logLikelihood, x, weight));
        try
        {
            return new BfgsMinimizer(Tolerance, Tolerance, Tolerance, Iterations).FindMinimum(objective, start).MinimizingPoint;
        }
        catch (OptimizationException)
        {
            return start;
        }
    }

    // Beyond the edge the likelihood is flat: a slope leads back.
    private static (double Value, Vector<double> Gradient) Negative(
        Func<double[], (double Value, double[] Gradient)> logLikelihood, Vector<double> logs, double weight)
    {
        var inside = logs.Map(l => Math.Clamp(l, -Edge, Edge));
        var outside = logs - inside;
        var parameters = inside.Select(Math.Exp).ToArray();
        var (value, gradient) = logLikelihood(parameters);
        if (!double.IsFinite(value))
            return (double.MaxValue, outside);
        var slope = CreateVector.Dense(parameters.Length, i => (-gradient[i] * parameters[i] / weight) + (2 * outside[i]));
        return ((-value / weight) + outside.DotProduct(outside), slope);
    }
}
