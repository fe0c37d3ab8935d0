using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Analyses.Behaviour;

[QueryType]
public static class ClusterQueries
{
    private const int MostK = 10;
    private const double Structure = 0.25;

    /// <summary>Natural groups of customers by recency, orders, revenue, order value and tenure.</summary>
    /// <param name="period">Sales that count; all when left out.</param>
    /// <param name="k">How many groups, 2 to 10; the one of 2 to 8 with the best silhouette when left out.</param>
    [UseAnalysis(QueryCosts.Analysis * 2)]
    public static async Task<ClusterAnalysis?> GetClustersAsync(ResolverContext context, PeriodInput? period = null, int? k = null)
    {
        if (k is < ClusterSearch.LeastK or > MostK)
            throw new GraphQLException(ErrorCodes.InvalidArgument, $"`k` must be between {ClusterSearch.LeastK} and {MostK}, not {k}.");
        var scope = await AnalysisScope.OfAsync(context);
        var days = scope.Past(period);
        var purchases = await Purchases.ReadAsync(scope, days);
        var behaviour = CustomerBehaviour.Of(purchases, days);
        scope.RefuseSmall(behaviour.Count);
        var found = ClusterSearch.Of(behaviour, k);
        var best = found.Best;
        return new()
        {
            N = behaviour.Count,
            AsOf = scope.Moment.Now,
            Warnings = AnalysisWarning.When(best.Silhouette < Structure, AnalysisWarningCode.PoorFit,
                $"The silhouette is {best.Silhouette:0.00}: these customers hardly fall into groups."),
            Period = new(days.From, days.Until, days.Until > scope.Moment.Today),
            Currency = purchases.Currency,
            K = best.Model.K,
            Silhouette = best.Silhouette,
            Trials = [.. found.Tried.Select(t => new ClusterTrial(t.Model.K, t.Silhouette))],
            Clusters = Describe(found, scope),
            Assigned = [.. behaviour.Select((b, i) => new ClusteredCustomer(b.Customer, found.NumberOf(i)))],
        };
    }

    private static IReadOnlyList<Cluster> Describe(ClusterSearch found, AnalysisScope scope)
    {
        var sizes = found.Order.Select(c => found.Best.Model.Assigned.Count(a => a == c)).ToList();
        var hidden = scope.Hidden(sizes);
        return [.. found.Order.Select((c, i) => hidden[i]
            ? new Cluster(i + 1, null, null, null, [], NoValueReason.SuppressedSmallGroup)
            : new Cluster(
                i + 1, sizes[i], sizes[i] / (double)found.Behaviour.Count, found.Best.Each[c],
                [.. CustomerBehaviour.Features.Select(f => new FeatureMean(f, found.Mean(c, f)))], null))];
    }
}

[ObjectType<ClusterAnalysis>]
public static class ClusterAnalysisFields
{
    /// <summary>Customers with their groups.</summary>
    /// <param name="cluster">Only those of this number.</param>
    /// <param name="first">How many are shown at most.</param>
    /// <param name="offset">How many are passed over.</param>
    [ListSize(AssumedSize = 1_000, SlicingArguments = ["first"])]
    public static IReadOnlyList<ClusteredCustomer> GetCustomers(
        [Parent] ClusterAnalysis analysis, ResolverContext context, int? cluster = null, int first = 50, int offset = 0) =>
        AnalysisList.Part(analysis.Assigned.Where(c => cluster is null || c.Cluster == cluster), context, first, offset);
}

[ObjectType<ClusteredCustomer>]
public static class ClusteredCustomerFields
{
    /// <summary>Whom this is of.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Customer?>> GetCustomerAsync([Parent] IReadOnlyList<ClusteredCustomer> customers, ResolverContext context) =>
        CustomersOfItems.OfAsync(customers, context);
}
