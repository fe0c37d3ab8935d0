using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;
using MathNet.Numerics.Statistics;

namespace CrmGraph.Reporting.Analyses.Distributions;

[QueryType]
public static class DistributionQueries
{
    private const int MostBins = 100, ReliableValues = 30;
    private static readonly double[] Shares = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

    /// <summary>Mean, deviation, quantiles and histogram of values of orders or customers.</summary>
    /// <param name="of">Of what the values are.</param>
    /// <param name="period">Sales that count; all when left out.</param>
    /// <param name="bins">Intervals of the histogram at most, 1 to 100.</param>
    [UseAnalysis]
    public static async Task<DistributionAnalysis?> GetDistributionAsync(
        ResolverContext context, DistributionSubject of, PeriodInput? period = null, int bins = 20)
    {
        if (bins is < 1 or > MostBins)
            throw new GraphQLException(ErrorCodes.InvalidArgument, $"`bins` must be between 1 and {MostBins}, not {bins}.");
        var scope = await AnalysisScope.OfAsync(context);
        var days = scope.Past(period);
        var purchases = await Purchases.ReadAsync(scope, days);
        List<DistributedValue> values = [.. DistributedValue.Of(of, purchases, days.Until.AddDays(-1))];
        scope.RefuseSmall(values.Select(v => v.Customer).Distinct().Count());
        AnalysisScope.Require(values.Count, 1, "values in the period");
        var sorted = values.Select(v => v.Value).Order().ToArray();
        var deviation = sorted.StandardDeviation();
        return new()
        {
            N = sorted.Length,
            AsOf = scope.Moment.Now,
            Warnings = AnalysisWarning.When(sorted.Length < ReliableValues, AnalysisWarningCode.SmallSample,
                $"{sorted.Length} values; quantiles of fewer than {ReliableValues} move much with each of them."),
            Of = of,
            Period = new(days.From, days.Until, days.Until > scope.Moment.Today),
            Currency = of is DistributionSubject.OrderValue or DistributionSubject.RevenuePerCustomer ? purchases.Currency : null,
            Mean = sorted.Mean(),
            StandardDeviation = double.IsFinite(deviation) ? deviation : null,
            Minimum = scope.Suppresses ? null : sorted[0],
            Maximum = scope.Suppresses ? null : sorted[^1],
            Quantiles = [.. Shares.Select(s => new DistributionQuantile(s, SortedArrayStatistics.QuantileCustom(sorted, s, QuantileDefinition.R7)))],
            Histogram = Bins(scope, values, RoundBins.Borders(sorted[0], sorted[^1], bins)),
        };
    }

    private static List<HistogramBin> Bins(AnalysisScope scope, List<DistributedValue> values, IReadOnlyList<double> borders)
    {
        var bins = values.ToLookup(v => RoundBins.IndexOf(borders, v.Value));
        var hidden = scope.Hidden([.. Enumerable.Range(0, borders.Count - 1).Select(i => bins[i].Select(v => v.Customer).Distinct().Count())]);
        return [.. hidden.Select((isHidden, i) => isHidden
            ? new HistogramBin(borders[i], borders[i + 1], null, null, NoValueReason.SuppressedSmallGroup)
            : new HistogramBin(borders[i], borders[i + 1], bins[i].Count(), bins[i].Count() / (double)values.Count, null))];
    }
}
