using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Analyses.Behaviour;
using CrmGraph.Reporting.Analyses.LifetimeValue;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Analyses.Scores;

/// <summary>The models of repeat buying and spending that were fitted to all customers.</summary>
internal sealed record LifetimeFit(int Customers, int RepeatCustomers, BgNbd Buying, GammaGamma? Spending, double LogLikelihood, double? HoldoutError)
{
    public const LifetimeUnit Unit = LifetimeUnit.Week;

    public static LifetimeFit Of(LifetimeValueModel model) =>
        new(model.N, model.RepeatCustomers, model.Buying, model.Spending, model.LogLikelihood, model.HoldoutError);
}

/// <summary>The models that customers are scored by. They are fitted once a day and serve until the next fit.</summary>
/// <param name="Day">The last day whose sales they were fitted to.</param>
/// <param name="NoLifetime">Why there is no fit.</param>
/// <param name="NoClusters">Why there are no clusters.</param>
internal sealed record ScoreModels(
    DateTime FittedAt, DateOnly Day, LifetimeFit? Lifetime, string? NoLifetime, ClusterModel? Clusters, string? NoClusters)
{
    public static ScoreModels Fit(AnalysisScope scope, Purchases purchases, DayRange days)
    {
        var (lifetime, noLifetime) = Try(() => LifetimeFit.Of(LifetimeValueQueries.Fit(scope, purchases, days, LifetimeFit.Unit)));
        var (clusters, noClusters) = Try(() => ClusterSearch.Of(CustomerBehaviour.Of(purchases, days), null).Model);
        return new(scope.Moment.Now, days.Until.AddDays(-1), lifetime, noLifetime, clusters, noClusters);
    }

    private static (T? Found, string? Reason) Try<T>(Func<T> find) where T : class
    {
        try
        {
            return (find(), null);
        }
        catch (GraphQLException none)
        {
            return (null, none.Message);
        }
    }
}
