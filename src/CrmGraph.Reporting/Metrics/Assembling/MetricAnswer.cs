using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Metrics.Reading;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Assembling;

/// <summary>A table and what it was made of: the same rows, on the same calendar and with the same names and rates, make the same table.</summary>
internal sealed record MetricAnswer(MetricTable Table, IReadOnlyList<IReadOnlyList<FactRow>> Rows, ReportingMoment Moment, int? Generation)
{
    /// <summary>It was asked whether there are facts of a kind at all: one of any day can change the answer.</summary>
    public bool ReadsAllTime { get; init; }

    /// <summary>What the answer of the plan was read from.</summary>
    public MetricReads ReadsOf(MetricPlan plan) => ReadsAllTime ? PlanReads.Of(plan).OfAllTime() : PlanReads.Of(plan);

    public bool Is(MetricPlan plan, IReadOnlyList<MetricRead> reads, int? generation)
    {
        if (generation is null || generation != Generation || !SameCalendar(plan.Moment, plan.Query.Grain == TimeGrain.Hour) || Rows.Count != reads.Count)
            return false;
        for (var i = 0; i < Rows.Count; i++)
            if (!ReferenceEquals(Rows[i], reads[i].Rows) && !Rows[i].SequenceEqual(reads[i].Rows))
                return false;
        return true;
    }

    private bool SameCalendar(ReportingMoment moment, bool byHour) => moment.Today == Moment.Today && (!byHour || Quarter(moment.Now) == Quarter(Moment.Now));

    /// <summary>Hours of all zones begin with a quarter of UTC's.</summary>
    private static long Quarter(DateTime utc) => utc.Ticks / TimeSpan.FromMinutes(15).Ticks;
}
