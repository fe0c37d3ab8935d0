using MathNet.Numerics;

namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>How much a customer spent on average.</summary>
/// <param name="Count">Of how many purchases the mean is.</param>
internal readonly record struct MeanSpend(int Count, double Mean);

/// <summary>
/// The Gamma-Gamma model of spending (Fader and Hardie 2013, note 025): a purchase's value varies about the customer's mean by a Gamma(p, nu), the mean among
/// customers as nu by a Gamma(q, v).
/// </summary>
internal sealed record GammaGamma(double P, double Q, double V)
{
    /// <param name="spends">Of positive means.</param>
    public static (GammaGamma Model, Fit Fit)? FitTo(IReadOnlyList<MeanSpend> spends)
    {
        // In units of the mean, so that the search begins at 1.
        var scale = 1 / spends.Average(s => s.Mean);
        var byCount = spends.Select(s => s with { Mean = s.Mean * scale }).CountBy(s => s)
            .ToLookup(s => s.Key.Count, s => new Spent(s.Key.Mean, Math.Log(s.Key.Mean), s.Value));
        if (MaximumLikelihood.Of(p => LogLikelihood(p, byCount), 3, spends.Count) is not { } fit)
            return null;
        var p = fit.Parameters;
        return (new(p[0], p[1], p[2] / scale), fit with { LogLikelihood = fit.LogLikelihood + (spends.Count * Math.Log(scale)) });
    }

    /// <summary>The mean value of a purchase of such a customer; without any purchase, of any customer. Not finite where the model knows no mean.</summary>
    public double ExpectedMean(MeanSpend spend)
    {
        var weight = (P * spend.Count) + Q - 1;
        return weight > 0 ? P * (V + (spend.Count * spend.Mean)) / weight : double.NaN;
    }

    // What hangs on the number of purchases alone is dear and the same for many customers.
    private static (double, double[]) LogLikelihood(double[] parameters, ILookup<int, Spent> byCount)
    {
        var (p, q, v) = (parameters[0], parameters[1], parameters[2]);
        var (sum, gradient) = (0d, new double[3]);
        var (logV, gammaQ, diGammaQ) = (Math.Log(v), SpecialFunctions.GammaLn(q), SpecialFunctions.DiGamma(q));
        foreach (var spends in byCount)
        {
            var (x, px) = (spends.Key, p * spends.Key);
            var ofCount = SpecialFunctions.GammaLn(px + q) - SpecialFunctions.GammaLn(px) - gammaQ + (q * logV) + (px * Math.Log(x));
            var (both, ofP, logX) = (SpecialFunctions.DiGamma(px + q), SpecialFunctions.DiGamma(px), Math.Log(x));
            foreach (var (z, logZ, count) in spends)
            {
                var total = Math.Log(v + (x * z));
                sum += count * (ofCount + ((px - 1) * logZ) - ((px + q) * total));
                gradient[0] += count * x * (both - ofP + logZ + logX - total);
                gradient[1] += count * (both - diGammaQ + logV - total);
                gradient[2] += count * ((q / v) - ((px + q) / (v + (x * z))));
            }
        }

        return (sum, gradient);
    }

    private readonly record struct Spent(double Mean, double LogMean, int Customers);
}
