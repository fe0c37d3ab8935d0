using CrmGraph.Data.Model;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Analyses.Funnels;

/// <summary>An opportunity that came into the funnel.</summary>
internal readonly record struct Opened(Guid Id, Guid Customer, OpportunityStatus Status, DateTime At);

/// <summary>Its entry into a stage.</summary>
internal readonly record struct Entry(Guid Opportunity, string Stage, DateTime At);

/// <summary>Counts opportunities from stage to stage. No database here.</summary>
internal static class FunnelCounter
{
    public static IReadOnlyList<FunnelStep> Count(
        IReadOnlyList<Opened> opened, IReadOnlyList<Entry> entries, IReadOnlyList<string> stages, AnalysisScope scope)
    {
        var first = entries.GroupBy(e => (e.Opportunity, e.Stage)).ToDictionary(g => g.Key, g => g.Min(e => e.At));
        var paths = opened.Select(o => new Path(
            o, [o.At, .. stages.Select(s => first.TryGetValue((o.Id, s), out var at) ? at : default(DateTime?))])).ToList();
        var counts = Enumerable.Range(0, stages.Count + 1).Select(i => paths.Count(p => p.Depth >= i)).ToList();
        return [.. stages.Select((stage, i) => Step(
            i + 1, stage, counts, scope.IsSmall(paths.Where(p => p.Depth > i).Select(p => p.Of.Customer).Distinct().Count()),
            Timing(paths, i + 1, scope.Moment.Now)))];
    }

    /// <param name="counts">Of all, then of each step.</param>
    public static FunnelStep Step(int number, string? stage, IReadOnlyList<int> counts, bool isHidden, Times? times)
    {
        if (isHidden)
            return new(number, stage, null, null, null, null, null, null, NoValueReason.SuppressedSmallGroup);
        var (reached, before, all) = (counts[number], counts[number - 1], counts[0]);
        return new(
            number, stage, reached, before == 0 ? null : reached / (double)before, all == 0 ? null : reached / (double)all, times?.Waiting, times?.Median,
            times?.P90, before == 0 ? NoValueReason.ZeroDenominator : null);
    }

    private static Times Timing(List<Path> paths, int step, DateTime now)
    {
        var durations = new List<Duration>();
        foreach (var path in paths)
            if (path.At[step - 1] is { } from && path.At[step] is { } to && to >= from)
                durations.Add(new((to - from).TotalDays, true));
            else if (path.IsWaitingFor(step) && path.At[step - 1] is { } since)
                durations.Add(new(Math.Max(0, (now - since).TotalDays), false));
        return new(paths.Count(p => p.IsWaitingFor(step)), Survival.Quantile(durations, 0.5), Survival.Quantile(durations, 0.9));
    }

    /// <summary>How long a step takes.</summary>
    internal sealed record Times(int Waiting, double? Median, double? P90);

    /// <summary>When an opportunity came to each step, opened first.</summary>
    private sealed record Path(Opened Of, DateTime?[] At)
    {
        /// <summary>The last step that it reached: whoever is in a later one has passed those before.</summary>
        public int Depth { get; } = Array.FindLastIndex(At, a => a is not null);

        public bool IsWaitingFor(int step) => Depth == step - 1 && Of.Status == OpportunityStatus.Open;
    }
}
