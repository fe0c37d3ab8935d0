using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Goals;

/// <summary>Creates, changes and deletes goals. A goal is tried before it is saved: its metric must be able to tell its condition.</summary>
public sealed class GoalStore(CrmDbContext database, CrmLimits limits)
{
    public async Task<Goal> CreateAsync(Goal goal, InputObject? where, ResolverContext context)
    {
        if (await database.Goals.CountAsync(context.CancellationToken) >= limits.Goals)
            throw new ValidationException(GoalCodes.TooMany, $"There are {limits.Goals} goals already; delete those that are over.", null);
        goal.Id = Guid.CreateVersion7();
        await CheckAsync(goal, where, context);
        database.Goals.Add(goal);
        await database.SaveChangesAsync(context.CancellationToken);
        return goal;
    }

    public async Task<Goal> UpdateAsync(Guid id, Action<Goal> change, InputObject? where, ResolverContext context)
    {
        var goal = await FindAsync(id, context.CancellationToken);
        change(goal);
        await CheckAsync(goal, where, context);
        await database.SaveChangesAsync(context.CancellationToken);
        return goal;
    }

    public async Task<Goal> DeleteAsync(Guid id, ResolverContext context)
    {
        var goal = await FindAsync(id, context.CancellationToken);
        database.Goals.Remove(goal);
        await database.SaveChangesAsync(context.CancellationToken);
        await GoalProgress.OfAsync([goal], context);
        return goal;
    }

    /// <summary>A number as it is kept.</summary>
    public static long Stored(decimal value, string field)
    {
        if (Math.Abs(value) >= FixedPoint.ToDecimal(long.MaxValue) || decimal.Round(value, FixedPoint.MoneyDigits) != value)
            throw Invalid($"A goal's numbers have at most {FixedPoint.MoneyDigits} decimals and lie below 922337203685477, unlike {value}.", field);
        return FixedPoint.FromDecimal(value);
    }

    private async Task CheckAsync(Goal goal, InputObject? where, ResolverContext context)
    {
        if (string.IsNullOrWhiteSpace(goal.Name) || goal.Name.Length > limits.NameCharacters || !FoldedText.IsStorable(goal.Name))
            throw Invalid($"A goal needs a name of at most {limits.NameCharacters} characters.", "name");
        if (goal.Description is { } text && (text.Length > limits.TextCharacters || !FoldedText.IsStorable(text)))
            throw Invalid($"A description has at most {limits.TextCharacters} characters, none of them U+0000.", "description");
        if (await GoalProgress.MetricAsync(goal.Metric, context) is null)
            throw Invalid($"There is no metric \"{goal.Metric}\"; metricCatalog lists those that exist.", "metric");
        if (goal.Deadline < goal.StartDay || goal.StartDay < Periods.Calendar.From || goal.Deadline >= Periods.Calendar.Until)
            throw Invalid("The deadline is the first day or a later one, within the years 1900 to 2199.", "deadline");
        if (goal.OwnerId is { } owner && !await database.TeamMembers.AnyAsync(m => m.Id == owner, context.CancellationToken))
            throw Invalid("There is no such team member.", "owner");
        if (where is not null)
            goal.Condition = FilterJson.Write(where);
        try
        {
            await GoalProgress.OfAsync([goal], context);
        }
        catch (GraphQLException e)
        {
            throw Invalid(e.Message, "where");
        }

        if (goal.NoValue is NoValueReason.UnsupportedFilter)
            throw Invalid($"The metric \"{goal.Metric}\" does not support a condition of `where`.", "where");
    }

    private async Task<Goal> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await database.Goals.SingleOrDefaultAsync(g => g.Id == id, cancellationToken) ?? throw NotFoundException.Of("goal", id.ToString());

    private static ValidationException Invalid(string message, string field) => new(GoalCodes.Invalid, message, field);
}
