using MathNet.Numerics;

namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>A customer's history in one unit of time.</summary>
/// <param name="Repeats">Purchases after the first, x.</param>
/// <param name="Recency">From the first to the last purchase, t_x; 0 without repeats.</param>
/// <param name="Age">From the first purchase to the end of the observation, T.</param>
internal readonly record struct PurchaseHistory(int Repeats, double Recency, double Age);

/// <summary>
/// The BG/NBD model of repeat buying (Fader, Hardie, Lee 2005, Marketing Science 24(2)): purchases come by a Poisson process whose rate differs by a
/// Gamma(r, alpha); after each the customer leaves for good with a chance that differs by a Beta(a, b).
/// </summary>
internal sealed record BgNbd(double R, double Alpha, double A, double B)
{
    public static (BgNbd Model, Fit Fit)? FitTo(IReadOnlyList<PurchaseHistory> histories)
    {
        // Time in units of the longest age: the search begins at 1. The likelihood of x purchases changes by the scale to the power of x.
        var scale = 1 / histories.Max(h => h.Age);
        var byRepeats = histories.Select(h => new PurchaseHistory(h.Repeats, h.Recency * scale, h.Age * scale)).CountBy(h => h).ToLookup(h => h.Key.Repeats);
        if (MaximumLikelihood.Of(p => LogLikelihood(p, byRepeats), 4, histories.Count) is not { } fit)
            return null;
        var p = fit.Parameters;
        var likelihood = fit.LogLikelihood + (histories.Sum(h => (double)h.Repeats) * Math.Log(scale));
        return (new(p[0], p[1] / scale, p[2], p[3]), fit with { LogLikelihood = likelihood });
    }

    /// <summary>The chance that the customer has not left for good. Always 1 without repeats: the model lets nobody leave before.</summary>
    public double ProbabilityAlive(PurchaseHistory h) => h.Repeats == 0
        ? 1
        : 1 / (1 + (A / (B + h.Repeats - 1) * Math.Exp((R + h.Repeats) * Math.Log((Alpha + h.Age) / (Alpha + h.Recency)))));

    /// <summary>Purchases to be expected in the next time <paramref name="t"/> (their equation 10, by Euler's transformation of its series).</summary>
    public double ExpectedPurchases(PurchaseHistory h, double t)
    {
        // At a = 1 numerator and denominator vanish together.
        var a = Math.Abs(A - 1) < 1e-6 ? 1 + 1e-6 : A;
        var z = t / (Alpha + h.Age + t);
        var c = a + B + h.Repeats - 1;
        var left = Math.Pow(1 - z, a - 1) * Hypergeometric(a + B - 1 - R, a - 1, c, z);
        return c / (a - 1) * (1 - left) * ProbabilityAlive(h);
    }

    private static (double, double[]) LogLikelihood(double[] p, ILookup<int, KeyValuePair<PurchaseHistory, int>> byRepeats)
    {
        var (r, alpha, a, b) = (p[0], p[1], p[2], p[3]);
        var (sum, gradient) = (0d, new double[4]);
        foreach (var histories in byRepeats)
        {
            var x = histories.Key;
            var (value, ofRepeats) = OfRepeats(p, x);
            var chance = x > 0 ? Math.Log(a) - Math.Log(b + x - 1) : 0;
            foreach (var ((_, recency, age), count) in histories)
            {
                var (logAge, logRecency) = (Math.Log(alpha + age), x > 0 ? Math.Log(alpha + recency) : 0);
                var (stays, leaves) = (-(r + x) * logAge, x > 0 ? chance - ((r + x) * logRecency) : double.NegativeInfinity);
                var less = Math.Exp(-Math.Abs(stays - leaves));
                var left = leaves > stays ? 1 / (1 + less) : less / (1 + less);
                sum += count * (value + Math.Max(stays, leaves) + Math.Log(1 + less));
                gradient[0] += count * (ofRepeats[0] - ((1 - left) * logAge) - (left * logRecency));
                gradient[1] += count * ((r / alpha) - ((r + x) * (((1 - left) / (alpha + age)) + (left / (alpha + recency)))));
                gradient[2] += count * (ofRepeats[2] + (left / a));
                gradient[3] += count * (ofRepeats[3] - (x > 0 ? left / (b + x - 1) : 0));
            }
        }

        return (sum, gradient);
    }

    /// <summary>What hangs on the number of repeats alone.</summary>
    private static (double, double[]) OfRepeats(double[] p, int x)
    {
        var (r, alpha, a, b) = (p[0], p[1], p[2], p[3]);
        var value = SpecialFunctions.GammaLn(r + x) - SpecialFunctions.GammaLn(r) + (r * Math.Log(alpha))
            + SpecialFunctions.GammaLn(a + b) + SpecialFunctions.GammaLn(b + x) - SpecialFunctions.GammaLn(b) - SpecialFunctions.GammaLn(a + b + x);
        var both = SpecialFunctions.DiGamma(a + b) - SpecialFunctions.DiGamma(a + b + x);
        return (value,
        [
            SpecialFunctions.DiGamma(r + x) - SpecialFunctions.DiGamma(r) + Math.Log(alpha), 0, both,
            both + SpecialFunctions.DiGamma(b + x) - SpecialFunctions.DiGamma(b),
        ]);
    }

    /// <summary>Gauss's series, for 0 &lt;= z &lt; 1. MathNet has it for whole z only.</summary>
    private static double Hypergeometric(double a, double b, double c, double z)
    {
        var (sum, term) = (1d, 1d);
        for (var n = 0; n < 100_000 && Math.Abs(term) > 1e-15 * Math.Abs(sum); n++)
        {
            term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z;
            sum += term;
        }

        return sum;
    }
}
