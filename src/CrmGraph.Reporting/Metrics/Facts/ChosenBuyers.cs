using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Who bought on which days, of the customers who count.</summary>
/// <param name="Sets">Of all known customers, without a key; the single ones with it, and only those who count.</param>
/// <param name="Customers">Who counts.</param>
internal sealed record ChosenBuyers(CustomerSets Sets, CustomerChoice Customers)
{
    /// <summary>The sets of all known customers, split by the values of a key, with a stamp for each part of this answer alone.</summary>
    /// <param name="stamped">Rows with the stamp of a set and its day.</param>
    public static (IReadOnlyList<FactRow> Rows, IReadOnlyDictionary<long, RolledCustomers> Sets) Split(
        FactKey key, ChosenCustomers chosen, IReadOnlyList<FactRow> stamped, IReadOnlyDictionary<long, RolledCustomers> sets)
    {
        var whole = ColumnarKey.OfCustomers(key);
        var halves = whole.Customers();
        int[] groups = [-1, .. chosen.Groups.Select(g => halves.Place(g))];
        var keys = halves.Rows.Select(h => whole.Of(new(), h)).ToList();
        var placeOf = chosen.Places(sets.Values.Select(s => OrderColumns.CodeOf(s.Buyers.LastOrDefault())).DefaultIfEmpty().Max());
        var (rows, parts) = (new List<FactRow>(), new Dictionary<long, RolledCustomers>());
        var buyers = keys.ConvertAll(_ => new List<int>());
        foreach (var row in stamped.Cast<SalesRow>())
        {
            foreach (var number in sets[row.Stamp].Buyers)
                if (groups[placeOf[OrderColumns.CodeOf(number)]] is >= 0 and var group)
                    buyers[group].Add(number);
            for (var i = 0; i < keys.Count; i++)
            {
                if (keys[i] is { } part && buyers[i].Count > 0)
                {
                    rows.Add(part with { SetDay = row.SetDay, Stamp = rows.Count });
                    parts[rows.Count - 1] = new([.. buyers[i]], []);
                }

                buyers[i].Clear();
            }
        }

        return (rows, parts);
    }
}
