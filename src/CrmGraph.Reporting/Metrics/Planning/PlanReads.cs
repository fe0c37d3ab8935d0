using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>All that a plan reads.</summary>
internal static class PlanReads
{
    public static MetricReads Of(MetricPlan plan)
    {
        var tables = new HashSet<string>(MetricReads.OfFacts, StringComparer.Ordinal);
        var days = new DayRange(plan.Windows.Min(w => w.Days.From), plan.Windows.Max(w => w.Days.Until));
        var (from, until) = ((DateOnly?)days.From, days.Until);
        foreach (var reads in plan.Parts.SelectMany(p => p.Reads.Keys.Select(s => s.Reads(days, p.ChoosesCustomers))))
        {
            tables.UnionWith(reads.Tables);
            from = reads.From is null ? null : from;
            until = reads.Until > until ? reads.Until : until;
        }

        if (plan.Parts.Any(p => p.Reads.Values.Any(r => r.Any(m => m.IsMoney))))
            tables.UnionWith(MetricReads.Rates.Tables);
        if (plan.Query.GroupBy.Any(d => d.HasNames()))
            tables.UnionWith(MetricReads.Names.Tables);
        if (plan.Formulas.Count > 0)
            tables.UnionWith(MetricReads.Formulas.Tables);
        return new(tables, from, until);
    }
}
