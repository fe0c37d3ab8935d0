namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>Whoever buys the one buys the other.</summary>
/// <param name="Together">Baskets with both.</param>
internal readonly record struct BasketRule(int Antecedent, int Consequent, int Together, double Support, double Confidence, double Lift);

/// <summary>Things that are bought together, two by two (Agrawal, Imielinski, Swami 1993).</summary>
internal static class BasketRules
{
    /// <param name="baskets">Each with every thing once.</param>
    /// <param name="minimumSupport">The share of baskets that must hold both.</param>
    /// <param name="minimumConfidence">The share of baskets with the first that must hold the second.</param>
    /// <param name="mostPairs">Pairs that may be counted.</param>
    /// <returns>By lift, the greatest first; null when there are more pairs.</returns>
    public static IReadOnlyList<BasketRule>? Of(IReadOnlyList<int[]> baskets, double minimumSupport, double minimumConfidence, int mostPairs)
    {
        var least = Math.Max(1, minimumSupport * baskets.Count);
        var single = baskets.SelectMany(b => b).CountBy(i => i).ToDictionary();
        var pairs = new Dictionary<(int, int), int>();
        foreach (var basket in baskets)
        {
            // What is rare alone is not frequent together.
            var items = basket.Where(i => single[i] >= least).Order().ToArray();
            for (var a = 0; a < items.Length; a++)
                for (var b = a + 1; b < items.Length; b++)
                    pairs[(items[a], items[b])] = pairs.GetValueOrDefault((items[a], items[b])) + 1;
            if (pairs.Count > mostPairs)
                return null;
        }

        return
        [
            .. pairs.Where(p => p.Value >= least).SelectMany(p => new[] { Rule(p.Key.Item1, p.Key.Item2, p.Value), Rule(p.Key.Item2, p.Key.Item1, p.Value) })
                .Where(r => r.Confidence >= minimumConfidence)
                .OrderByDescending(r => r.Lift).ThenByDescending(r => r.Together).ThenByDescending(r => r.Confidence),
        ];

        BasketRule Rule(int a, int b, int together)
        {
            var confidence = together / (double)single[a];
            return new(a, b, together, together / (double)baskets.Count, confidence, confidence / (single[b] / (double)baskets.Count));
        }
    }
}
