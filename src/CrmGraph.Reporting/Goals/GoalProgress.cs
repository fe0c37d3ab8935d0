using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Goals;

/// <summary>How far goals have come, as the caller sees it.</summary>
internal static class GoalProgress
{
    /// <summary>The goals themselves, with what they have reached.</summary>
    public static async Task<IReadOnlyList<Goal>> OfAsync(IReadOnlyList<Goal> goals, ResolverContext context)
    {
        var today = (await RequestSettings.MomentAsync(context)).Today;
        foreach (var goal in goals)
        {
            if (goal.StartDay > today)
            {
                goal.Status = GoalStatus.NotStarted;
                continue;
            }

            goal.Status = GoalStatus.Unknown;
            if (await MetricAsync(goal.Metric, context) is not { } metric)
                continue;
            var value = await ValueAsync(goal, metric, today, context);
            (goal.Value, goal.NoValue) = (value.Value, value.Reason);
            if (goal.Value is { } reached)
                Judge(goal, metric, reached, today);
        }

        return goals;
    }

    /// <summary>One of the product's or of the company's own; null if there is none.</summary>
    public static async ValueTask<MetricDefinition?> MetricAsync(string key, ResolverContext context) =>
        MetricCatalog.Find(key) ?? (await context.Services.GetRequiredService<CustomMetrics>()
            .LoadAsync(context.Services.GetRequiredService<CrmDbContext>(), context.CancellationToken)).Find(key);

    /// <param name="metric">The goal's, or another one in its place.</param>
    public static async Task<MetricValue> ValueAsync(Goal goal, MetricDefinition metric, DateOnly today, ResolverContext context)
    {
        var services = context.Services;
        var type = (InputObjectType)services.GetRequiredService<Schema>().Type("MetricFilterInput")!;
        var query = new MetricQuery
        {
            Period = new() { Range = new() { From = goal.StartDay, Through = goal.Deadline < today ? goal.Deadline : today } },
            Where = goal.Condition is { } condition ? FilterJson.Read(condition, type) : null,
        };
        var table = await services.GetRequiredService<MetricEngine>().ComputeAsync(
            services.GetRequiredService<CrmDbContext>(), query, new([metric], Rows: false, GroupTotals: false, BucketTotals: false, Places: false),
            context.State.Require<Caller>(), context.CancellationToken, await RequestSettings.MomentAsync(context),
            await RequestSettings.CompanyAsync(context));
        return table.Totals.Values[metric.Asked];
    }

    internal static void Judge(Goal goal, MetricDefinition metric, decimal value, DateOnly today)
    {
        var (target, baseline) = (FixedPoint.ToDecimal(goal.Target), goal.Baseline is { } b ? FixedPoint.ToDecimal(b) : default(decimal?));
        var over = today > goal.Deadline;
        var elapsed = over ? 1 : (decimal)(today.DayNumber - goal.StartDay.DayNumber + 1) / (goal.Deadline.DayNumber - goal.StartDay.DayNumber + 1);
        // Sums begin at zero; all else began at the baseline.
        var start = metric.Additivity == Additivity.Additive ? 0 : baseline;
        // A rate that has come far in a day does not become more than all.
        var expected = start is { } from ? Known(() => metric.Range.Nearest(from + ((value - from) / elapsed))) : value;
        goal.ExpectedAtDeadline = Outcome.Rounded(expected, MetricValue.Digits);
        goal.Pace = start is { } s && target != s ? Outcome.Rounded(Known(() => (value - s) / (target - s) / elapsed), MetricValue.Digits) : null;
        var grows = baseline is { } was && was != target ? target > was : metric.Favourable != FavourableDirection.Down;
        goal.Status = over ? Meets(value) ? GoalStatus.Reached : GoalStatus.Missed
            : grows && metric.Additivity == Additivity.Additive && Meets(value) ? GoalStatus.Reached
            : Meets(expected ?? value) ? GoalStatus.OnTrack : GoalStatus.AtRisk;

        bool Meets(decimal number) => grows ? number >= target : number <= target;
    }

    /// <summary>Null for what no number can hold.</summary>
    private static decimal? Known(Func<decimal> number)
    {
        try
        {
            return number();
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
