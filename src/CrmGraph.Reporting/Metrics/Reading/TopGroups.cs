using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Rollups;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>
/// The first customers or products by an additive metric, cut by the database: of a hundred thousand customers only those that are shown come here.
/// </summary>
internal sealed class TopGroups
{
    private readonly MetricSession _session;
    private readonly MetricPlan _plan;
    private readonly RollupState? _rollups;

    private TopGroups(MetricSession session, MetricPlan plan, RollupState? rollups) => (_session, _plan, _rollups) = (session, plan, rollups);

    /// <summary>
    /// Null where the database cannot cut: the order is another one, money has to be converted first, cells may have to be hidden, or groups without any of
    /// these facts may be among the first.
    /// </summary>
    /// <returns>The groups in their order, and how many there are in all when that is asked for.</returns>
    public static async Task<(IReadOnlyList<MetricGroup> Groups, int Of)?> ReadAsync(
        MetricSession session, MetricPlan plan, int first, CancellationToken cancellationToken)
    {
        if (plan.Query is not { GroupBy: [var dimension], Order: [{ Descending: true, Metric: { Additivity: Additivity.Additive } metric }] }
            || !dimension.IsNumerous() || plan.Suppresses
            || metric.Leaves.Any(l => l.Conditions.Count > 0 || plan.Refused.ContainsKey(l.Asked)))
            return null;
        if (metric.Reads.Select(m => FactSources.Of(m, plan.IsByLine)).Distinct().ToList() is not [var source] || Weights(metric, source) is not { } weights)
            return null;
        var top = new TopGroups(session, plan, await session.RollupsAsync(plan.Settings, cancellationToken));
        if (top.Statements(plan, plan.Current, source, metric.Reads).ToList() is not [{ Gives: FactRows.Cells } statement]
            || (statement.IsMoney && !await top.IsOfOneCurrencyAsync(source, statement, cancellationToken)))
            return null;
        List<string> columns = [Groups.Column(dimension)!, .. statement.Sums.Concat(statement.Counts).Select(m => m.Column.Name)];
        var rows = await session.SumsAsync(
            null, () => source.Top(statement, top.Key(plan.Current, Groups.Column(dimension)!), weights, first + 1), () => source.Result(columns),
            statement.Sums, null, cancellationToken);
        if (rows is null || rows.Count <= first || weights.Sum(w => w.Measure.Stored(rows[first - 1]) * w.Weight) <= 0)
            return null;
        return ([.. rows.Take(first).Select(r => MetricGroup.Of(plan.Query.GroupBy, [plan.Groupings[0].Read!(r)]))],
            plan.Selection.GroupCount ? await top.CountAsync(dimension, cancellationToken) : 0);
    }

    /// <summary>An additive metric is a weighted sum: the weight of a measure is what it gives of one of it.</summary>
    private static List<(Measure Measure, long Weight)>? Weights(MetricDefinition metric, FactSource source)
    {
        var layout = new CellLayout([source]);
        var weights = new List<(Measure Measure, long Weight)>();
        foreach (var measure in metric.Reads)
        {
            var cell = new MetricCell(layout, default);
            cell.Set(measure, 1);
            if (metric.Compute(cell).Value is not { } weight || weight != decimal.Truncate(weight) || measure.Unit != metric.Reads[0].Unit)
                return null;
            weights.Add((measure, (long)weight));
        }

        return weights;
    }

    private FactKey Key(MetricWindow window, string column) =>
        new GroupKey(_plan, window, hasRates: false, byScope: false).Of(_plan.Slices[0], new HashSet<string> { column });

    /// <summary>That of the table, or whichever when nothing can be converted.</summary>
    private async Task<bool> IsOfOneCurrencyAsync(FactSource source, FactStatement statement, CancellationToken cancellationToken)
    {
        var found = await source.Values<string?>(statement, Key(_plan.Current, nameof(FactRow.Currency))).Take(2).ToListAsync(cancellationToken);
        if (found.Count != 1)
            return false;
        return found[0] == (_plan.Query.Currency ?? _plan.Settings.Currency)
            || (_plan.Query.Currency is null && !await _session.Database.ExchangeRates.AnyAsync(cancellationToken));
    }

    /// <summary>All groups of which any metric of the table knows, in both periods.</summary>
    private Task<int> CountAsync(MetricDimension dimension, CancellationToken cancellationToken) => (
        from part in _plan.Parts
        from window in part.Windows
        from reads in part.Reads
        from statement in Statements(part, window, reads.Key, reads.Value)
        select reads.Key.Values<Guid?>(statement, Key(window, Groups.Column(dimension)!))).Aggregate(Queryable.Union).CountAsync(cancellationToken);

    private IEnumerable<FactStatement> Statements(MetricPlan plan, MetricWindow window, FactSource source, IEnumerable<Measure> measures)
    {
        IReadOnlySet<Measure> asked = measures.ToHashSet();
        var context = new FactContext(
            _session.Database, plan.Filter, plan.Caller, plan.Customers(null), plan.AskedAttributes, source.HasRollups ? _rollups : null);
        return source.Statements(new(context, window.Days, asked)
        {
            Together = asked, Past = window.Past, Now = plan.Moment.Today, Buckets = null,
            NeedsWhole = false, CountsPeople = false, HasRates = false, HasContracts = true,
            ActivityDays = plan.Settings.ActivityDays, Today = null,
        });
    }
}
