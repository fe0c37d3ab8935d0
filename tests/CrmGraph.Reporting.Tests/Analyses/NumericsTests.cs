using CrmGraph.Reporting.Analyses.Numerics;
using Xunit;

namespace CrmGraph.Reporting.Tests.Analyses;

/// <summary>Numbers against figures that others published, or that are worked out by hand.</summary>
public sealed class NumericsTests
{
    /// <summary>Longley's data and NIST's certified values for it: badly conditioned on purpose (Statistical Reference Datasets).</summary>
    [Fact]
    public void Regression_of_Longleys_data_has_the_certified_values()
    {
        double[] y = [60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761, 66019, 67857, 68169, 66513, 68655, 69564, 69331, 70551];
        double[][] x =
        [
            [83.0, 88.5, 88.2, 89.5, 96.2, 98.1, 99.0, 100.0, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9],
            [
                234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546, 482704, 502601, 518173, 554894,
            ],
            [2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806, 4007],
            [1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572, 2827],
            [
                107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950, 123366, 125368, 127852, 130081,
            ],
            [.. Enumerable.Range(1947, 16)],
        ];
        double[] estimates =
            [-3482258.63459582, 15.0618722713733, -0.0358191792925910, -2.02022980381683, -1.03322686717359, -0.0511041056535807, 1829.15146461355];
        double[] errors =
            [890420.383607373, 84.9149257747669, 0.0334910077722432, 0.488399681651699, 0.214274163161675, 0.226073200069370, 455.478499142212];

        var fit = LinearRegression.Of(y, x, 0.95)!;

        Assert.All(fit.Coefficients.Zip(estimates), c => Assert.Equal(1, c.First.Estimate / c.Second, 8));
        Assert.All(fit.Coefficients.Zip(errors), c => Assert.Equal(1, c.First.StandardError / c.Second, 8));
        Assert.Equal(304.854073561965, fit.ResidualError, 6);
        Assert.Equal(0.995479004577296, fit.RSquared, 12);
        Assert.Equal(330.285339234588, fit.F, 6);
        Assert.Equal(9, fit.DegreesOfFreedom);
    }

