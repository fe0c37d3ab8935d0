using CrmGraph.Data.Model;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Analyses.Rfm;

/// <summary>From purchases to scores and groups. No database here.</summary>
internal static class RfmScoring
{
    /// <summary>One for each score.</summary>
    public const int LeastCustomers = 5;

    // Rows: score of recency 1 to 5. Columns: the mean of the scores of frequency and money, halves up, 1 to 5.
    private static readonly RfmGroup[][] Map =
    [
        [RfmGroup.Dormant, RfmGroup.Dormant, RfmGroup.AtRisk, RfmGroup.PreviouslyLoyal, RfmGroup.PreviouslyLoyal],
        [RfmGroup.Dormant, RfmGroup.Dormant, RfmGroup.AtRisk, RfmGroup.PreviouslyLoyal, RfmGroup.PreviouslyLoyal],
        [RfmGroup.AlmostLost, RfmGroup.AlmostLost, RfmGroup.NeedsAttention, RfmGroup.Loyal, RfmGroup.Loyal],
        [RfmGroup.Promising, RfmGroup.Promising, RfmGroup.Active, RfmGroup.Loyal, RfmGroup.Champions],
        [RfmGroup.New, RfmGroup.Promising, RfmGroup.Active, RfmGroup.Champions, RfmGroup.Champions],
    ];

    /// <summary>The group of three scores, each 1 to 5.</summary>
    public static RfmGroup GroupOf(int recency, int frequency, int money) => Map[recency - 1][((frequency + money + 1) / 2) - 1];

    /// <summary>Everyone with a sale, those who spent most first.</summary>
    public static IReadOnlyList<RfmCustomer> Score(IEnumerable<Purchase> purchases, Func<Purchase, decimal> value, DateOnly day)
    {
        var buyers = purchases.GroupBy(p => p.Customer).Where(g => g.Any(p => p.IsSale)).Select(g => new
        {
            Customer = g.Key,
            Recency = day.DayNumber - g.Where(p => p.IsSale).Max(p => p.Day).DayNumber,
            Frequency = g.Count(p => p.IsSale),
            Monetary = g.Sum(value),
        }).OrderByDescending(b => b.Monetary).ThenBy(b => b.Customer).ToList();
        var (r, f, m) = (
            Quintiles.Scores(buyers.ConvertAll(b => -(decimal)b.Recency)), Quintiles.Scores(buyers.ConvertAll(b => (decimal)b.Frequency)),
            Quintiles.Scores(buyers.ConvertAll(b => b.Monetary)));
        return [.. buyers.Select((b, i) => new RfmCustomer(
            b.Customer, b.Recency, b.Frequency, b.Monetary, r[i], f[i], m[i], GroupOf(r[i], f[i], m[i])))];
    }

    /// <param name="prospects">Customers without a sale.</param>
    public static IReadOnlyList<RfmGroupFigures> Groups(IReadOnlyList<RfmCustomer> scored, int prospects, AnalysisScope scope)
    {
        var groups = Enum.GetValues<RfmGroup>();
        var members = scored.ToLookup(c => c.Group);
        var sizes = groups.Select(g => g == RfmGroup.Prospects ? prospects : members[g].Count()).ToList();
        var (all, hidden) = (sizes.Sum(), scope.Hidden(sizes));
        return [.. groups.Select((g, i) => hidden[i]
            ? new RfmGroupFigures(g, null, null, null, null, null, null, NoValueReason.SuppressedSmallGroup)
            : Figures(g, [.. members[g]], sizes[i], all))];
    }

    private static RfmGroupFigures Figures(RfmGroup group, IReadOnlyList<RfmCustomer> members, int size, int all)
    {
        var share = all == 0 ? 0 : Rounded((decimal)size / all);
        if (members.Count == 0)
            return new(group, size, share, 0, null, null, null, NoValueReason.NoData);
        return new(
            group, size, share, members.Sum(c => c.Monetary), Rounded((decimal)members.Average(c => c.Recency)),
            Rounded((decimal)members.Average(c => c.Frequency)), Rounded(members.Average(c => c.Monetary)), null);
    }

    private static decimal? Rounded(decimal value) => Outcome.Of(value).Round(12).Value;
}
