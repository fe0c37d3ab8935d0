using CrmGraph.Reporting.Metrics.Rollups;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Counts distinct customers behind rows with sets of their numbers, and rows of single customers, for each key.</summary>
internal static class CustomerCounts
{
    /// <param name="stamped">Rows with the stamp of a set.</param>
    /// <param name="sets">The sets by their stamps.</param>
    /// <param name="singles">Rows with one customer each: by number, or by id when he has none yet and can be in no set.</param>
    /// <returns>One row per key, with <see cref="SalesRow.Buyers"/> and <see cref="FactRow.People"/>.</returns>
    public static IReadOnlyList<FactRow> Of(
        IEnumerable<FactRow> stamped, IReadOnlyDictionary<long, RolledCustomers> sets, IEnumerable<FactRow> singles)
    {
        var groups = new Dictionary<SalesRow, Group>();
        foreach (var row in stamped.Cast<SalesRow>())
            GroupOf(row).Sets.Add(sets[row.Stamp]);
        foreach (var row in singles.Cast<SalesRow>())
            GroupOf(row).Singles.Add(row);
        var last = groups.Values.Max(g => (int?)g.Last) ?? 0;
        using var bits = new CustomerBits(last);
        return groups.Select(g => g.Value.Count(g.Key, bits)).ToList<FactRow>();

        Group GroupOf(SalesRow row)
        {
            var key = row with { Stamp = 0, SetDay = default, BuyerSet = null, OtherSet = null, CustomerId = default, Number = null, Orders = 0 };
            return groups.TryGetValue(key, out var group) ? group : groups[key] = new();
        }
    }

    private sealed class Group
    {
        public List<RolledCustomers> Sets { get; } = [];
        public List<SalesRow> Singles { get; } = [];

        /// <summary>The greatest number of a customer.</summary>
        public int Last => Sets.SelectMany(s => new[] { s.Buyers, s.Others }).Where(n => n.Length > 0).Select(n => n[^1])
            .Concat(Singles.Select(s => s.Number ?? 0)).DefaultIfEmpty().Max();

        public SalesRow Count(SalesRow key, CustomerBits bits)
        {
            // Buyers first: whoever is among them is not counted again among the others.
            var ids = new HashSet<Guid>();
            var buyers = Sets.Sum(s => bits.CountNew(s.Buyers)) + Singles.Where(s => s.Orders > 0).Sum(s => Add(s, bits, ids));
            var others = Sets.Sum(s => bits.CountNew(s.Others)) + Singles.Where(s => s.Orders == 0).Sum(s => Add(s, bits, ids));
            foreach (var set in Sets)
            {
                bits.Forget(set.Buyers);
                bits.Forget(set.Others);
            }

            foreach (var single in Singles)
                bits.Forget([single.Number ?? 0]);
            return key with { Buyers = buyers, People = buyers + others };
        }

        private static long Add(SalesRow single, CustomerBits bits, HashSet<Guid> ids) => single.Number is { } number
            ? bits.CountNew([number])
            : ids.Add(single.CustomerId) ? 1 : 0;
    }
}