    /// <summary>The first of Anscombe's four (1973), with the intervals and p that R gives.</summary>
    [Fact]
    public void Regression_of_Anscombes_data_has_his_values()
    {
        double[] x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5], y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];

        var fit = LinearRegression.Of(y, [x], 0.95)!;

        Assert.Equal((3.0001, 0.5001), (Math.Round(fit.Coefficients[0].Estimate, 4), Math.Round(fit.Coefficients[1].Estimate, 4)));
        Assert.Equal((1.1247, 0.1179), (Math.Round(fit.Coefficients[0].StandardError, 4), Math.Round(fit.Coefficients[1].StandardError, 4)));
        Assert.Equal((0.02573, 0.00217), (Math.Round(fit.Coefficients[0].PValue, 5), Math.Round(fit.Coefficients[1].PValue, 5)));
        Assert.Equal((0.2334, 0.7668), (Math.Round(fit.Coefficients[1].Low, 4), Math.Round(fit.Coefficients[1].High, 4)));
        Assert.Equal((0.6665, 0.6295, 1.2366), (Math.Round(fit.RSquared, 4), Math.Round(fit.AdjustedRSquared, 4), Math.Round(fit.ResidualError, 4)));
    }

    [Fact]
    public void What_does_not_vary_or_follows_from_the_rest_gives_no_regression()
    {
        double[] y = [1, 3, 2, 5, 4, 6], x = [2, 4, 6, 8, 10, 13];
        Assert.Null(LinearRegression.Of(y, [[7, 7, 7, 7, 7, 7]], 0.95));
        Assert.Null(LinearRegression.Of([5, 5, 5, 5, 5, 5], [x], 0.95));
        Assert.Null(LinearRegression.Of(y, [x, Array.ConvertAll(x, v => (3 * v) + 1)], 0.95));
    }

    /// <summary>Two features with correlation r have the eigenvalues 1 + r and 1 - r, and loadings of one size.</summary>
    [Fact]
    public void Principal_components_of_two_features_follow_from_their_correlation()
    {
        // Of logarithms that are -1, 0, 1 and their like.
        double[][] rows = [.. new[] { (1, 2), (2, 1), (3, 4), (4, 3), (5, 5) }.Select(p => new[] { Math.Exp(p.Item1) - 1, Math.Exp(p.Item2) - 1 })];

        var components = PrincipalComponent.Of(Standardised.Of(rows));

        // 1..5 against 2 1 4 3 5: r = 0.8.
        Assert.Equal([1.8, 0.2], components.Select(c => Math.Round(c.Variance, 10)));
        Assert.Equal([0.9, 0.1], components.Select(c => Math.Round(c.Share, 10)));
        Assert.All(components.SelectMany(c => c.Loadings), l => Assert.Equal(Math.Sqrt(0.5), Math.Abs(l), 10));
        Assert.All(components[0].Loadings, l => Assert.True(l > 0));
    }

    [Fact]
    public void K_means_finds_heaps_that_lie_apart_and_says_how_far()
    {
        double[][] rows =
        [
            .. from heap in new[] { (0, 0), (20, 0), (0, 20) }
               from i in Enumerable.Range(0, 4)
               select new double[] { heap.Item1 + (i % 2), heap.Item2 + (i / 2) },
        ];

        var model = KMeans.Of(rows, 3);

        Assert.Equal(3, model.Assigned.Chunk(4).Select(heap => Assert.Single(heap.Distinct())).Distinct().Count());
        Assert.Equal(3 * 4 * 0.5, model.Inertia, 10);
        Assert.All(model.Silhouettes(rows), s => Assert.True(s > 0.9));
        Assert.True(KMeans.Of(rows, 2).Silhouettes(rows).Average() < 0.9);
        Assert.Equal(model.Assigned, KMeans.Of(rows, 3).Assigned);
    }

    /// <summary>Five baskets: support, confidence and lift by counting fingers.</summary>
    [Fact]
    public void Rules_are_counted_as_by_hand()
    {
        int[][] baskets = [[1, 2], [1, 2, 3], [1], [2, 3], [1, 2]];

        var rules = BasketRules.Of(baskets, 0.4, 0.6, 100)!;

        Assert.Equal(
            [(3, 2, 2, 0.4, 1.0, 1.25), (1, 2, 3, 0.6, 0.75, 0.9375), (2, 1, 3, 0.6, 0.75, 0.9375)],
            rules.Select(r => (r.Antecedent, r.Consequent, r.Together, r.Support, r.Confidence, r.Lift))
                .OrderByDescending(r => r.Lift).ThenBy(r => r.Antecedent));
        Assert.Null(BasketRules.Of(baskets, 0.01, 0, 1));
    }

    /// <summary>Remission of 6-MP patients (Freireich 1963), as in Kaplan and Meier's textbook example: the median is 23 weeks.</summary>
    [Fact]
    public void The_median_of_durations_counts_those_that_are_not_over()
    {
        (double Time, bool Happened)[] weeks =
        [
            (6, true), (6, true), (6, true), (6, false), (7, true), (9, false), (10, true), (10, false), (11, false), (13, true), (16, true), (17, false),
            (19, false), (20, false), (22, true), (23, true), (25, false), (32, false), (32, false), (34, false), (35, false),
        ];
        List<Duration> durations = [.. weeks.Select(w => new Duration(w.Time, w.Happened))];

        Assert.Equal(23, Survival.Quantile(durations, 0.5));
        Assert.Null(Survival.Quantile(durations, 0.9));
        Assert.Null(Survival.Quantile([], 0.5));
    }

    [Theory]
    [InlineData(0, 99, 10, 0, 10, 10)]
    [InlineData(0, 100, 10, 0, 20, 6)]
    [InlineData(5, 5, 20, 5, 5, 1)]
    [InlineData(-3, 4, 10, -3, 1, 8)]
    public void Histograms_begin_and_end_at_round_numbers(double least, double greatest, int most, double first, double width, int count)
    {
        var borders = RoundBins.Borders(least, greatest, most);

        Assert.Equal((first, width, count), (borders[0], Math.Round(borders[1] - borders[0], 10), borders.Count - 1));
        Assert.Equal((0, count - 1), (RoundBins.IndexOf(borders, least), RoundBins.IndexOf(borders, greatest)));
    }

    [Fact]
    public void One_value_among_its_like_is_scored_by_median_and_floor()
    {
        // Median 10, distances 1 1 0 1 1: a spread of 1.4826.
        Assert.Equal((10, 1.4826, Math.Round(10 / 1.4826, 6)), Rounded(RobustScore.Of(20, [9, 11, 10, 9, 11], 0.05)));
        // All the same: the floor is a twentieth of the median.
        Assert.Equal((100, 5, 2), Rounded(RobustScore.Of(110, [100, 100, 100], 0.05)));
        Assert.Equal(0, RobustScore.Of(0, [0, 0, 0], 0.05).Score);

        static (double, double, double) Rounded(RobustScore s) => (s.Expected, Math.Round(s.Spread, 6), Math.Round(s.Score, 6));
    }

    [Fact]
    public void Forecasts_go_on_with_a_line_and_its_season_and_the_naive_one_with_the_season_alone()
    {
        double[] season = [10, -5, 0, -5], values = [.. Enumerable.Range(0, 40).Select(i => 100 + (2 * i) + season[i % 4])];

        var ahead = HoltWinters.Of(4).Forecast(values, 8);

        Assert.All(ahead.Index(), a => Assert.Equal(100 + (2 * (40 + a.Index)) + season[a.Index % 4], a.Item.Value, 3));
        Assert.Equal([values[36], values[37], values[38], values[39], values[36]], SeasonalNaive.Of(4).Forecast(values, 5).Select(f => f.Value));
        var scores = Backtest.Of(values, 4, [SeasonalNaive.Of(4), HoltWinters.Of(1), HoltWinters.Of(4)]);
        Assert.Equal(8, scores[0].MeanAbsoluteError!.Value, 6);
        Assert.Equal(ForecastMethodName.HoltWinters, scores.MinBy(s => s.MeanAbsoluteError)!.Method.Name);
    }

    [Fact]
    public void Intervals_of_a_forecast_grow_and_hold_what_they_promise()
    {
        var random = new Random(3);
        var (inside, all) = (0, 0);
        for (var run = 0; run < 60; run++)
        {
            double[] walk = new double[80];
            for (var i = 1; i < walk.Length; i++)
                walk[i] = walk[i - 1] + MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
            var ahead = HoltWinters.Of(1).Forecast(walk[..70], 5);
            Assert.True(ahead[4].Deviation > ahead[0].Deviation);
            inside += ahead.Where((a, i) => Math.Abs(walk[70 + i] - a.Value) < 1.96 * a.Deviation).Count();
            all += ahead.Count;
        }

        Assert.InRange(inside / (double)all, 0.85, 1);
    }
}
