using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Analyses.Numerics;
using CrmGraph.TestKit;
using MathNet.Numerics.Statistics;
using Xunit;

namespace CrmGraph.Reporting.Tests.Analyses;

/// <summary>Analyses of metrics over time: what they stand on is memory's, what they say of it another library's or the definition's.</summary>
public sealed class SeriesAnalysisTests
{
    private const string Period = "{last: {count: 18, unit: MONTH, complete: true}}";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Correlation_and_regression_stand_on_the_months_of_memory(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        foreach (var caller in new[] { Caller.System, bench.Representative })
        {
            const string where = "where: {knownCustomersOnly: true}";
            var (orders, revenue) = (Months(bench, caller, o => o.Kind == OrderKind.Sale ? 1 : 0), Months(bench, caller, o => (double)bench.Worth(o)));

            var correlation = await bench.AskAsync(
                $"{{ correlation(metrics: [\"orders\", \"revenue\"], period: {Period}, {where}) {{ n pairs {{ a {{ key }} b {{ key }} pearson spearman low "
                + "high pValue } } }",
                caller);
            var pair = correlation.List("pairs").Single();
            Assert.Equal(18, correlation.Number("n"));
            Assert.Equal(Correlation.Pearson(orders, revenue), (double)pair.Number("pearson")!, 9);
            Assert.Equal(Correlation.Spearman(orders, revenue), (double)pair.Number("spearman")!, 9);

            var regression = await bench.AskAsync(
                $"{{ regression(y: \"revenue\", x: [\"orders\"], period: {Period}, {where}) {{ n rSquared degreesOfFreedom coefficients {{ metric {{ key }} "
                + "estimate standardError tValue pValue low high } } }",
                caller);
            var (intercept, slope) = MathNet.Numerics.Fit.Line(orders, revenue);
            var terms = regression.List("coefficients").ToList();
            Assert.Equal(intercept, (double)terms[0].Number("estimate")!, 4);
            Assert.Equal(slope, (double)terms[1].Number("estimate")!, 4);
            Assert.Equal(Math.Pow((double)pair.Number("pearson")!, 2), (double)regression.Number("rSquared")!, 9);
            Assert.Equal((JsonValueKind.Null, "orders"), (terms[0].GetProperty("metric").ValueKind, terms[1].GetProperty("metric").Text("key")));
            // With one term the slope's p is the correlation's.
            Assert.Equal((double)pair.Number("pValue")!, (double)terms[1].Number("pValue")!, 9);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Forecast_and_anomalies_stand_on_the_intervals_of_memory(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        var orders = Months(bench, bench.Representative, o => o.Kind == OrderKind.Sale ? 1 : 0);
        var forecast = await bench.AskAsync(
            $"{{ forecast(metric: \"orders\", period: {Period}, horizon: 3) {{ n method seasonLength backtestError naiveError backtest {{ method "
            + "meanAbsoluteError forecasts } points { bucket { label } value low high } } }",
            bench.Representative);
        var expected = forecast.Text("method") switch
        {
            "HOLT" => HoltWinters.Of(1).Forecast(orders, 3),
            "SEASONAL_NAIVE" => SeasonalNaive.Of(12).Forecast(orders, 3),
            _ => HoltWinters.Of(12).Forecast(orders, 3),
        };
        Assert.Equal(expected.Select(e => Math.Round(e.Value, 6)), forecast.List("points").Select(p => Math.Round((double)p.Number("value")!, 6)));
        Assert.Equal(["2026-03", "2026-04", "2026-05"], forecast.List("points").Select(p => p.GetProperty("bucket").Text("label")));
        Assert.All(forecast.List("points"), p => Assert.True(p.Number("low") < p.Number("value") && p.Number("value") < p.Number("high")));
        Assert.Equal(forecast.List("backtest").Min(b => b.Number("meanAbsoluteError")), forecast.Number("backtestError"));

        var anomalies = await bench.AskAsync(
            $"{{ anomalies(metric: \"orders\", period: {Period}, grain: MONTH, threshold: 1) {{ n anomalies {{ bucket {{ index }} value expected "
            + "score } } }",
            bench.Representative);
        var unusual = orders.Index().Where(o => Math.Abs(RobustScore.Of(o.Item, [.. orders.Where((_, i) => i != o.Index)], 0.05).Score) > 1);
        Assert.Equal(unusual.Select(o => (o.Index, o.Item)), anomalies.List("anomalies").Select(a => (
            (int)a.GetProperty("bucket").Number("index")!, (double)a.Number("value")!)));
    }

    /// <summary>What cannot be is not forecast, and is no end of an interval: no count below 0, no share above 1, no score beyond its points.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Forecasts_and_usual_values_stay_within_what_a_metric_can_be(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        var known = (await bench.AskAsync("{ metricCatalog { key minimum maximum } }")).EnumerateArray().ToDictionary(m => m.Text("key")!);
        Assert.Equal((0m, 1m), (known["churnRate"].Number("minimum"), known["churnRate"].Number("maximum")));
        Assert.Equal((-100m, 100m), (known["nps"].Number("minimum"), known["nps"].Number("maximum")));
        Assert.Equal((null, null), (known["revenue"].Number("minimum"), known["revenue"].Number("maximum")));
        var cut = 0;
        foreach (var key in new[] { "orders", "newCustomers", "lostCustomers", "churnRate", "retentionRate", "discountRate", "winRate", "nps", "csat" })
        {
            var answer = await bench.Client.DataAsync(
                $"{{ forecast(metric: \"{key}\", period: {Period}, horizon: 24, confidence: 0.999) {{ points {{ value low high }} }} "
                + $"anomalies(metric: \"{key}\", period: {Period}, grain: MONTH, threshold: 0.5) {{ anomalies {{ low high }} }} }}");
            var (least, most) = (known[key].Number("minimum") ?? decimal.MinValue, known[key].Number("maximum") ?? decimal.MaxValue);
            foreach (var point in answer.GetProperty("forecast").List("points"))
            {
                Assert.InRange(point.Number("value")!.Value, point.Number("low")!.Value, point.Number("high")!.Value);
                Assert.True(point.Number("low") >= least && point.Number("high") <= most, $"{key} {point}");
                cut += point.Number("low") == least || point.Number("high") == most ? 1 : 0;
            }

            Assert.All(answer.GetProperty("anomalies").List("anomalies"), a => Assert.True(a.Number("low") >= least && a.Number("high") <= most, $"{key} {a}"));
        }

        Assert.True(cut > 0);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Contributions_add_up_to_the_change_exactly(DatabaseKind kind)
    {
        await using var bench = await AnalysisBench.CreateAsync(kind);
        foreach (var caller in new[] { Caller.System, bench.Representative })
            foreach (var (metric, by) in new[]
            {
                ("revenue", "[CHANNEL, COUNTRY, OWNER]"), ("activeCustomers", "[CHANNEL, REGION]"), ("averageOrderValue", "[CHANNEL, OWNER]"),
                ("revenuePerCustomer", "[CHANNEL]"), ("nps", "[COUNTRY]"),
            })
                foreach (var compared in new[] { "PREVIOUS_PERIOD", "PREVIOUS_YEAR" })
                {
                    var answer = await bench.AskAsync(
                        $"{{ explain(metric: \"{metric}\", period: {{last: {{count: 5, unit: MONTH}}}}, by: {by}, compareTo: {compared}, first: 2) {{ value "
                        + "previous change dimensions { dimension contributions { kind member { key label } value previous contribution share numeratorEffect "
                        + "denominatorEffect } } } }",
                        caller);
                    Assert.Equal(answer.Number("value") - answer.Number("previous"), answer.Number("change"));
                    Assert.All(answer.List("dimensions"), d => Assert.Equal(
                        answer.Number("change"), d.List("contributions").Sum(c => c.Number("contribution"))));
                    var all = answer.List("dimensions").SelectMany(d => d.List("contributions")).ToList();
                    if (all.Exists(c => c.Number("numeratorEffect") is not null))
                    {
                        Assert.All(all, c => Assert.Equal(c.Number("contribution"), c.Number("numeratorEffect") + c.Number("denominatorEffect")));
                        continue;
                    }

                    Assert.All(
                        all.Where(c => c.Text("kind") == "MEMBER"),
                        c => Assert.Equal(c.Number("value") - c.Number("previous"), c.Number("contribution")));
                }
    }

    /// <summary>By hand, of memory: the effects of numerator and denominator, each as the mean of changing it first and last.</summary>
    [Fact]
    public async Task A_quotient_changes_by_its_numerator_and_its_denominator()
    {
        await using var bench = await AnalysisBench.CreateAsync(DatabaseKind.Sqlite);
        var month = new DateOnly(bench.Crm.Today.Year, bench.Crm.Today.Month, 1);
        var answer = await bench.AskAsync(
            "{ explain(metric: \"averageOrderValue\", period: {last: {count: 6, unit: MONTH, complete: true}}, by: [CHANNEL], first: 100) { change dimensions { "
            + "contributions { kind member { key } contribution numeratorEffect } } } }");
        var sales = bench.Crm.Orders.Where(o => o.CancelledAt == null && o.Kind == OrderKind.Sale && o.Day < month && o.Day >= month.AddMonths(-12))
            .ToLookup(o => (o.Channel, IsNow: o.Day >= month.AddMonths(-6)));
        (decimal Money, decimal Orders) Of(Func<(string? Channel, bool IsNow), bool> which) =>
            (sales.Where(s => which(s.Key)).SelectMany(s => s).Sum(o => bench.Worth(o.GrossAmount, o.Currency, o.Day)),
                sales.Where(s => which(s.Key)).Sum(s => s.Count()));
        var (now, before) = (Of(k => k.IsNow), Of(k => !k.IsNow));
        Assert.Equal(((now.Money / now.Orders) - (before.Money / before.Orders)).Six(), answer.Number("change").Six());
        foreach (var contribution in answer.List("dimensions").Single().List("contributions"))
        {
            var channel = contribution.GetProperty("member").Text("key");
            var (own, past) = (Of(k => k.IsNow && k.Channel == channel), Of(k => !k.IsNow && k.Channel == channel));
            var numerator = (((own.Money - past.Money) / before.Orders) + ((own.Money - past.Money) / now.Orders)) / 2;
            var denominator = ((past.Orders - own.Orders) * (before.Money + now.Money)) / 2 / before.Orders / now.Orders;
            Assert.Equal(numerator.Six(), contribution.Number("numeratorEffect").Six());
            Assert.Equal((numerator + denominator).Six(), contribution.Number("contribution").Six());
        }
    }

    [Fact]
    public async Task The_companys_own_metrics_are_analysed_like_others()
    {
        await using var bench = await AnalysisBench.CreateAsync(DatabaseKind.Sqlite);
        await bench.Client.DataAsync(
            "mutation { defineMetric(input: {metric: {key: \"basket\", label: \"Basket\", formula: \"grossRevenue / orders\"}}) { errors { __typename } } }");
        const string months = "period: {last: {count: 18, unit: MONTH, complete: true}}";
        foreach (var field in new[]
        {
            "forecast(metric: \"KEY\", PERIOD, horizon: 2) { points { value } }",
            "anomalies(metric: \"KEY\", PERIOD, grain: MONTH, threshold: 1) { n anomalies { value score } }",
            "correlation(metrics: [\"KEY\", \"orders\"], PERIOD) { pairs { pearson } }", "regression(y: \"KEY\", x: [\"orders\"], PERIOD) { rSquared }",
            "explain(metric: \"KEY\", PERIOD, by: [CHANNEL]) { change dimensions { contributions { contribution } } }",
            "facts(metric: \"KEY\", PERIOD, part: DENOMINATOR) { value totalCount nodes { value } }",
        })
        {
            var asked = field.Replace("PERIOD", months, StringComparison.Ordinal);
            Assert.Equal(
                (await bench.AskAsync($"{{ {asked.Replace("KEY", "averageOrderValue", StringComparison.Ordinal)} }}")).ToString(),
                (await bench.AskAsync($"{{ {asked.Replace("KEY", "basket", StringComparison.Ordinal)} }}")).ToString());
        }

        var named = await bench.AskAsync($"{{ forecast(metric: \"basket\", {months}) {{ metric {{ key label }} }} }}");
        Assert.Equal("Basket", named.GetProperty("metric").Text("label"));
    }

    [Theory]
    [InlineData("regression(y: \"revenue\", x: [\"orders\"], period: {last: {count: 4, unit: MONTH}}) { n }", "ANALYSIS_TOO_FEW")]
    [InlineData("regression(y: \"revenue\", x: [\"profits\"], period: {last: {count: 14, unit: MONTH}}) { n }", "METRIC_UNKNOWN")]
    [InlineData("regression(y: \"revenue\", x: [\"revenue\"], period: {last: {count: 14, unit: MONTH}}) { n }", "INVALID_ARGUMENT")]
    [InlineData("regression(y: \"revenue\", x: [\"orders\"], period: {range: {from: \"1950-01-01\", until: \"1953-01-01\"}}) { n }", "ANALYSIS_NO_VARIATION")]
    [InlineData("correlation(metrics: [\"revenue\"], period: {last: {count: 14, unit: MONTH}}) { n }", "INVALID_ARGUMENT")]
    [InlineData("correlation(metrics: [\"revenue\", \"orders\"], period: {last: {count: 2, unit: MONTH}}) { n }", "ANALYSIS_TOO_FEW")]
    [InlineData("forecast(metric: \"orders\", period: {last: {count: 5, unit: MONTH}}) { n }", "ANALYSIS_TOO_FEW")]
    [InlineData("forecast(metric: \"orders\", period: {last: {count: 25, unit: MONTH}}, horizon: 1000) { n }", "INVALID_ARGUMENT")]
    [InlineData("anomalies(metric: \"orders\", period: {last: {count: 14, unit: DAY}}) { n }", "ANALYSIS_TOO_FEW")]
    [InlineData("explain(metric: \"medianOrderValue\", period: {last: {count: 5, unit: MONTH}}, by: [CHANNEL]) { n }", "METRIC_UNSUPPORTED")]
    [InlineData("explain(metric: \"revenue\", period: {last: {count: 5, unit: MONTH}}, by: []) { n }", "INVALID_ARGUMENT")]
    public async Task Where_the_sample_says_nothing_there_is_a_code(string field, string code)
    {
        await using var bench = await AnalysisBench.CreateAsync(DatabaseKind.Sqlite, sizes: new() { Customers = 40, Orders = 200 });
        Assert.Equal(code, await bench.Client.CodeAsync($"{{ {field} }}"));
    }

    /// <summary>Of the 18 whole months before the clock's.</summary>
    private static double[] Months(AnalysisBench bench, Caller caller, Func<Order, double> value)
    {
        var first = new DateOnly(bench.Crm.Today.Year, bench.Crm.Today.Month, 1).AddMonths(-18);
        var orders = bench.Customers(caller).SelectMany(AnalysisBench.OrdersOf).ToList();
        return [.. Enumerable.Range(0, 18).Select(first.AddMonths).Select(m => orders.Where(o => o.Day >= m && o.Day < m.AddMonths(1)).Sum(value))];
    }
}
