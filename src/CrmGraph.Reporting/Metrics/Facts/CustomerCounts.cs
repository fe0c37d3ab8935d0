using System.Buffers;
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
        var bits = ArrayPool<ulong>.Shared.Rent((last >> 6) + 1);
        Array.Clear(bits);
        List<FactRow> answer = [.. groups.Select(g => g.Value.Count(g.Key, bits))];
        ArrayPool<ulong>.Shared.Return(bits);
        return answer;

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

        /// <param name="bits">One for each number, all of them zero, also afterwards.</param>
        public SalesRow Count(SalesRow key, ulong[] bits)
        {
            // Buyers first: whoever is among them is not counted again among the others.
            var ids = new HashSet<Guid>();
            var buyers = Sets.Sum(s => Add(s.Buyers, bits)) + Singles.Where(s => s.Orders > 0).Sum(s => Add(s, bits, ids));
            var others = Sets.Sum(s => Add(s.Others, bits)) + Singles.Where(s => s.Orders == 0).Sum(s => Add(s, bits, ids));
            Clear(bits);
            return key with { Buyers = buyers, People = buyers + others };
        }

        /// <returns>How many were new.</returns>
        private static int Add(int[] numbers, ulong[] bits)
        {
            // Without a branch: whether a customer was seen before cannot be predicted.
            var seen = 0;
            foreach (var number in numbers)
            {
                ref var word = ref bits[number >> 6];
                seen += (int)(word >> number) & 1;
                word |= 1UL << number;
            }

            return numbers.Length - seen;
        }

        private static int Add(SalesRow single, ulong[] bits, HashSet<Guid> ids) => single.Number is { } number
            ? Add([number], bits)
            : ids.Add(single.CustomerId) ? 1 : 0;

        private void Clear(ulong[] bits)
        {
            if (Sets.Sum(s => (long)s.Buyers.Length + s.Others.Length) + Singles.Count > bits.Length / 8)
            {
                Array.Clear(bits);
                return;
            }

            foreach (var set in Sets)
            {
                Clear(set.Buyers, bits);
                Clear(set.Others, bits);
            }

            foreach (var single in Singles)
                bits[(single.Number ?? 0) >> 6] = 0;
        }

        private static void Clear(int[] numbers, ulong[] bits)
        {
            foreach (var number in numbers)
                bits[number >> 6] = 0;
        }
    }
}
