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
        var slope = Found(() => new BfgsMinimizer(Tolerance, Tolerance, Tolerance, Iterations).FindMinimum(
            ObjectiveFunction.Gradient(x => Negative(logLikelihood, x, weight)), CreateVector.Dense<double>(parameters)));
        var polished = Found(() => new NelderMeadSimplex(1e-12, Iterations).FindMinimum(
            ObjectiveFunction.Value(x => Negative(logLikelihood, x, weight).Value), slope ?? CreateVector.Dense<double>(parameters)));
        // On a long flat ridge the simplex comes to no end; where the slope ended is good enough then.
        if ((polished ?? slope) is not { } best)
            return null;
        var found = best.Select(Math.Exp).ToArray();
        var likelihood = logLikelihood(found).Value;
        return double.IsFinite(likelihood) ? new(found, likelihood, best.Any(b => Math.Abs(b) > Edge - Near)) : null;
    }

    private static Vector<double>? Found(Func<MinimizationResult> search)
    {
        try
        {
            return search().MinimizingPoint;
        }
        catch (OptimizationException)
        {
            return null;
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
