using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Goals;

/// <summary>A goal to create.</summary>
/// <param name="Name">The name of the goal.</param>
/// <param name="Description">What the goal is for.</param>
/// <param name="Metric">The key of the metric, as in `metricCatalog`.</param>
/// <param name="Where">Which facts count; all if omitted.</param>
/// <param name="Baseline">The value at the start.</param>
/// <param name="Target">The value to be reached; money in the reporting currency.</param>
/// <param name="StartDay">The first day that counts.</param>
/// <param name="Deadline">The last day that counts.</param>
/// <param name="Owner">The ID of the team member who answers for the goal.</param>
public sealed record GoalInput(
    string Name, string? Description, string Metric, [property: GraphQLType("MetricFilterInput")] InputObject? Where, decimal? Baseline, decimal Target,
    DateOnly StartDay, DateOnly Deadline, [property: ID<TeamMember>] Guid? Owner);

/// <summary>What changes of a goal. Omitted fields keep their values.</summary>
/// <param name="Name">The new name.</param>
/// <param name="Description">The new description.</param>
/// <param name="Where">The new condition on the facts that count.</param>
/// <param name="Baseline">The new value at the start.</param>
/// <param name="Target">The new value to be reached.</param>
/// <param name="Deadline">The new last day.</param>
/// <param name="Owner">The ID of the new team member who answers for it.</param>
public sealed record GoalChangeInput(
    string? Name, string? Description, [property: GraphQLType("MetricFilterInput")] InputObject? Where, decimal? Baseline, decimal? Target,
    DateOnly? Deadline, [property: ID<TeamMember>] Guid? Owner);

[MutationType]
[Error<ValidationException>, Error<NotFoundException>]
public static class GoalMutations
{
    /// <summary>Saves a goal.</summary>
    /// <param name="goal">The goal.</param>
    [Authorize(Roles = [nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<Goal> CreateGoalAsync(GoalInput goal, [Service] GoalStore store, ResolverContext context) => store.CreateAsync(
        new()
        {
            Name = goal.Name,
            Description = goal.Description,
            Metric = goal.Metric,
            Baseline = goal.Baseline is { } baseline ? GoalStore.Stored(baseline, "baseline") : null,
            Target = GoalStore.Stored(goal.Target, "target"),
            StartDay = goal.StartDay,
            Deadline = goal.Deadline,
            OwnerId = goal.Owner,
        },
        goal.Where,
        context);

    /// <summary>Changes a goal. What it was before stays in the history of the database.</summary>
    /// <param name="change">What changes.</param>
    [Authorize(Roles = [nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<Goal> UpdateGoalAsync([ID<Goal>] Guid id, GoalChangeInput change, [Service] GoalStore store, ResolverContext context) =>
        store.UpdateAsync(
            id,
            goal =>
            {
                goal.Name = change.Name ?? goal.Name;
                goal.Description = change.Description ?? goal.Description;
                goal.Baseline = change.Baseline is { } baseline ? GoalStore.Stored(baseline, "baseline") : goal.Baseline;
                goal.Target = change.Target is { } target ? GoalStore.Stored(target, "target") : goal.Target;
                goal.Deadline = change.Deadline ?? goal.Deadline;
                goal.OwnerId = change.Owner ?? goal.OwnerId;
            },
            change.Where,
            context);

    /// <summary>Deletes a goal.</summary>
    [Authorize(Roles = [nameof(Role.Manager), nameof(Role.Analyst), nameof(Role.Administrator)])]
    public static Task<Goal> DeleteGoalAsync([ID<Goal>] Guid id, [Service] GoalStore store, ResolverContext context) => store.DeleteAsync(id, context);
}
