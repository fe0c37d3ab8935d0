using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Analyses.Behaviour;

[QueryType]
public static class FactorQueries
{
    private const int Least = 10, Reliable = 50;

    /// <summary>What recency, orders, revenue, order value and tenure of customers have in common: principal components of their logarithms.</summary>
    /// <param name="period">Sales that count; all when left out.</param>
    [UseAnalysis]
    public static async Task<FactorAnalysis?> GetFactorsAsync(ResolverContext context, PeriodInput? period = null)
    {
        var scope = await AnalysisScope.OfAsync(context);
        var days = scope.Past(period);
        var behaviour = CustomerBehaviour.Of(await Purchases.ReadAsync(scope, days), days);
        scope.RefuseSmall(behaviour.Count);
        AnalysisScope.Require(behaviour.Count, Least, "customers with a sale in the period");
        var data = BehaviourData.Of(behaviour);
        var components = PrincipalComponent.Of(data);
        return new()
        {
            N = behaviour.Count,
            AsOf = scope.Moment.Now,
            Warnings =
            [
                .. AnalysisWarning.When(behaviour.Count < Reliable, AnalysisWarningCode.SmallSample,
                    $"{behaviour.Count} customers; loadings of fewer than {Reliable} differ much from sample to sample."),
                .. AnalysisWarning.When(data.Features.Count < CustomerBehaviour.Features.Length, AnalysisWarningCode.LeftOut,
                    "Features that do not vary are left out."),
            ],
            Period = new(days.From, days.Until, days.Until > scope.Moment.Today),
            Components = [.. components.Select((c, i) => new Factor(
                i + 1, c.Variance, c.Share, components.Take(i + 1).Sum(b => b.Share),
                [.. c.Loadings.Select((l, j) => new FeatureLoading(CustomerBehaviour.Features[data.Features[j]], l))]))],
        };
    }
}
