using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Analyses.Cohorts;

[QueryType]
public static class CohortQueries
{
    /// <summary>Customers by when they began, and what they did in the intervals after it.</summary>
    /// <param name="grain">The length of the intervals; HOUR is none of them.</param>
    /// <param name="by">By which day a customer belongs to a cohort.</param>
    /// <param name="measure">What is told of a cohort in each interval.</param>
    /// <param name="periods">Intervals shown of each cohort, its own included.</param>
    /// <param name="period">Customers who began in it; all when left out.</param>
    [UseAnalysis]
    public static async Task<CohortAnalysis?> GetCohortsAsync(
        TimeGrain grain,
        ResolverContext context,
        [DefaultValue("FIRST_PURCHASE")] CohortStart by,
        [DefaultValue("CUSTOMERS")] CohortMeasure measure,
        [DefaultValue("12")] int periods,
        PeriodInput? period = null)
    {
        AnalysisScope.Check(grain != TimeGrain.Hour, "`grain` of cohorts is DAY or longer.");
        AnalysisScope.Check(periods >= 1, $"`periods` is 1 or more, not {periods}.");
        var scope = await AnalysisScope.OfAsync(context);
        var starts = await StartsAsync(scope, by, scope.Past(period));
        scope.RefuseSmall(starts.Count);
        var (cohorts, currency) = await CohortsAsync(scope, starts, (grain, measure, periods));
        return new()
        {
            N = starts.Count,
            AsOf = scope.Moment.Now,
            Warnings = AnalysisWarning.When(starts.Count == 0, AnalysisWarningCode.NoData, "No customer began in the period."),
            Grain = grain,
            By = by,
            Measure = measure,
            Currency = measure == CohortMeasure.Revenue ? currency ?? scope.Settings.Currency : null,
            Cohorts = cohorts,
        };
    }

    private static async Task<(IReadOnlyList<Cohort>, string?)> CohortsAsync(
        AnalysisScope scope, List<Start> starts, (TimeGrain Grain, CohortMeasure Measure, int Periods) asked)
    {
        if (starts.Count == 0)
            return ([], null);
        var unit = TimeBuckets.Unit(asked.Grain);
        var days = new DayRange(
            scope.Moment.StartOfUnit(starts.Min(s => s.Day), unit),
            ReportingMoment.AddUnits(scope.Moment.StartOfUnit(scope.Moment.Today, unit), unit, 1));
        var axis = TimeBuckets.Of(asked.Grain, days, scope.Moment, scope.Limits.MetricRows);
        var cohorts = axis.IndexOf(starts.Max(s => s.Day))!.Value + 1;
        if ((long)cohorts * asked.Periods > scope.Limits.MetricRows)
            throw new GraphQLException(
                MetricErrorCodes.TooManyRows,
                $"{cohorts} cohorts of {asked.Periods} intervals are more than {scope.Limits.MetricRows} cells; use a coarser grain or fewer periods.");
        var members = starts.ToDictionary(s => s.Customer, s => axis.IndexOf(s.Day)!.Value);
        var counter = new CohortCounter(axis, members, asked.Periods);
        var purchases = await Purchases.ReadAsync(scope, new(days.From, scope.Moment.Today.AddDays(1)));
        counter.Count(
            purchases.All.Where(p => members.ContainsKey(p.Customer)),
            asked.Measure == CohortMeasure.Revenue ? p => purchases.Value(p) : null);
        return ([.. counter.Rows(cohorts, asked.Measure, scope)], purchases.Currency);
    }

    private static async Task<List<Start>> StartsAsync(AnalysisScope scope, CohortStart by, DayRange days)
    {
        var (from, until) = days;
        var starts = by == CohortStart.Created
            ? scope.Customers.Select(c => new { c.Id, Day = (DateOnly?)c.Day })
            : scope.Customers.Select(c => new { c.Id, Day = c.Figures!.FirstPurchaseDay });
        return await scope.ReadAsync(starts.Where(s => s.Day >= from && s.Day < until).Select(s => new Start(s.Id, s.Day!.Value)));
    }

    private readonly record struct Start(Guid Customer, DateOnly Day);
}
