using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Analyses.Rfm;

[QueryType]
public static class RfmQueries
{
    private const int Bins = RfmScoring.LeastCustomers, ReliableCustomers = 25;

    /// <summary>
    /// Recency, frequency and money of customers, each scored 1 to 5 by fifths, and the eleven groups that follow. Equal values have equal scores:
    /// 1 + the whole part of 5 x (customers with a smaller value / all).
    /// </summary>
    /// <param name="period">Sales that count; all when left out.</param>
    /// <param name="asOf">As it was at the end of this day; today when left out.</param>
    [UseAnalysis]
    public static async Task<RfmAnalysis?> GetRfmAsync(ResolverContext context, PeriodInput? period = null, DateOnly? asOf = null)
    {
        var scope = await AnalysisScope.OfAsync(context);
        var past = scope.Past(period);
        var last = past.Until.AddDays(-1);
        var day = asOf is { } end && end < last ? end : last;
        var days = past with { Until = day.AddDays(1) };
        var purchases = await Purchases.ReadAsync(scope, days);
        var scored = RfmScoring.Score(purchases.All, p => purchases.Value(p), day);
        scope.RefuseSmall(scored.Count);
        AnalysisScope.Require(scored.Count, Bins, "customers with a sale in the period");
        var known = await scope.Customers.Where(c => c.Day <= day || (c.Figures != null && c.Figures.FirstPurchaseDay <= day))
            .CountAsync(context.CancellationToken);
        var once = scored.Count(c => c.Frequency == 1);
        return new()
        {
            N = scored.Count,
            AsOf = scope.Moment.Now,
            Warnings =
            [
                .. AnalysisWarning.When(scored.Count < ReliableCustomers, AnalysisWarningCode.SmallSample,
                    $"{scored.Count} customers make fifths of {scored.Count / Bins} or so."),
                .. AnalysisWarning.When(once * Bins > scored.Count * 2, AnalysisWarningCode.Ties,
                    $"{once} of {scored.Count} customers have a single sale; they share the lowest score of frequency."),
            ],
            Period = new(days.From, days.Until, days.Until > scope.Moment.Today),
            Day = day,
            Currency = purchases.Currency,
            Groups = RfmScoring.Groups(scored, Math.Max(0, known - scored.Count), scope),
            Scored = scored,
        };
    }
}

[ObjectType<RfmAnalysis>]
public static class RfmAnalysisFields
{
    /// <summary>Customers with a sale, those who spent most first.</summary>
    /// <param name="group">Only those of this group.</param>
    /// <param name="first">How many are shown at most.</param>
    /// <param name="offset">How many are passed over.</param>
    [ListSize(AssumedSize = 1_000, SlicingArguments = ["first"])]
    public static IReadOnlyList<RfmCustomer> GetCustomers(
        [Parent] RfmAnalysis analysis, ResolverContext context, RfmGroup? group = null, int first = 50, int offset = 0) =>
        AnalysisList.Part(analysis.Scored.Where(c => group is null || c.Group == group), context, first, offset);
}

[ObjectType<RfmCustomer>]
public static class RfmCustomerFields
{
    /// <summary>Whom this is of.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Customer?>> GetCustomerAsync([Parent] IReadOnlyList<RfmCustomer> customers, ResolverContext context) =>
        CustomersOfItems.OfAsync(customers, context);
}
