using System.Globalization;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>Makes the table of a plan out of its filled grids: order, suppression, values.</summary>
/// <param name="plan">With what stands beside it.</param>
/// <param name="parts">In the order of the plan.</param>
internal sealed class MetricTableBuilder(MetricPlan plan, IReadOnlyList<AssembledPlan> parts, string currency, CrmLimits limits)
{
    private readonly string _id = plan.TableId;
    private readonly Dictionary<string, (MetricDefinition Metric, AssembledPlan Part)> _metrics =
        parts.SelectMany(p => p.Plan.Selection.Metrics, (p, m) => (Metric: m, Part: p)).ToDictionary(m => m.Metric.Asked, StringComparer.Ordinal);
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private List<MetricGroup> _groups = [];
    private HiddenCells? _hidden;

    public MetricTable Build(IEnumerable<MetricGroup> groups, IReadOnlyDictionary<Guid, string> names, int groupCount)
    {
        Place(Ordered(groups, names));
        var selection = plan.Selection;
        return new()
        {
            Id = _id,
            Rows = selection.Rows ? Rows([.. Groupwise, .. Whole], Bucketwise, names) : [],
            GroupCount = groupCount,
            Totals = Rows([null], [null], names)[0],
            GroupTotals = selection.GroupTotals && plan.HasGroups ? Rows([.. _groups, .. Whole], [null], names) : [],
            BucketTotals = selection.BucketTotals && plan.HasBuckets ? Rows([null], plan.Axis, names) : [],
            AsOf = plan.Moment.Now,
            Version = plan.Moment.Now.Ticks.ToString("x16", CultureInfo.InvariantCulture),
            Period = Period(plan.Current),
            Comparison = plan.Compared is { } compared ? Period(compared) : null,
            Currency = currency,
        };
    }

    /// <summary>Groups by the metrics of <c>order</c> over the whole period, best first as asked, those without a value last; else by their labels.</summary>
    public List<MetricGroup> Ordered(IEnumerable<MetricGroup> groups, IReadOnlyDictionary<Guid, string> names)
    {
        List<MetricGroup> all = [.. groups];
        Place(all);
        List<Shown> shown = [.. all.Select(g => new Shown(g, ValuesOf(g)))];
        shown.Sort((a, b) => Compare(a, b, names));
        return [.. shown.Select(s => s.Group)];
    }

    /// <summary>A group with the values that it is ordered by: each is computed once, however often it is compared.</summary>
    private sealed record Shown(MetricGroup Group, decimal?[] Values)
    {
        private IReadOnlyList<DimensionValue>? _labels;

        /// <summary>Made when they are asked for: among customers and products values and ids decide.</summary>
        public IReadOnlyList<DimensionValue> Labels(MetricPlan plan, IReadOnlyDictionary<Guid, string> names) =>
            _labels ??= Groups.Show(Group, plan.Groupings, names);
    }

