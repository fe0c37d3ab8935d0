using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Lookups;

namespace CrmGraph.Reporting.Analyses.Abc;

[QueryType]
public static class AbcQueries
{
    /// <summary>Which customers or products make 80 % of the sales (A), which the next 15 % (B), and which the rest (C).</summary>
    /// <param name="of">What is put into classes.</param>
    /// <param name="period">Sales that count; all when left out.</param>
    [UseAnalysis]
    public static async Task<AbcAnalysis?> GetAbcAsync(ResolverContext context, AbcSubject of, PeriodInput? period = null)
    {
        var scope = await AnalysisScope.OfAsync(context);
        var days = scope.Past(period);
        var purchases = of == AbcSubject.Customers ? await Purchases.ReadAsync(scope, days) : await Purchases.ReadLinesAsync(scope, days);
        scope.RefuseSmall(purchases.All.Select(p => p.Customer).Distinct().Count());
        var ranked = Ranked(purchases, of);
        AnalysisScope.Require(ranked.Count, 1, $"{of.ToString().ToLowerInvariant()} with sales in the period");
        var nameless = purchases.All.Count(p => of == AbcSubject.Products && p.Product is null);
        return new()
        {
            N = ranked.Count,
            AsOf = scope.Moment.Now,
            Warnings = AnalysisWarning.When(nameless > 0, AnalysisWarningCode.LeftOut, $"{nameless} lines name no product and are left out."),
            Of = of,
            Period = new(days.From, days.Until, days.Until > scope.Moment.Today),
            Currency = purchases.Currency,
            Classes = Classes(ranked, of == AbcSubject.Customers ? scope.Hidden : counts => new bool[counts.Count]),
            Ranked = ranked,
        };
    }

    /// <summary>The one with the most sales first.</summary>
    internal static List<AbcItem> Ranked(Purchases purchases, AbcSubject of)
    {
        var sums = purchases.All.Where(p => of == AbcSubject.Customers || p.Product is not null)
            .GroupBy(p => of == AbcSubject.Customers ? p.Customer : p.Product!.Value)
            .Select(g => (Id: g.Key, Revenue: g.Sum(p => purchases.Value(p)))).OrderByDescending(s => s.Revenue).ThenBy(s => s.Id).ToList();
        return [.. sums.Zip(Pareto.Classes(sums.ConvertAll(s => s.Revenue)), (s, c) => (s, c)).Select((x, i) => new AbcItem(
            x.s.Id, i + 1, x.s.Revenue, Outcome.Of(x.c.Cumulative).Round(12).Value!.Value, (AbcClass)(x.c.Class - 'A')) { Of = of })];
    }

    private static IReadOnlyList<AbcClassFigures> Classes(IReadOnlyList<AbcItem> ranked, Func<IReadOnlyList<int>, bool[]> hide)
    {
        var classes = Enum.GetValues<AbcClass>();
        var (members, all) = (ranked.ToLookup(i => i.Class), ranked.Sum(i => i.Revenue));
        var hidden = hide([.. classes.Select(c => members[c].Count())]);
        return [.. classes.Select((c, i) => hidden[i]
            ? new AbcClassFigures(c, null, null, null, null, NoValueReason.SuppressedSmallGroup)
            : Figures(c, members[c].Count(), members[c].Sum(m => m.Revenue), (ranked.Count, all)))];
    }

    private static AbcClassFigures Figures(AbcClass of, int count, decimal revenue, (int Count, decimal Revenue) all)
    {
        var share = Outcome.Ratio(Outcome.Of(revenue), Outcome.Of(all.Revenue)).Round(12);
        return new(of, count, revenue, Outcome.Of((decimal)count / all.Count).Round(12).Value, share.Value, share.Reason);
    }
}

[ObjectType<AbcAnalysis>]
public static class AbcAnalysisFields
{
    /// <summary>Customers or products, the one with the most sales first.</summary>
    /// <param name="only">Items of this class alone.</param>
    /// <param name="first">How many are shown at most.</param>
    /// <param name="offset">How many are passed over.</param>
    [ListSize(AssumedSize = 1_000, SlicingArguments = ["first"])]
    public static IReadOnlyList<AbcItem> GetItems(
        [Parent] AbcAnalysis analysis, ResolverContext context, [GraphQLName("class")] AbcClass? only = null, int first = 50, int offset = 0) =>
        AnalysisList.Part(analysis.Ranked.Where(i => only is null || i.Class == only), context, first, offset);
}

[ObjectType<AbcItem>]
public static class AbcItemFields
{
    /// <summary>Null where products are ranked.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Customer?>> GetCustomerAsync([Parent] IReadOnlyList<AbcItem> items, ResolverContext context) => BatchLookup.OneAsync(
        items, i => i.Of == AbcSubject.Customers ? i.Id : null, Rows.Of(context).Customers, c => c.Id, context.CancellationToken);

    /// <summary>Null where customers are ranked.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Product?>> GetProductAsync([Parent] IReadOnlyList<AbcItem> items, ResolverContext context) => BatchLookup.OneAsync(
        items, i => i.Of == AbcSubject.Products ? i.Id : null, Rows.Of(context).Products, p => p.Id, context.CancellationToken);
}
