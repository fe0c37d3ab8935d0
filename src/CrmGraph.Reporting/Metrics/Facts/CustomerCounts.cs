using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Counts distinct customers behind rows with sets of their numbers, and rows of single customers, for each key.</summary>
internal static class CustomerCounts
{
    /// <param name="sets">Rows with sets.</param>
    /// <param name="singles">Rows with one customer each: by number, or by id when he has none yet and can be in no set.</param>
    /// <returns>One row per key, with <see cref="SalesRow.Buyers"/> and <see cref="FactRow.People"/>.</returns>
    public static IReadOnlyList<FactRow> Of(IEnumerable<FactRow> sets, IEnumerable<FactRow> singles)
    {
        var groups = new Dictionary<SalesRow, List<SalesRow>>();
        foreach (var row in sets.Concat(singles).Cast<SalesRow>())
        {
            var key = row with { BuyerSet = null, OtherSet = null, CustomerId = default, Number = null, Orders = 0 };
            if (!groups.TryGetValue(key, out var rows))
                groups[key] = rows = [];
            rows.Add(row);
        }

        var (seen, answer) = (new SeenNumbers(), new List<FactRow>(groups.Count));
        foreach (var (key, rows) in groups)
        {
            // Buyers first: whoever is among them is not counted again among the others.
            var buyers = Count(rows, isBuyer: true, seen);
            answer.Add(key with { Buyers = buyers, People = buyers + Count(rows, isBuyer: false, seen) });
            seen.Clear();
        }

        return answer;
    }

    private static int Count(List<SalesRow> rows, bool isBuyer, SeenNumbers seen)
    {
        var count = 0;
        foreach (var row in rows)
        {
            if ((isBuyer ? row.BuyerSet : row.OtherSet) is { } set)
                count += seen.Add(set);
            else if (row.BuyerSet is null && row.Orders > 0 == isBuyer)
                count += seen.Add(row.Number, row.CustomerId);
        }

        return count;
    }

    /// <summary>The customers of a group who were counted.</summary>
    private sealed class SeenNumbers
    {
        private readonly HashSet<Guid> _ids = [];
        private readonly List<int> _touched = [];
        private ulong[] _bits = new ulong[1024];

        /// <returns>How many of the set were new.</returns>
        public int Add(byte[] set)
        {
            var count = 0;
            foreach (var number in NumberSet.Decode(set))
                count += Add(number);
            return count;
        }

        public int Add(int? number, Guid id) => number is { } n ? Add(n) : _ids.Add(id) ? 1 : 0;

        public void Clear()
        {
            _ids.Clear();
            foreach (var word in _touched)
                _bits[word] = 0;
            _touched.Clear();
        }

        private int Add(int number)
        {
            var word = number >> 6;
            if (word >= _bits.Length)
                Array.Resize(ref _bits, Math.Max(word + 1, _bits.Length * 2));
            var (bits, bit) = (_bits[word], 1UL << number);
            if ((bits & bit) != 0)
                return 0;
            if (bits == 0)
                _touched.Add(word);
            _bits[word] = bits | bit;
            return 1;
        }
    }
}
