using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Analyses.LifetimeValue;

[QueryType]
public static class LifetimeValueQueries
{
    private const int LeastCustomers = 30, LeastRepeats = 10, ReliableCustomers = 300;

    /// <summary>How often customers will buy again and what that is worth, by BG/NBD with Gamma-Gamma fitted to the company's own orders.</summary>
    /// <param name="period">Customers whose first sale lies in it, and their sales up to its end; all when left out.</param>
    /// <param name="unit">The unit of time of the parameters; predictions hardly depend on it.</param>
    [UseAnalysis(QueryCosts.Analysis * 2)]
    public static async Task<LifetimeValueModel?> GetLifetimeValueModelAsync(
        ResolverContext context, PeriodInput? period = null, [DefaultValue("WEEK")] LifetimeUnit unit = LifetimeUnit.Week)
    {
        var scope = await AnalysisScope.OfAsync(context);
        var past = scope.Past(period);
        var (from, until) = past;
        var purchases = await Purchases.ReadAsync(
            scope.For(c => c.Figures!.FirstPurchaseDay >= from && c.Figures.FirstPurchaseDay < until), past);
        return Fit(scope, purchases, past, unit);
    }

    /// <param name="purchases">Of customers whose first sale is among them.</param>
    /// <exception cref="GraphQLException">Why there is no model: ANALYSIS_TOO_FEW and other codes of analyses.</exception>
    internal static LifetimeValueModel Fit(AnalysisScope scope, Purchases purchases, DayRange past, LifetimeUnit unit)
    {
        var (from, until) = past;
        var days = LifetimeHistories.Days(purchases.All.Where(p => p.IsSale), p => purchases.Value(p));
        scope.RefuseSmall(days.Count);
        AnalysisScope.Require(days.Count, LeastCustomers, "customers whose first sale lies in the period");
        var histories = LifetimeHistories.AsOf(days, until, unit);
        var repeated = histories.Where(h => h.Buying.Repeats > 0).ToList();
        AnalysisScope.Require(repeated.Count, LeastRepeats, "customers with a second purchase");
        var (buying, fit) = BgNbd.FitTo([.. histories.Select(h => h.Buying)]) ?? throw new GraphQLException(
            AnalysisErrorCodes.NotConverged, "No parameters of BG/NBD fit these purchases best; use a longer period or more customers.");
        var spends = repeated.Where(h => h.Spending.Mean > 0).Select(h => h.Spending).ToList();
        var spending = spends.Select(s => s.Mean).Distinct().Count() < LeastRepeats ? null : GammaGamma.FitTo(spends);
        return new(buying, spending?.Model, histories)
        {
            N = histories.Count,
            AsOf = scope.Moment.Now,
            Warnings = [.. Warnings(histories.Count, fit, spending?.Fit)],
            RepeatCustomers = repeated.Count,
            Unit = unit,
            Period = new(from, until, until > scope.Moment.Today),
            Currency = purchases.Currency,
            LogLikelihood = fit.LogLikelihood,
            HoldoutError = LifetimeHistories.HoldoutError(days, past, unit),
        };
    }

    private static IEnumerable<AnalysisWarning> Warnings(int customers, Fit buying, Fit? spending) =>
    [
        .. AnalysisWarning.When(customers < ReliableCustomers, AnalysisWarningCode.SmallSample,
            $"{customers} customers; parameters of fewer than {ReliableCustomers} differ much from sample to sample."),
        .. AnalysisWarning.When(buying.AtEdge, AnalysisWarningCode.PoorFit,
            "A parameter of BG/NBD ran to its edge: these purchases do not show how customers differ, or that any leave."),
        .. AnalysisWarning.When(spending is null, AnalysisWarningCode.NoData, "Too few different values of repeat purchases for Gamma-Gamma."),
        .. AnalysisWarning.When(spending is { AtEdge: true }, AnalysisWarningCode.PoorFit,
            "A parameter of Gamma-Gamma ran to its edge: the values do not show how customers differ."),
    ];
}

[ObjectType<LifetimeValueModel>]
public static class LifetimePredictionFields
{
    /// <summary>What is expected of each customer, the greatest value first; by expected purchases where there is no model of values.</summary>
    /// <param name="horizon">How far ahead, in the model's unit; a year when left out.</param>
    /// <param name="discountRate">What money is worth less by a year later: 0.1 is 10 %.</param>
    /// <param name="first">How many are shown at most.</param>
    /// <param name="offset">How many are passed over.</param>
    /// <param name="customers">The IDs of the customers to show; all of the model's when left out.</param>
    [ListSize(AssumedSize = 1_000, SlicingArguments = ["first"]), Cost(QueryCosts.Analysis)]
    public static IReadOnlyList<LifetimePrediction> GetPredictions(
        [Parent] LifetimeValueModel model, ResolverContext context, int? horizon = null,
        [DefaultValue("0.1")] decimal discountRate = LifetimePredictor.UsualDiscountRate, int first = 50, int offset = 0,
        [ID<Customer>] IReadOnlyList<Guid>? customers = null)
    {
        var year = LifetimePredictor.YearOf(model.Unit);
        var length = horizon ?? year;
        if (length < 1 || length > 10 * year || discountRate is < 0 or > 1)
            throw new GraphQLException(ErrorCodes.InvalidArgument, "`horizon` is 1 unit to ten years, `discountRate` 0 to 1.");
        var chosen = customers?.ToHashSet();
        var shown = model.Histories.Where(h => chosen?.Contains(h.Customer) ?? true);
        var predictor = new LifetimePredictor(model.Buying, model.Spending, model.Unit);
        var all = shown.Select(h => predictor.Of(h, length, discountRate));
        return AnalysisList.Part(
            all.OrderByDescending(p => p.Value).ThenByDescending(p => p.ExpectedOrders).ThenBy(p => p.CustomerId), context, first, offset);
    }
}

[ObjectType<LifetimePrediction>]
public static class LifetimePredictionCustomerFields
{
    /// <summary>Whom this is of.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Customer?>> GetCustomerAsync([Parent] IReadOnlyList<LifetimePrediction> predictions, ResolverContext context) =>
        CustomersOfItems.OfAsync(predictions, context);
}
