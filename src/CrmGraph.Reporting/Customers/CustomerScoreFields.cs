using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Customers;

/// <summary>The scores that are kept of customers.</summary>
[ObjectType<Customer>]
public static class CustomerScoreFields
{
    /// <summary>
    /// The score of recency among all customers, 1 to 5, 5 for the most recent fifth; null for whoever has not bought. The scores of a customer are kept:
    /// they are those that `rfm`, `abc`, `clusters` and `lifetimeValueModel` gave for all customers at `customerScoring.asOf`, and null for newer customers.
    /// </summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerScores.CustomerId), Shows = nameof(CustomerScores.RecencyScore))]
    public static IQueryable<CustomerScores> GetRecencyScore(ResolverContext context) => Rows.Of(context).CustomerScores;

    /// <summary>The score of the number of sales, 1 to 5, kept as `recencyScore`.</summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerScores.CustomerId), Shows = nameof(CustomerScores.FrequencyScore))]
    public static IQueryable<CustomerScores> GetFrequencyScore(ResolverContext context) => Rows.Of(context).CustomerScores;

    /// <summary>The score of the money spent, 1 to 5, kept as `recencyScore`.</summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerScores.CustomerId), Shows = nameof(CustomerScores.MonetaryScore))]
    public static IQueryable<CustomerScores> GetMonetaryScore(ResolverContext context) => Rows.Of(context).CustomerScores;

    /// <summary>The group by recency, frequency and money, kept as `recencyScore`; PROSPECTS for whoever has not bought.</summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerScores.CustomerId), Shows = nameof(CustomerScores.RfmGroup))]
    public static IQueryable<CustomerScores> GetRfmGroup(ResolverContext context) => Rows.Of(context).CustomerScores;

    /// <summary>The class by the share of all sales, kept as `recencyScore`; null for whoever has not bought.</summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerScores.CustomerId), Shows = nameof(CustomerScores.ValueClass))]
    public static IQueryable<CustomerScores> GetValueClass(ResolverContext context) => Rows.Of(context).CustomerScores;

    /// <summary>The number of the natural group by buying behaviour, kept as `recencyScore`: 1 for those who spend the most, null for whoever has not bought.</summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerScores.CustomerId), Shows = nameof(CustomerScores.Cluster))]
    public static IQueryable<CustomerScores> GetCluster(ResolverContext context) => Rows.Of(context).CustomerScores;

    /// <summary>The chance, 0 to 1, that the customer has not left for good, by the kept BG/NBD model; null without a model or a purchase.</summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerScores.CustomerId), Shows = nameof(CustomerScores.ProbabilityAlive))]
    public static IQueryable<CustomerScores> GetProbabilityAlive(ResolverContext context) => Rows.Of(context).CustomerScores;

    /// <summary>Purchases to be expected within 52 weeks, by the kept BG/NBD model; null without a model or a purchase.</summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerScores.CustomerId), Shows = nameof(CustomerScores.ExpectedOrders))]
    public static IQueryable<CustomerScores> GetExpectedOrders(ResolverContext context) => Rows.Of(context).CustomerScores;

    /// <summary>What is expected to be spent within 52 weeks, discounted by 10 % a year, in `customerScoring.currency`; null without a model or a purchase.</summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerScores.CustomerId), Shows = nameof(CustomerScores.PredictedValue))]
    public static IQueryable<CustomerScores> GetPredictedValue(ResolverContext context) => Rows.Of(context).CustomerScores;

    /// <summary>As `predictedValue`, within 104 weeks.</summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerScores.CustomerId), Shows = nameof(CustomerScores.PredictedValueTwoYears))]
    public static IQueryable<CustomerScores> GetPredictedValueTwoYears(ResolverContext context) => Rows.Of(context).CustomerScores;

    /// <summary>As `predictedValue`, within 156 weeks.</summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerScores.CustomerId), Shows = nameof(CustomerScores.PredictedValueThreeYears))]
    public static IQueryable<CustomerScores> GetPredictedValueThreeYears(ResolverContext context) => Rows.Of(context).CustomerScores;
}

