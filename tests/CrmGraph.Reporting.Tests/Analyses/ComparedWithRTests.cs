using CrmGraph.Reporting.Analyses.Numerics;
using Xunit;

namespace CrmGraph.Reporting.Tests.Analyses;

/// <summary>The same numbers as R 4.2 (lm, prcomp, kmeans, HoltWinters) of the same data: numerics.R beside this file prints them.</summary>
public sealed class ComparedWithRTests
{
    private static readonly double[] T = [.. Enumerable.Range(0, 60).Select(t => (double)t)];
    private readonly double[] _y, _x1, _x2;
    private readonly double[][] _rows, _points;
    private double _last = 1;

    public ComparedWithRTests()
    {
        var level = 0d;
        double[] walk = [.. Chance().Select(c => level += 4 * c)];
        _y = Each(Chance(), (t, c) => 200 + (1.5 * t) + (20 * Math.Sin(2 * Math.PI * t / 12)) + walk[(int)t] + (5 * c));
        _x1 = Each(Chance(), (t, c) => 50 + (t / 2) + (9 * c));
        _x2 = Each(Chance(), (_, c) => 10 + (3 * c));
        var second = Each(Chance(), (t, c) => 300 + (9 * _x1[(int)t]) + (80 * c));
        _rows = [.. T.Select(t => new[] { _x1[(int)t], second[(int)t], 1 + (t % 7) })];
        var (across, up) = (Each(Chance(), (t, c) => (30 * c) + (50 * (t % 3))), Each(Chance(), (t, c) => (15 * c) + (25 * (t % 2))));
        _points = [.. across.Zip(up, (a, b) => new[] { a, b })];
    }

    [Fact]
    public void Regression()
    {
        var fit = LinearRegression.Of(_y, [_x1, _x2], 0.95)!;
        Assert.Equal([120.24242458, 2.18227960, -1.87327478], fit.Coefficients.Select(c => Math.Round(c.Estimate, 8)));
        Assert.Equal([29.72227622, 0.29875476, 1.95480481], fit.Coefficients.Select(c => Math.Round(c.StandardError, 8)));
        Assert.Equal([1.5882e-4, 9.885e-10, 0.34196249], fit.Coefficients.Zip([8, 13, 8], (c, digits) => Math.Round(c.PValue, digits)));
        Assert.Equal([60.72459307, 1.58403352, -5.78770389], fit.Coefficients.Select(c => Math.Round(c.Low, 8)));
        Assert.Equal((0.49749683, 22.88476861), (Math.Round(fit.RSquared, 8), Math.Round(fit.ResidualError, 8)));
    }

    [Fact]
    public void Principal_components()
    {
        var components = PrincipalComponent.Of(Standardised.Of(_rows));
        Assert.Equal([1.91330659, 0.96732608, 0.11936734], components.Select(c => Math.Round(c.Variance, 8)));
        Assert.Equal([0.69533583, 0.69418623, 0.18604720], components[0].Loadings.Select(l => Math.Round(l, 8)));
        Assert.Equal([0.12513284, 0.13797713, 0.98249890], components[1].Loadings.Select(l => Math.Round(Math.Abs(l), 8)));
    }

    /// <summary>R takes the best of 200 starts, we that of ten: never better, and hardly worse.</summary>
    [Theory]
    [InlineData(2, 43258.1940542, 0.521153980601)]
    [InlineData(3, 23342.3574678, 0.489917729029)]
    [InlineData(4, 17666.3323296, 0.478314240507)]
    [InlineData(6, 11086.5588955, 0.419691712704)]
    public void Clusters(int k, double within, double silhouette)
    {
        var model = KMeans.Of(_points, k);
        var each = model.Silhouettes(_points);
        Assert.InRange(model.Inertia / within, 1 - 1e-9, 1.04);
        if (model.Inertia / within < 1 + 1e-9)
            Assert.Equal(silhouette, model.Assigned.Average(a => each[a]), 9);
    }

    /// <summary>
    /// From the same first level, trend and season: R's own choice of these is another one (a decomposition), which moves these forecasts by up to 2.9. We weigh
    /// the shares a little towards the middle, which moves them by less than 0.02.
    /// </summary>
    [Fact]
    public void Forecasts_of_Holt_and_Winters()
    {
        double[] expected =
        [
            291.072159555, 303.836212356, 314.496535534, 315.708024969, 312.671253128, 307.885909790, 296.322415411, 287.340797505, 278.502664224,
            279.608224273, 288.684073498, 291.703545746,
        ];
        Assert.All(HoltWinters.Of(12).Forecast(_y, 12).Zip(expected), f => Assert.Equal(f.Second, f.First.Value, 0.02));
    }

    private static double[] Each(IEnumerable<double> chance, Func<double, double, double> value) => [.. T.Zip(chance, value)];

    /// <summary>The next sixty numbers between -1 and 1 of Park and Miller's generator (1988), which every language can repeat.</summary>
    private double[] Chance() => [.. T.Select(_ => (2 * (_last = _last * 16_807 % 2_147_483_647) / 2_147_483_647) - 1)];
}
