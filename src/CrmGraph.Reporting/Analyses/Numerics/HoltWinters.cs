using CrmGraph.GraphQL.Annotations;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>What a forecast says of one interval ahead.</summary>
/// <param name="Deviation">Standard deviation of its error.</param>
internal readonly record struct Ahead(double Value, double Deviation);

/// <summary>How a series is continued.</summary>
[GraphQLName("ForecastMethod")]
public enum ForecastMethodName
{
    /// <summary>The same as a season earlier.</summary>
    SeasonalNaive,
    /// <summary>Level and trend, smoothed.</summary>
    Holt,
    /// <summary>Level, trend and season, smoothed.</summary>
    HoltWinters,
}

/// <summary>A way to continue a series.</summary>
/// <param name="Forecast">The next so many values of a series.</param>
/// <param name="Least">Values that it needs.</param>
internal sealed record ForecastMethod(ForecastMethodName Name, int Least, Func<double[], int, IReadOnlyList<Ahead>> Forecast)
{
    /// <summary>The same without values that cannot be: each of them becomes what can be next to it.</summary>
    public ForecastMethod Within(Func<double, double> nearest) =>
        this with { Forecast = (values, ahead) => [.. Forecast(values, ahead).Select(a => a with { Value = nearest(a.Value) })] };
}

/// <summary>The same as a season earlier; without a season, the same as last.</summary>
internal static class SeasonalNaive
{
    public static ForecastMethod Of(int season) => new(ForecastMethodName.SeasonalNaive, season + 2, (values, ahead) =>
    {
        var errors = values.Skip(season).Zip(values, (now, before) => now - before).ToArray();
        var deviation = Math.Sqrt(errors.Average(e => e * e));
        return [.. Enumerable.Range(0, ahead).Select(h => new Ahead(values[values.Length - season + (h % season)], deviation * Math.Sqrt((h / season) + 1)))];
    });
}

/// <summary>
/// Holt and Winters' additive exponential smoothing: level, trend and season each follow the data by a share (alpha, beta, gamma), chosen so that the squared
/// errors of the step ahead are least. Deviations are those of Hyndman, Koehler, Ord and Snyder (2008), table 6.2.
/// </summary>
internal static class HoltWinters
{
    /// <param name="season">Intervals of a season; 1 for level and trend alone.</param>
    public static ForecastMethod Of(int season) =>
        season > 1
            ? new(ForecastMethodName.HoltWinters, (2 * season) + 3, (values, ahead) => Continue(values, ahead, season))
            : new(ForecastMethodName.Holt, 6, (values, ahead) => Continue(values, ahead, 1));

    private static IReadOnlyList<Ahead> Continue(double[] values, int ahead, int season)
    {
        var (alpha, beta, gamma) = Shares(values, season);
        var state = new State(values, season);
        var errors = values.Skip(state.Begin).Select((v, i) => state.Step(v, state.Begin + i, alpha, beta, gamma)).ToArray();
        var parameters = season > 1 ? 3 : 2;
        var variance = errors.Sum(e => e * e) / Math.Max(1, errors.Length - parameters);
        var (result, sum) = (new List<Ahead>(), 1d);
        for (var h = 1; h <= ahead; h++)
        {
            result.Add(new(state.At(values.Length - 1 + h, h), Math.Sqrt(variance * sum)));
            var weight = (alpha * (1 + (beta * h))) + (season > 1 && h % season == 0 ? gamma * (1 - alpha) : 0);
            sum += weight * weight;
        }

        return result;
    }

    private static (double Alpha, double Beta, double Gamma) Shares(double[] values, int season)
    {
        var start = Vector<double>.Build.Dense(season > 1 ? [-1, -2, -2] : [-1, -2]);
        try
        {
            var found = new NelderMeadSimplex(1e-8, 1_000).FindMinimum(ObjectiveFunction.Value(Squares), start).MinimizingPoint;
            return Of(found);
        }
        catch (OptimizationException)
        {
            return Of(start);
        }

        double Squares(Vector<double> x)
        {
            var (state, (alpha, beta, gamma)) = (new State(values, season), Of(x));
            var sum = 0d;
            for (var i = state.Begin; i < values.Length; i++)
                sum += Math.Pow(state.Step(values[i], i, alpha, beta, gamma), 2);
            // A flat end of the curve leads back.
            return double.IsFinite(sum) ? sum * (1 + (1e-6 * x.DotProduct(x))) : double.MaxValue;
        }

        (double, double, double) Of(Vector<double> x) => (
            SpecialFunctions.Logistic(x[0]), SpecialFunctions.Logistic(x[1]), season > 1 ? SpecialFunctions.Logistic(x[2]) : 0);
    }

    /// <summary>Level, trend and season up to a value. They begin with the first season and its difference to the second.</summary>
    private sealed class State
    {
        private readonly int _season;
        private readonly double[] _seasons;
        private double _level, _trend;

        public State(double[] values, int season)
        {
            _season = season;
            if (season == 1)
            {
                (_level, _trend, _seasons, Begin) = (values[0], values[1] - values[0], [0], 1);
                return;
            }

            var first = values.Take(season).Average();
            _trend = (values.Skip(season).Take(season).Average() - first) / season;
            // The mean stands for the middle of the season.
            _level = first + (_trend * (season - 1) / 2);
            _seasons = [.. values.Take(season).Select((v, i) => v - (first + (_trend * (i - ((season - 1) / 2d)))))];
            Begin = season;
        }

        /// <summary>The first value that is forecast.</summary>
        public int Begin { get; }

        public double At(int index, int ahead) => _level + (ahead * _trend) + _seasons[index % _season];

        /// <summary>Takes a value in and gives the error with which it was expected.</summary>
        public double Step(double value, int index, double alpha, double beta, double gamma)
        {
            var error = value - At(index, 1);
            var before = _level;
            _level += _trend + (alpha * error);
            _trend += beta * (_level - before - _trend);
            if (_season > 1)
                _seasons[index % _season] += gamma * (1 - alpha) * error;
            return error;
        }
    }
}
