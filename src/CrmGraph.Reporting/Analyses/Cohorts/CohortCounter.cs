using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Analyses.Cohorts;

/// <summary>Puts purchases into the cells of a cohort matrix. No database here.</summary>
/// <param name="axis">From the first cohort up to today, without gaps.</param>
/// <param name="members">The place of each customer's cohort on the axis.</param>
internal sealed class CohortCounter(TimeBuckets axis, IReadOnlyDictionary<Guid, int> members, int periods)
{
    private readonly Dictionary<(int Cohort, int Offset), Cell> _cells = [];

    /// <param name="value">What a purchase is worth; null where money is not wanted.</param>
    public void Count(IEnumerable<Purchase> purchases, Func<Purchase, decimal>? value)
    {
        foreach (var purchase in purchases)
        {
            var cohort = members[purchase.Customer];
            if (axis.IndexOf(purchase.Day) is not { } bucket || bucket < cohort || bucket - cohort >= periods)
                continue;
            if (!_cells.TryGetValue((cohort, bucket - cohort), out var cell))
                _cells[(cohort, bucket - cohort)] = cell = new();
            cell.Add(purchase, value?.Invoke(purchase) ?? 0);
        }
    }

    /// <summary>The rows of the matrix.</summary>
    public IEnumerable<Cohort> Rows(int cohorts, CohortMeasure measure, AnalysisScope scope)
    {
        var sizes = new int[cohorts];
        foreach (var cohort in members.Values)
            sizes[cohort]++;
        var hidden = scope.Hidden(sizes);
        for (var i = 0; i < cohorts; i++)
        {
            var (cohort, isHidden) = (i, hidden[i]);
            yield return new(axis.List[i], isHidden ? null : sizes[i], [.. Enumerable.Range(0, periods).Select(o => Of(cohort, o))]);

            CohortCell Of(int row, int offset) =>
                row + offset >= axis.List.Count ? new(offset, null, null, false, NoValueReason.IncompletePeriod)
                : Show(offset, axis.List[row + offset].Incomplete, _cells.GetValueOrDefault((row, offset)), sizes[row], isHidden);
        }

        CohortCell Show(int offset, bool incomplete, Cell? cell, int size, bool isHidden)
        {
            if (isHidden || scope.IsSmall(cell?.People(measure) ?? 0))
                return new(offset, null, null, incomplete, NoValueReason.SuppressedSmallGroup);
            var value = cell?.Of(measure) ?? 0;
            var each = Outcome.Ratio(Outcome.Of(value), Outcome.Of(size)).Round(12);
            return new(offset, value, each.Value, incomplete, each.Reason);
        }
    }

    private sealed class Cell
    {
        private readonly HashSet<Guid> _people = [], _buyers = [];
        private int _orders;
        private decimal _revenue;

        /// <summary>Customers behind the measure: behind revenue also those with a return alone.</summary>
        public int People(CohortMeasure measure) => measure == CohortMeasure.Revenue ? _people.Count : _buyers.Count;

        public void Add(in Purchase purchase, decimal value)
        {
            _people.Add(purchase.Customer);
            _revenue += value;
            if (!purchase.IsSale)
                return;
            _buyers.Add(purchase.Customer);
            _orders++;
        }

        public decimal Of(CohortMeasure measure) => measure switch
        {
            CohortMeasure.Customers => _buyers.Count,
            CohortMeasure.Orders => _orders,
            _ => _revenue,
        };
    }
}
