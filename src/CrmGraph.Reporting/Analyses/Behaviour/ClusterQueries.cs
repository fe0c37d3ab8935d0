using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Analyses.Behaviour;

[QueryType]
public static class ClusterQueries
{
    private const int LeastK = 2, MostTried = 8, MostK = 10, CustomersForEach = 5;
    private const double Structure = 0.25;

    /// <summary>Natural groups of customers by recency, orders, revenue, order value and tenure.</summary>
    /// <param name="period">Sales that count; all when left out.</param>
    /// <param name="k">How many groups, 2 to 10; the one of 2 to 8 with the best silhouette when left out.</param>
    [UseAnalysis(QueryCosts.Analysis * 2)]
    public static async Task<ClusterAnalysis?> GetClustersAsync(ResolverContext context, PeriodInput? period = null, int? k = null)
    {
        if (k is < LeastK or > MostK)
            throw new GraphQLException(ErrorCodes.InvalidArgument, $"`k` must be between {LeastK} and {MostK}, not {k}.");
        var scope = await AnalysisScope.OfAsync(context);
        var days = scope.Past(period);
        var purchases = await Purchases.ReadAsync(scope, days);
        var behaviour = CustomerBehaviour.Of(purchases, days);
        scope.RefuseSmall(behaviour.Count);
        AnalysisScope.Require(behaviour.Count, CustomersForEach * (k ?? LeastK), "customers with a sale in the period");
        var data = BehaviourData.Of(behaviour);
        var tried = (k is { } given ? [given] : Enumerable.Range(LeastK, MostTried - 1).Where(n => n * CustomersForEach <= behaviour.Count))
            .Select(n => Trial.Of(data.Rows, n)).ToList();
        var best = tried.MaxBy(t => t.Silhouette)!;
        // Numbered by what their customers spend, so that the same data has the same numbers.
        var order = Enumerable.Range(0, best.Model.K).OrderByDescending(c => Mean(behaviour, best.Model, c, BehaviourFeature.Revenue)).ToList();
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
            Trials = [.. tried.Select(t => new ClusterTrial(t.Model.K, t.Silhouette))],
            Clusters = Describe(behaviour, best, order, scope),
            Assigned = [.. behaviour.Select((b, i) => new ClusteredCustomer(b.Customer, order.IndexOf(best.Model.Assigned[i]) + 1))],
        };
    }

    private static IReadOnlyList<Cluster> Describe(IReadOnlyList<CustomerBehaviour> behaviour, Trial trial, List<int> order, AnalysisScope scope)
    {
        var sizes = order.ConvertAll(c => trial.Model.Assigned.Count(a => a == c));
        var hidden = scope.Hidden(sizes);
        return [.. order.Select((c, i) => hidden[i]
            ? new Cluster(i + 1, null, null, null, [], NoValueReason.SuppressedSmallGroup)
            : new Cluster(
                i + 1, sizes[i], sizes[i] / (double)behaviour.Count, trial.Each[c],
                [.. CustomerBehaviour.Features.Select(f => new FeatureMean(f, Mean(behaviour, trial.Model, c, f)))], null))];
    }

    private static double Mean(IReadOnlyList<CustomerBehaviour> behaviour, KMeans model, int cluster, BehaviourFeature feature) => behaviour
        .Where((_, i) => model.Assigned[i] == cluster).Select(b => b.Values[(int)feature]).DefaultIfEmpty().Average();

    private sealed record Trial(KMeans Model, double[] Each, double Silhouette)
    {
        public static Trial Of(IReadOnlyList<double[]> rows, int k)
        {
            var model = KMeans.Of(rows, k);
            var each = model.Silhouettes(rows);
            return new(model, each, each.Select((s, c) => s * model.Assigned.Count(a => a == c)).Sum() / rows.Count);
        }
    }
}

/// <summary>Features of customers on one scale.</summary>
internal static class BehaviourData
{
    /// <exception cref="GraphQLException">ANALYSIS_NO_VARIATION.</exception>
    public static Standardised Of(IReadOnlyList<CustomerBehaviour> behaviour)
    {
        var data = Standardised.Of([.. behaviour.Select(b => b.Values)]);
        return data.Features.Count > 1
            ? data
            : throw new GraphQLException(AnalysisErrorCodes.NoVariation, "These customers all buy alike: fewer than two features vary.");
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