/// <summary>Conditions on the scores that are kept of customers.</summary>
[FilterFields<Customer>]
public static class CustomerScoreFilterFields
{
    public static IEnumerable<FilterField> Fields(FilterTypes types)
    {
        yield return Kept("recencyScore", FilterKind.Number, () => types.Int, c => c.Scores == null ? null : c.Scores.RecencyScore)
            .With("The kept score of recency, 1 to 5.");
        yield return Kept("frequencyScore", FilterKind.Number, () => types.Int, c => c.Scores == null ? null : c.Scores.FrequencyScore)
            .With("The kept score of the number of sales, 1 to 5.");
        yield return Kept("monetaryScore", FilterKind.Number, () => types.Int, c => c.Scores == null ? null : c.Scores.MonetaryScore)
            .With("The kept score of the money spent, 1 to 5.");
        yield return Kept("rfmGroup", FilterKind.Enum, () => types.Enum(typeof(RfmGroup)), c => c.Scores == null ? null : c.Scores.RfmGroup)
            .With("The kept group by recency, frequency and money.");
        yield return Kept("valueClass", FilterKind.Enum, () => types.Enum(typeof(AbcClass)), c => c.Scores == null ? null : c.Scores.ValueClass)
            .With("The kept class by the share of all sales.");
        yield return Kept("cluster", FilterKind.Number, () => types.Int, c => c.Scores == null ? null : c.Scores.Cluster)
            .With("The number of the kept natural group.");
        yield return Kept("probabilityAlive", FilterKind.Decimal, () => types.Decimal,
                c => c.Scores == null ? null : c.Scores.ProbabilityAlive, CustomerScores.ChanceDigits)
            .With("The kept chance that the customer has not left for good, 0 to 1.");
        yield return Kept("expectedOrders", FilterKind.Decimal, () => types.Decimal,
                c => c.Scores == null ? null : c.Scores.ExpectedOrders, CustomerScores.ChanceDigits)
            .With("The purchases to be expected within 52 weeks.");
        yield return Kept("predictedValue", FilterKind.Decimal, () => types.Decimal,
                c => c.Scores == null ? null : c.Scores.PredictedValue, FixedPoint.MoneyDigits)
            .With("The value of the purchases to be expected within 52 weeks.");
        yield return Kept("predictedValueTwoYears", FilterKind.Decimal, () => types.Decimal,
                c => c.Scores == null ? null : c.Scores.PredictedValueTwoYears, FixedPoint.MoneyDigits)
            .With("The value of the purchases to be expected within 104 weeks.");
        yield return Kept("predictedValueThreeYears", FilterKind.Decimal, () => types.Decimal,
                c => c.Scores == null ? null : c.Scores.PredictedValueThreeYears, FixedPoint.MoneyDigits)
            .With("The value of the purchases to be expected within 156 weeks.");
    }

    private static OperandFilterField Kept<T>(
        string name, FilterKind kind, Func<InputObjectType> type, Expression<Func<Customer, T>> value, int digits = 0) =>
        FilterTypes.Value(name, kind, type, _ => value, digits, QueryCosts.Kept);
}

/// <summary>Orders by the scores that are kept of customers.</summary>
[SortFields<Customer>]
public static class CustomerScoreSortFields
{
    public static IEnumerable<SortField> Fields()
    {
        yield return Kept("recencyScore", c => c.Scores!.RecencyScore, "The kept score of recency, 1 to 5.");
        yield return Kept("frequencyScore", c => c.Scores!.FrequencyScore, "The kept score of the number of sales, 1 to 5.");
        yield return Kept("monetaryScore", c => c.Scores!.MonetaryScore, "The kept score of the money spent, 1 to 5.");
        yield return Kept("rfmGroup", c => c.Scores!.RfmGroup, "The kept group by recency, frequency and money: CHAMPIONS, the best, are first ascending.");
        yield return Kept("valueClass", c => c.Scores!.ValueClass, "The kept class by the share of all sales, A to C.");
        yield return Kept("cluster", c => c.Scores!.Cluster, "The number of the kept natural group.");
        yield return Kept("probabilityAlive", c => c.Scores!.ProbabilityAlive, "The kept chance that the customer has not left for good, 0 to 1.");
        yield return Kept("expectedOrders", c => c.Scores!.ExpectedOrders, "The purchases to be expected within 52 weeks.");
        yield return Kept("predictedValue", c => c.Scores!.PredictedValue, "The value of the purchases to be expected within 52 weeks.");
        yield return Kept("predictedValueTwoYears", c => c.Scores!.PredictedValueTwoYears, "The value of the purchases to be expected within 104 weeks.");
        yield return Kept("predictedValueThreeYears", c => c.Scores!.PredictedValueThreeYears, "The value of the purchases to be expected within 156 weeks.");
    }

    private static SortField Kept<T>(string name, Expression<Func<Customer, T>> value, string description) =>
        SortField.Of(name, _ => value, true, description) with { IsIndexed = false };
}
