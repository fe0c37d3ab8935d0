using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>The answer of one statement.</summary>
/// <param name="Plan">The part of the table that asked.</param>
/// <param name="Slice">Null for the totals of all slices.</param>
internal sealed record MetricRead(MetricPlan Plan, int Window, MetricSlice? Slice, FactSource Source, FactStatement Statement, IReadOnlyList<FactRow> Rows)
{
    /// <summary>The part of each number that was summed.</summary>
    public SumPart Part { get; init; }
    /// <summary>The kind whose being there was asked for, instead of its numbers.</summary>
    public FactKind? Recorded { get; init; }

    /// <summary>Whether one of these rows shows that there are facts of the kind.</summary>
    public bool Shows(FactKind kind, Func<FactRow, bool> isAsked) => Recorded is { } recorded
        ? recorded == kind && Rows.Any(isAsked)
        : Source.Measures.Any(m => m.Kind == kind) && Rows.Any(row => isAsked(row) && kind.IsShownBy(row));
}
