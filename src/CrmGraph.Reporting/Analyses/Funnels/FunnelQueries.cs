using System.Collections;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Analyses.Funnels;

[QueryType]
public static class FunnelQueries
{
    private const int LeastSteps = 2, MostSteps = 20;

    /// <summary>How many opportunities come from stage to stage and how long it takes, or how many customers fulfil one condition after the other.</summary>
    /// <param name="period">Opportunities opened in it; all when left out. Conditions on customers say their own periods.</param>
    [UseAnalysis, UseFunnelSteps]
    public static async Task<FunnelAnalysis?> GetFunnelAsync(ResolverContext context, PeriodInput? period = null)
    {
        var steps = ((IEnumerable)context.Arguments[UseFunnelStepsAttribute.Steps]!).Cast<InputObject>().ToList();
        var stages = steps.Select(s => s.Fields.GetValueOrDefault(UseFunnelStepsAttribute.Stage)).OfType<string>().ToList();
        var filters = steps.Select(s => s.Fields.GetValueOrDefault(UseFunnelStepsAttribute.Customers)).OfType<InputObject>().ToList();
        if (!stages.TrueForAll(FoldedText.IsStorable))
            throw new GraphQLException(ErrorCodes.InvalidArgument, "The name of a stage must not hold U+0000 or half of a surrogate pair.");
        if (steps.Count is < LeastSteps or > MostSteps || (stages.Count > 0 && filters.Count > 0) || stages.Distinct().Count() != stages.Count)
            throw new GraphQLException(
                ErrorCodes.InvalidArgument, $"`steps` are {LeastSteps} to {MostSteps}, all different stages or all conditions on customers.");
        var scope = await AnalysisScope.OfAsync(context);
        var (n, found, days) = stages.Count > 0
            ? await OfStagesAsync(scope, stages, scope.Past(period))
            : await OfCustomersAsync(scope, filters, context);
        return new()
        {
            N = n,
            AsOf = scope.Moment.Now,
            Warnings = AnalysisWarning.When(n == 0, AnalysisWarningCode.NoData, "There is nobody to come from step to step."),
            Period = days is { } d ? new MetricPeriod(d.From, d.Until, d.Until > scope.Moment.Today) : null,
            Steps = found,
        };
    }

    private static async Task<(int, IReadOnlyList<FunnelStep>, DayRange?)> OfStagesAsync(AnalysisScope scope, IReadOnlyList<string> stages, DayRange days)
    {
        var (from, until) = days;
        var opportunities = scope.Rows.Opportunities.Where(o => o.Day >= from && o.Day < until)
            .Join(scope.Customers, o => o.CustomerId, c => c.Id, (o, c) => o);
        var opened = await scope.ReadAsync(opportunities.Select(o => new Opened(o.Id, o.CustomerId, o.Status, o.OpenedAt)));
        scope.RefuseSmall(opened.Select(o => o.Customer).Distinct().Count());
        var entries = await scope.ReadAsync(scope.Rows.OpportunityStages.Where(s => stages.Contains(s.Stage))
            .Join(opportunities, s => s.OpportunityId, o => o.Id, (s, o) => new Entry(s.OpportunityId, s.Stage, s.EnteredAt)));
        return (opened.Count, FunnelCounter.Count(opened, entries, stages, scope), days);
    }

    private static async Task<(int, IReadOnlyList<FunnelStep>, DayRange?)> OfCustomersAsync(
        AnalysisScope scope, IReadOnlyList<InputObject> filters, ResolverContext context)
    {
        var counts = new List<int> { await scope.Customers.CountAsync(context.CancellationToken) };
        scope.RefuseSmall(counts[0]);
        var (left, filter) = (scope.Customers, await FilterContext.OfAsync(context));
        foreach (var condition in filters)
        {
            left = left.Where(await FilterBuilder.BuildAsync<Customer>(condition, filter, context.CancellationToken));
            counts.Add(await left.CountAsync(context.CancellationToken));
        }

        return (counts[0], [.. filters.Select((_, i) => FunnelCounter.Step(i + 1, null, counts, scope.IsSmall(counts[i + 1]), null))], null);
    }
}
