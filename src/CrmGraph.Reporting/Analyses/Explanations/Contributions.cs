using CrmGraph.Reporting.Analyses.Series;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Analyses.Explanations;

/// <summary>
/// From the members of a dimension to what they add up to. A sum's change is that of its members. A quotient N / D changes by its numerator and by its
/// denominator: the mean of first changing the one and then the other, and the contrary (the Shapley value of two causes, L. Shapley, A value for n-person
/// games, 1953). That gives dN x (1/D0 + 1/D1) / 2 and -dD x (N0 + N1) / 2 / (D0 x D1), which are linear in dN and dD, and so are told of each member.
/// No database here.
/// </summary>
/// <param name="quotients">Of the total, when the metric is a quotient; null for sums.</param>
internal sealed class Contributions(string metric, Quotients? quotients, decimal change)
{
    // What rounding leaves of money that was converted and divided.
    private const decimal Noise = 1e-9m;
    private const int Digits = 12;

    /// <param name="members">All of them.</param>
    /// <param name="first">How many are shown; the others are one contribution.</param>
    public IReadOnlyList<Contribution> Of(IReadOnlyList<MetricRow> members, int first)
    {
        var shown = members.Where(m => !IsHidden(MetricSeries.Of(m, metric))).Select(Member)
            .OrderByDescending(c => Math.Abs(c.Amount)).ThenBy(c => c.Member!.Key, StringComparer.Ordinal).ToList();
        var kept = shown.Take(first).ToList();
        // What is hidden cannot be told from what overlaps.
        var isHidden = shown.Count < members.Count;
        if (isHidden || shown.Count > first)
            kept.Add(Rest(ContributionKind.Others, isHidden ? Without(kept) : Together([.. shown.Skip(first)])));
        var rest = Without(kept);
        if (Math.Abs(rest.Amount) > Noise)
            kept.Add(Rest(ContributionKind.Overlap, rest));
        else if (kept.Count > 0)
            kept[0] = With(kept[0], rest);
        return kept;
    }

    private static bool IsHidden(MetricValue value) =>
        value.Reason == NoValueReason.SuppressedSmallGroup || value.PreviousReason == NoValueReason.SuppressedSmallGroup;

    /// <summary>A member that only one of the periods has was 0 in the other.</summary>
    private Contribution Member(MetricRow row)
    {
        var value = MetricSeries.Of(row, metric);
        if (quotients is null)
        {
            var amount = (value.Value ?? 0) - (value.Previous ?? 0);
            return new(ContributionKind.Member, row.Dimensions[0], value.Value ?? 0, value.Previous ?? 0, amount, Share(amount));
        }

        var effect = Effect(value.PartsOrNone);
        return new(
            ContributionKind.Member, row.Dimensions[0], value.Value, value.Previous, effect.Amount, Share(effect.Amount), effect.Numerator,
            effect.Amount - effect.Numerator);
    }

    private (decimal Amount, decimal? Numerator) Effect(Quotients of)
    {
        var (n, d, n0, d0, scale) = quotients!.Value;
        var numerator = (of.Numerator - of.PreviousNumerator) * ((1 / d0) + (1 / d)) / 2 * scale;
        var denominator = (of.PreviousDenominator - of.Denominator) * ((n0 + n) / 2) / d0 / d * scale;
        return (Rounded(numerator + denominator), Rounded(numerator));
    }

    private static decimal Rounded(decimal value) => Outcome.Rounded(value, Digits)!.Value;

    private (decimal Amount, decimal? Numerator) Together(List<Contribution> parts) =>
        (parts.Sum(c => c.Amount), quotients is null || parts.Exists(c => c.NumeratorEffect is null) ? null : parts.Sum(c => c.NumeratorEffect));

    /// <summary>What of the whole change is not among these.</summary>
    private (decimal Amount, decimal? Numerator) Without(List<Contribution> parts)
    {
        var (amount, numerator) = Together(parts);
        return (change - amount, quotients is { } whole ? Effect(whole).Numerator - numerator : null);
    }

    private Contribution Rest(ContributionKind kind, (decimal Amount, decimal? Numerator) of) =>
        new(kind, null, null, null, of.Amount, Share(of.Amount), of.Numerator, of.Amount - of.Numerator);

    /// <summary>The greatest takes what rounding left, so that the sum is exact.</summary>
    private Contribution With(Contribution contribution, (decimal Amount, decimal? Numerator) more)
    {
        var (amount, numerator) = (contribution.Amount + more.Amount, contribution.NumeratorEffect + more.Numerator);
        return contribution with { Amount = amount, Share = Share(amount), NumeratorEffect = numerator, DenominatorEffect = amount - numerator };
    }

    private decimal? Share(decimal amount) => Outcome.Ratio(Outcome.Of(amount), Outcome.Of(change)).Round(Digits).Value;
}
