using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Lookups;

namespace CrmGraph.Reporting.Analyses.Baskets;

[QueryType]
public static class BasketQueries
{
    private const int MostPairs = 2_000_000, ReliableOrders = 100;

    /// <summary>Which products are bought together in one sale.</summary>
    /// <param name="period">Sales that count; all when left out.</param>
    /// <param name="minimumSupport">The share of sales that must have both.</param>
    /// <param name="minimumConfidence">The share of sales with the one that must have the other.</param>
    [UseAnalysis]
    public static async Task<BasketAnalysis?> GetBasketAsync(
        ResolverContext context, PeriodInput? period = null, [DefaultValue("0.01")] double minimumSupport = 0.01,
        [DefaultValue("0.1")] double minimumConfidence = 0.1)
    {
        AnalysisScope.Check(minimumSupport is > 0 and <= 1, "`minimumSupport` is more than 0 and at most 1.");
        AnalysisScope.Check(minimumConfidence is >= 0 and <= 1, "`minimumConfidence` is 0 to 1.");
        var scope = await AnalysisScope.OfAsync(context);
        var days = scope.Past(period);
        var lines = await ReadAsync(scope, days);
        scope.RefuseSmall(lines.Select(l => l.Customer).Distinct().Count());
        var products = lines.Select(l => l.Product).Distinct().Order().ToList();
        var numbers = products.Index().ToDictionary(p => p.Item, p => p.Index);
        var baskets = lines.GroupBy(l => l.Order).Select(g => (g.First().Customer, Items: g.Select(l => numbers[l.Product]).Distinct().ToArray())).ToList();
        AnalysisScope.Require(baskets.Count, 1, "sales that name a product");
        var rules = BasketRules.Of([.. baskets.Select(b => b.Items)], minimumSupport, minimumConfidence, MostPairs) ?? throw new GraphQLException(
            AnalysisErrorCodes.TooLarge, $"There are more than {MostPairs} pairs of products; raise `minimumSupport` or shorten the period.");
        return new()
        {
            N = baskets.Count,
            AsOf = scope.Moment.Now,
            Warnings = AnalysisWarning.When(baskets.Count < ReliableOrders, AnalysisWarningCode.SmallSample,
                $"{baskets.Count} sales; a lift of fewer than {ReliableOrders} is mostly chance."),
            Period = new(days.From, days.Until, days.Until > scope.Moment.Today),
            Found =
            [
                .. rules.Where(r => !scope.Suppresses || !scope.IsSmall(Buyers(baskets, r)))
                    .Select(r => new ProductRule(products[r.Antecedent], products[r.Consequent], r.Together, r.Support, r.Confidence, r.Lift)),
            ],
        };
    }

    private static int Buyers(List<(Guid Customer, int[] Items)> baskets, BasketRule rule) =>
        baskets.Where(b => b.Items.Contains(rule.Antecedent) && b.Items.Contains(rule.Consequent)).Select(b => b.Customer).Distinct().Count();

    private static Task<List<Line>> ReadAsync(AnalysisScope scope, DayRange days)
    {
        var (from, until) = days;
        return scope.ReadAsync(scope.Rows.OrderLines
            .Where(l => l.Kind == OrderKind.Sale && l.CancelledAt == null && l.ProductId != null && l.Day >= from && l.Day < until)
            .Join(scope.Customers, l => l.CustomerId, c => c.Id, (l, c) => new Line(l.CustomerId, l.OrderId, l.ProductId!.Value)));
    }

    private readonly record struct Line(Guid Customer, Guid Order, Guid Product);
}

[ObjectType<BasketAnalysis>]
public static class BasketAnalysisFields
{
    /// <summary>Rules by lift, the greatest first.</summary>
    /// <param name="first">How many are shown at most.</param>
    /// <param name="offset">How many are passed over.</param>
    [ListSize(AssumedSize = 1_000, SlicingArguments = ["first"])]
    public static IReadOnlyList<ProductRule> GetRules([Parent] BasketAnalysis analysis, ResolverContext context, int first = 50, int offset = 0) =>
        AnalysisList.Part(analysis.Found, context, first, offset);
}

[ObjectType<ProductRule>]
public static class ProductRuleFields
{
    /// <summary>The product that is bought.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Product?>> GetAntecedentAsync([Parent] IReadOnlyList<ProductRule> rules, ResolverContext context) =>
        BatchLookup.OneAsync(rules, r => r.AntecedentId, Rows.Of(context).Products, p => p.Id, context.CancellationToken);

    /// <summary>The product that is bought with it.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Product?>> GetConsequentAsync([Parent] IReadOnlyList<ProductRule> rules, ResolverContext context) =>
        BatchLookup.OneAsync(rules, r => r.ConsequentId, Rows.Of(context).Products, p => p.Id, context.CancellationToken);
}
