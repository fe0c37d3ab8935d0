using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Analyses.Numerics;

namespace CrmGraph.Reporting.Analyses.Behaviour;

/// <summary>Groups of customers, told by the centre that is nearest.</summary>
/// <param name="Centres">The one whose customers spend the most first.</param>
internal sealed record ClusterModel(IReadOnlyList<FeatureScale> Scales, IReadOnlyList<double[]> Centres, double Silhouette)
{
    /// <summary>The number of the customer's group, from 1.</summary>
    public int NumberOf(CustomerBehaviour customer)
    {
        var row = FeatureScale.Row(Scales, customer.Values);
        return 1 + Enumerable.Range(0, Centres.Count).MinBy(c => Standardised.SquaredDistance(row, Centres[c]));
    }
}

/// <summary>A number of groups that was tried.</summary>
/// <param name="Each">The silhouette of each group.</param>
internal sealed record ClusterAttempt(KMeans Model, double[] Each, double Silhouette)
{
    public static ClusterAttempt Of(IReadOnlyList<double[]> rows, int k)
    {
        var model = KMeans.Of(rows, k);
        var each = model.Silhouettes(rows);
        return new(model, each, each.Select((s, c) => s * model.Assigned.Count(a => a == c)).Sum() / rows.Count);
    }
}

/// <summary>The search for natural groups. No database here.</summary>
/// <param name="Order">Groups numbered by what their customers spend, so that the same data has the same numbers.</param>
internal sealed record ClusterSearch(
    IReadOnlyList<CustomerBehaviour> Behaviour, Standardised Data, IReadOnlyList<ClusterAttempt> Tried, ClusterAttempt Best, IReadOnlyList<int> Order)
{
    public const int LeastK = 2;
    private const int MostTried = 8, CustomersForEach = 5;

    public ClusterModel Model => new(Data.Scales, [.. Order.Select(c => Best.Model.Centres[c])], Best.Silhouette);

    /// <param name="k">How many groups; the number of 2 to 8 with the best silhouette when null.</param>
    /// <exception cref="GraphQLException">ANALYSIS_TOO_FEW, ANALYSIS_NO_VARIATION.</exception>
    public static ClusterSearch Of(IReadOnlyList<CustomerBehaviour> behaviour, int? k)
    {
        AnalysisScope.Require(behaviour.Count, CustomersForEach * (k ?? LeastK), "customers with a sale in the period");
        var data = BehaviourData.Of(behaviour);
        var tried = (k is { } given ? [given] : Enumerable.Range(LeastK, MostTried - 1).Where(n => n * CustomersForEach <= behaviour.Count))
            .Select(n => ClusterAttempt.Of(data.Rows, n)).ToList();
        var best = tried.MaxBy(t => t.Silhouette)!;
        var found = new ClusterSearch(behaviour, data, tried, best, []);
        return found with { Order = [.. Enumerable.Range(0, best.Model.K).OrderByDescending(c => found.Mean(c, BehaviourFeature.Revenue))] };
    }

    /// <summary>The number of a row's group, from 1.</summary>
    public int NumberOf(int row) => Order.Index().First(o => o.Item == Best.Model.Assigned[row]).Index + 1;

    public double Mean(int cluster, BehaviourFeature feature) => Behaviour
        .Where((_, i) => Best.Model.Assigned[i] == cluster).Select(b => b.Values[(int)feature]).DefaultIfEmpty().Average();
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
