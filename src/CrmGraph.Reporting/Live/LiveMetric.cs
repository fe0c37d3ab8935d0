using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Reading;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Live;

/// <summary>
/// A metric query that somebody watches. Equal for everyone who must see the same figures: canonical arguments, selected metrics and parts, the
/// rows that the caller may see, and whether small groups are shown to him.
/// </summary>
public sealed class LiveMetric : IEquatable<LiveMetric>
{
    private readonly string _key;

    public LiveMetric(MetricQuery query, MetricSelection selection, Caller caller)
    {
        Query = query;
        Selection = selection;
        Caller = caller;
        var parts = $"{selection.Rows}{selection.GroupTotals}{selection.BucketTotals}{selection.Totals}";
        var metrics = string.Join(',', selection.Metrics.Select(m => m.Asked).Order(StringComparer.Ordinal));
        var question = $"{query.Canonical()}#{metrics}#{parts}#{caller.Role == Role.Administrator}";
        _key = $"{question}#{caller.Scope}";
        // With `first` every owner has first groups of his own, and some conditions mean something else for each, so that one reading does not serve them all.
        var conditions = selection.Metrics.SelectMany(m => m.Conditions).Append(query.Where).OfType<InputObject>();
        // What a metric of the company's own asks is not known yet.
        Owner = query.First is null && query.Segments.Count == 0 && !selection.Metrics.Any(m => m.IsUnresolved)
            && !conditions.Any(FilterBuilder.DependsOnCaller) && caller.Owners is [var owner]
            ? owner
            : null;
        Family = Owner is null ? this : question;
        Kind = Owner is null ? $"{(query with { GroupBy = [], Grain = null, Order = [], First = null }).Canonical()}#{caller.Scope}" : question;
    }

    public MetricQuery Query { get; }
    public MetricSelection Selection { get; }
    /// <summary>The first who asked; the others have the same rights.</summary>
    public Caller Caller { get; }
    /// <summary>The one owner whose customers count, where the query can be computed together with those of other owners.</summary>
    public Guid? Owner { get; }
    /// <summary>Equal for queries that differ only in their <see cref="Owner"/>.</summary>
    public object Family { get; }
    /// <summary>Equal for queries about the same facts.</summary>
    public object Kind { get; }

    /// <summary>What the last computation read; null while that is not known, when everything counts.</summary>
    internal MetricReads? Reads { get; set; }
    /// <summary>The reporting calendar of the last computation.</summary>
    internal ReportingMoment? Moment { get; set; }
    /// <summary>How it was planned last, where that holds until something changes that is more than facts.</summary>
    internal LivePlan? Planned { get; set; }
    /// <summary>The last computation.</summary>
    internal MetricAnswer? Answer { get; set; }

    public bool Equals(LiveMetric? other) => other is not null && _key == other._key;

    public override bool Equals(object? obj) => Equals(obj as LiveMetric);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_key);

    public override string ToString() => _key;
}

/// <summary>What a computation came to: a table, or why there is none.</summary>
public sealed record LiveFigures(MetricTable? Table, Exception? Failure = null);

/// <summary>A plan, and where it holds.</summary>
/// <param name="Memory">Whose <see cref="MetricMemory.Generation"/> the generation is.</param>
internal sealed record LivePlan(MetricPlan Plan, MetricReads Reads, MetricMemory Memory, int Generation)
{
    /// <summary>The plan now; null where it is to be made anew.</summary>
    public MetricPlan? At(DateTime now, MetricMemory memory)
    {
        var moment = Plan.Moment with { Now = now };
        return ReferenceEquals(memory, Memory) && memory.Generation == Generation && moment.Today == Plan.Moment.Today ? Plan.At(moment) : null;
    }

    /// <summary>Null for plans that hold for their own moment alone, or hold on to the state of the data that they were made on.</summary>
    public static LivePlan? Of(MetricPlan plan, MetricReads reads, MetricMemory memory) =>
        plan is { IsPlain: true, Beside.Count: 0, Query.Grain: not TimeGrain.Hour } ? new(plan, reads, memory, memory.Generation) : null;
}
