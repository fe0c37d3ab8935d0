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
        var counted = spends.Select(s => s with { Mean = s.Mean * scale }).CountBy(s => s).ToArray();
        if (MaximumLikelihood.Of(p => LogLikelihood(p, counted), 3, spends.Count) is not { } fit)
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

    private static (double, double[]) LogLikelihood(double[] parameters, KeyValuePair<MeanSpend, int>[] counted)
    {
        var (p, q, v) = (parameters[0], parameters[1], parameters[2]);
        var (sum, gradient) = (0d, new double[3]);
        foreach (var ((x, z), count) in counted)
        {
            var (px, total) = (p * x, Math.Log(v + (x * z)));
            sum += count * (SpecialFunctions.GammaLn(px + q) - SpecialFunctions.GammaLn(px) - SpecialFunctions.GammaLn(q) + (q * Math.Log(v))
                + ((px - 1) * Math.Log(z)) + (px * Math.Log(x)) - ((px + q) * total));
            var both = SpecialFunctions.DiGamma(px + q);
            gradient[0] += count * x * (both - SpecialFunctions.DiGamma(px) + Math.Log(z * x) - total);
            gradient[1] += count * (both - SpecialFunctions.DiGamma(q) + Math.Log(v) - total);
            gradient[2] += count * ((q / v) - ((px + q) / (v + (x * z))));
        }

        return (sum, gradient);
    }
}
