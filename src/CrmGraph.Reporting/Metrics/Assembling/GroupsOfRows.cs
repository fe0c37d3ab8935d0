using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>The groups of a plan, by the rows that were read.</summary>
internal sealed class GroupsOfRows(MetricPlan plan)
{
    private readonly Dictionary<string, MetricGroup> _groups = new(StringComparer.Ordinal);
    /// <summary>By their values: the text of an id is made once per group, not per row.</summary>
    private readonly Dictionary<object?[], MetricGroup> _byValues = new(SameValues.Instance);

    public IReadOnlyCollection<MetricGroup> All => _groups.Values;

    /// <summary>Null for rows of all groups together.</summary>
    public MetricGroup? Of(FactRow row, MetricSlice? slice)
    {
        if (!plan.HasGroups || slice is null)
            return null;
        if (slice.IsOthers)
            return Known(MetricGroup.Others(plan.Query.GroupBy.Count));
        var values = new object?[slice.Level ?? plan.Query.GroupBy.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = plan.Groupings[i].Read is { } read ? read(row) : slice.Segment;
        if (!_byValues.TryGetValue(values, out var group))
            _byValues[values] = group = Known(MetricGroup.Of(plan.Query.GroupBy, values));
        return group;
    }

    private MetricGroup Known(MetricGroup group) => _groups.TryAdd(group.Id, group) ? group : _groups[group.Id];
}
