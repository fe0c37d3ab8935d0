using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Segments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Analyses.Behaviour;

[QueryType]
public static class LookalikeQueries
{
    private const int LeastMembers = 5, Neighbours = 5, MostMembers = 1_000;

    /// <summary>Customers outside a segment who buy as its members do.</summary>
    /// <param name="segment">Whose members are the pattern, as far as the caller may see them.</param>
    /// <param name="period">Sales that count; all when left out.</param>
    [UseAnalysis(QueryCosts.Analysis * 2)]
    public static async Task<LookalikeAnalysis?> GetLookalikesAsync(ResolverContext context, [ID<Segment>] Guid segment, PeriodInput? period = null)
    {
        var scope = await AnalysisScope.OfAsync(context);
        var conditions = await context.Services.GetRequiredService<SegmentFilters>().OfAsync(
            [segment], await FilterContext.OfAsync(context), context.CancellationToken);
        var inside = (await scope.Customers.Where(conditions[segment]).Select(c => c.Id).ToListAsync(context.CancellationToken)).ToHashSet();
        var days = scope.Past(period);
        var behaviour = CustomerBehaviour.Of(await Purchases.ReadAsync(scope, days), days);
        var members = behaviour.Count(b => inside.Contains(b.Customer));
        scope.RefuseSmall(members);
        AnalysisScope.Require(members, LeastMembers, "members with a sale in the period");
        var data = BehaviourData.Of(behaviour);
        var found = Find(behaviour, data, inside);
        return new()
        {
            N = members,
            AsOf = scope.Moment.Now,
            Warnings = AnalysisWarning.When(members > MostMembers, AnalysisWarningCode.LeftOut,
                $"Customers are held against {MostMembers} of the {members} members, taken at even distances."),
            Period = new(days.From, days.Until, days.Until > scope.Moment.Today),
            Candidates = found.Count,
            Found = found,
        };
    }

    private static List<Lookalike> Find(IReadOnlyList<CustomerBehaviour> behaviour, Standardised data, HashSet<Guid> inside)
    {
        var members = data.Rows.Where((_, i) => inside.Contains(behaviour[i].Customer)).ToList();
        var step = (members.Count + MostMembers - 1) / MostMembers;
        var pattern = members.Where((_, i) => i % step == 0).ToList();
        return
        [
            .. behaviour.Index().Where(b => !inside.Contains(b.Item.Customer)).Select(b =>
            {
                var distance = pattern.Select(m => Standardised.SquaredDistance(m, data.Rows[b.Index])).Order().Take(Neighbours).Average(Math.Sqrt);
                return new Lookalike(b.Item.Customer, distance, 1 / (1 + distance));
            }).OrderBy(l => l.Distance).ThenBy(l => l.CustomerId),
        ];
    }
}

[ObjectType<LookalikeAnalysis>]
public static class LookalikeAnalysisFields
{
    /// <summary>Those most alike first.</summary>
    /// <param name="first">How many are shown at most.</param>
    /// <param name="offset">How many are passed over.</param>
    [ListSize(AssumedSize = 1_000, SlicingArguments = ["first"])]
    public static IReadOnlyList<Lookalike> GetCustomers([Parent] LookalikeAnalysis analysis, ResolverContext context, int first = 50, int offset = 0) =>
        AnalysisList.Part(analysis.Found, context, first, offset);
}

[ObjectType<Lookalike>]
public static class LookalikeFields
{
    /// <summary>Whom this is of.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Customer?>> GetCustomerAsync([Parent] IReadOnlyList<Lookalike> customers, ResolverContext context) =>
        CustomersOfItems.OfAsync(customers, context);
}
