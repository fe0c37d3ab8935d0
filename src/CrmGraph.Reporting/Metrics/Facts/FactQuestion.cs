using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>What a source is asked: some of its measures on the days of a period, of a slice of the facts or of all together.</summary>
internal sealed record FactQuestion(FactContext Context, DayRange Days, IReadOnlySet<Measure> Measures)
{
    /// <summary>The measures of all tables that ask the same: what is summed is summed for all of them.</summary>
    public required IReadOnlySet<Measure> Together { get; init; }
    /// <summary>The days of the period that have come, today included: beyond them nobody is known to be a customer.</summary>
    public required DayRange Past { get; init; }
    /// <summary>Today.</summary>
    public required DateOnly Now { get; init; }
    /// <summary>The first day after each bucket; null when time is not split.</summary>
    public required IReadOnlyList<DateOnly>? Buckets { get; init; }
    /// <summary>Beside buckets, distinct counts of the whole period.</summary>
    public required bool NeedsWhole { get; init; }
    /// <summary>Also how many customers stand behind every number.</summary>
    public required bool CountsPeople { get; init; }
    /// <summary>Money is converted by the rate of its day.</summary>
    public required bool HasRates { get; init; }
    /// <summary>Most shops have no contracts, and every condition on them costs a look per row.</summary>
    public required bool HasContracts { get; init; }
    public required int ActivityDays { get; init; }
    /// <summary>Where answers are remembered, today: most changes are of it, and what is before it need not be read again for them.</summary>
    public required DateOnly? Today { get; init; }

    public bool ByBucket => Buckets is not null;

    /// <summary>Whether by bucket, for each level at which distinct rows are counted.</summary>
    public IReadOnlyList<bool> Levels => ByBucket && NeedsWhole ? [true, false] : [ByBucket];

    /// <summary>Days to be read apart; sums and events of the parts are those of the whole.</summary>
    public IReadOnlyList<DayRange> Parts(DayRange days) =>
        Today is { } today && days.From < today && today < days.Until ? [days with { Until = today }, days with { From = today }] : [days];
}