    private decimal?[] ValuesOf(MetricGroup group)
    {
        var values = new decimal?[plan.Query.Order.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = OutcomeOf(plan.Query.Order[i].Metric, 0, group, null).Value;
        return values;
    }

    private void Place(List<MetricGroup> groups)
    {
        _groups = groups;
        _places.Clear();
        foreach (var group in groups)
            _places[group.Id] = _places.Count;
        _hidden = plan.Suppresses ? new(plan, groups) : null;
    }

    private int Compare(Shown x, Shown y, IReadOnlyDictionary<Guid, string> names)
    {
        var (a, b) = (x.Group, y.Group);
        if (a.IsOthers != b.IsOthers)
            return a.IsOthers ? 1 : -1;
        if (a.Values.Count != b.Values.Count)
            return b.Values.Count - a.Values.Count;
        for (var i = 0; i < x.Values.Length; i++)
        {
            var compared = x.Values[i] is { } first && y.Values[i] is { } second
                ? plan.Query.Order[i].Descending ? second.CompareTo(first) : first.CompareTo(second)
                : (x.Values[i] is null).CompareTo(y.Values[i] is null);
            if (compared != 0)
                return compared;
        }

        for (var i = 0; i < a.Values.Count; i++)
        {
            if (plan.Query.Order.Count > 0 && plan.Query.GroupBy[i].IsNumerous() && Ids(a.Values[i], b.Values[i]) is not 0 and var ids)
                return ids;
            if (Compare(x.Labels(plan, names)[i], a.Values[i], y.Labels(plan, names)[i], b.Values[i]) is not 0 and var compared)
                return compared;
        }

        return 0;
    }

    private static int Compare(DimensionValue aLabel, object? a, DimensionValue bLabel, object? b)
    {
        var compared = (aLabel.Kind == DimensionValueKind.Unknown).CompareTo(bLabel.Kind == DimensionValueKind.Unknown);
        if (compared == 0 && a is (Enum or int) and IComparable value && b is { } other)
            compared = value.CompareTo(other);
        if (compared == 0 && aLabel.Raw is AttributeBand band)
            compared = band.CompareTo(bLabel.Raw);
        if (compared == 0)
            compared = string.CompareOrdinal(aLabel.Label, bLabel.Label);
        return compared == 0 ? string.CompareOrdinal(aLabel.Key, bLabel.Key) : compared;
    }

    private static int Ids(object? a, object? b) => a is null || b is null ? (a is null).CompareTo(b is null) : ((Guid)a).CompareTo((Guid)b);

    /// <exception cref="GraphQLException">METRIC_TOO_MANY_ROWS.</exception>
    public void CheckSize(int groups)
    {
        var rows = (long)(plan.HasGroups ? groups : 1) * (plan.HasBuckets ? plan.Axis.Count : 1);
        if (rows > limits.MetricRows)
            throw new GraphQLException(MetricErrorCodes.TooManyRows,
                $"The table would have {rows} rows; at most {limits.MetricRows} are allowed. Use `first` to choose groups, a coarser grain or a shorter period.");
    }

    private IEnumerable<MetricGroup?> Groupwise => plan.HasGroups ? _groups : new MetricGroup?[] { null };

    /// <summary>The last of the subtotals.</summary>
    private IEnumerable<MetricGroup?> Whole => plan.Query.Subtotals && plan.HasGroups ? [null] : [];

    private IReadOnlyList<BucketPair?> Bucketwise => plan.HasBuckets ? plan.Axis.Cast<BucketPair?>().ToList() : [null];

    private List<MetricRow> Rows(IEnumerable<MetricGroup?> groups, IReadOnlyList<BucketPair?> buckets, IReadOnlyDictionary<Guid, string> names)
    {
        var places = plan.Selection.Places ? new MetricPlaces(plan, PlanOf, IsLeftOut, (m, g, b) => OutcomeOf(m, 0, g, b)) : null;
        return [.. groups.SelectMany(g => buckets.Select(b => Row(g, b, names, places)))];
    }

    private MetricPlan PlanOf(MetricDefinition metric) => _metrics[metric.Asked].Part.Plan;

    /// <summary>It cannot be told here, or nothing of it was ever recorded.</summary>
    private bool IsLeftOut(MetricDefinition metric) =>
        _metrics[metric.Asked].Part is var part && (part.Plan.Refused.ContainsKey(metric.Asked) || part.Missing.Contains(metric.Asked));

    private MetricRow Row(MetricGroup? group, BucketPair? buckets, IReadOnlyDictionary<Guid, string> names, MetricPlaces? places)
    {
        var key = (group?.Id ?? MetricGroup.Total) + (buckets is null ? "" : "|" + buckets.Key);
        var values = new Dictionary<string, MetricValue>(StringComparer.Ordinal);
        // A formula's parts stand before it.
        foreach (var metric in _metrics.Values.Select(m => m.Metric).Concat(plan.Formulas))
        {
            var outcome = OutcomeOf(metric, 0, group, buckets);
            var compared = plan.Query.CompareTo is null ? default(Outcome?) : OutcomeOf(metric, 1, group, buckets);
            var place = places?.Of(metric, group, buckets, outcome, CellOf(metric, group, buckets));
            values[metric.Asked] = MetricValue.Of(metric, outcome, compared, currency, place);
        }

        return new()
        {
            Id = $"{_id}:{key}",
            Key = key,
            Bucket = buckets?.Bucket,
            ComparedBucket = buckets?.Compared is { } compares ? compares with { Index = buckets.Index } : null,
            Dimensions = group is null ? [] : Groups.Show(group, plan.Groupings, names),
            Level = group?.Values.Count ?? 0,
            IsSubtotal = (group?.Values.Count ?? 0) < plan.Query.GroupBy.Count,
            Values = values,
        };
    }

    /// <summary>Null for what is made of other metrics.</summary>
    private MetricCell? CellOf(MetricDefinition metric, MetricGroup? group, BucketPair? buckets) => metric.Combine is null
        ? CellOf(_metrics[metric.Asked].Part, 0, group, buckets?.Current?.Index ?? _metrics[metric.Asked].Part.Grids[0].Whole)
        : null;

    private static MetricCell CellOf(AssembledPlan part, int window, MetricGroup? group, int bucket)
    {
        var grid = part.Grids[window];
        return (group is null ? grid.All : grid.Find(group.Id))?[bucket] ?? grid.Empty(bucket);
    }

    private Outcome OutcomeOf(MetricDefinition metric, int window, MetricGroup? group, BucketPair? buckets) => metric.Combine is { } combine
        ? combine(part => OutcomeOf(_metrics[part.Asked].Part, part, window, group, buckets))
        : OutcomeOf(_metrics[metric.Asked].Part, metric, window, group, buckets);

    private Outcome OutcomeOf(AssembledPlan part, MetricDefinition metric, int window, MetricGroup? group, BucketPair? buckets)
    {
        if (part.Plan.Refused.TryGetValue(metric.Asked, out var refused))
            return Outcome.None(refused);
        var bucket = window == 0 ? buckets?.Current : buckets?.Compared;
        if (window >= part.Grids.Count || (buckets is not null && bucket is null))
            return Outcome.None(NoValueReason.NoPartner);
        if (bucket?.IsFuture ?? plan.Windows.ElementAt(window).IsFuture)
            return Outcome.None(NoValueReason.IncompletePeriod);
        if (part.Missing.Contains(metric.Asked))
            return Outcome.None(NoValueReason.NoData);
        var index = bucket?.Index ?? part.Grids[window].Whole;
        if (_hidden?.IsHidden(part, metric, window, group is null ? null : _places[group.Id], index) is true)
            return Outcome.None(NoValueReason.SuppressedSmallGroup);
        return metric.Compute(CellOf(part, window, group, index));
    }

    private static MetricPeriod Period(MetricWindow window) => new(window.Days.From, window.Days.Until, window.Days.Until > window.Moment.Today);
}
