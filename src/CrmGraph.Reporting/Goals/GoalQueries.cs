using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Lookups;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Goals;

[QueryType]
public static class GoalQueries
{
    /// <summary>The company's goals and how far they have come, by deadline.</summary>
    [ListSize(AssumedSize = 20), Cost(QueryCosts.Metric * 20)]
    public static async Task<IReadOnlyList<Goal>> GetGoalsAsync(ResolverContext context) => await GoalProgress.OfAsync(
        await Rows.Of(context).Goals.OrderBy(g => g.Deadline).ThenBy(g => g.Id).ToListAsync(context.CancellationToken), context);
}

[ObjectType<Goal>]
public static class GoalFields
{
    [NodeResolver]
    public static async Task<IReadOnlyDictionary<Guid, Goal>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context)
    {
        var goals = await BatchLookup.DictionaryAsync(ids, Rows.Of(context).Goals, g => g.Id, context.CancellationToken);
        await GoalProgress.OfAsync([.. goals.Values], context);
        return goals;
    }

    /// <summary>The definition of the metric; null if there is no such metric any more.</summary>
    public static async Task<MetricDefinition?> GetMetricAsync([Parent] Goal goal, ResolverContext context) =>
        await GoalProgress.MetricAsync(goal.Metric, context);

    /// <summary>Why there is no value; null if there is one, and before the first day.</summary>
    public static NoValueReason? GetReason([Parent] Goal goal) => (NoValueReason?)goal.NoValue;

    /// <summary>The condition on the facts that count, as a `MetricFilterInput`; null for all.</summary>
    [GraphQLType("Any")]
    public static object? GetWhere([Parent] Goal goal) => goal.Condition is null ? null : JsonSerializer.Deserialize<JsonElement>(goal.Condition);

    /// <summary>The team member who answers for the goal; null if there is none.</summary>
    [UseLookup(nameof(Goal.OwnerId))]
    public static IQueryable<TeamMember> GetOwner(ResolverContext context) => Rows.Of(context).TeamMembers;
}
