using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>What recurs by contract.</summary>
internal sealed partial class MetricOracle
{
    private IEnumerable<Contract> Running(Cell cell, DateOnly day) => crm.Contracts.Where(k => k.StartDay <= day && (k.EndDay is null || k.EndDay > day)
        && Counts(k.Customer!) && Matches(cell, k.Customer!, null, k.Customer!.OwnerId, k));

    private (decimal?, NoValueReason?) Recurring(Cell cell)
    {
        var open = Running(cell, End(cell)).ToList();
        return open.Count > 0 && open.TrueForAll(k => k.MonthlyAmount is null)
            ? (null, NoValueReason.NoData)
            : (open.Sum(k => Monthly(k, k.StartDay)), null);
    }

    private (decimal?, NoValueReason?) Renewed(Cell cell, Func<decimal, decimal, decimal> kept)
    {
        var before = cell.From.AddDays(-1);
        var (start, end) = (Running(cell, before).ToLookup(k => k.CustomerId), Running(cell, End(cell)).ToLookup(k => k.CustomerId));
        return Ratio(
            start.Sum(c => kept(c.Sum(k => Monthly(k, before)), end[c.Key].Sum(k => Monthly(k, before)))), start.Sum(c => c.Sum(k => Monthly(k, before))));
    }

    private decimal Monthly(Contract k, DateOnly day) => k.MonthlyAmount is { } amount ? Convert(amount / 10_000m, k.Currency!, day) : 0;
}
