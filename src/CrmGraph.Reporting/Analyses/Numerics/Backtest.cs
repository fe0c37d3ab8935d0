namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>How far a method was off where what came is known.</summary>
/// <param name="MeanAbsoluteError">Null where the series is too short for the method.</param>
internal sealed record BacktestScore(ForecastMethod Method, double? MeanAbsoluteError, int Forecasts);

internal static class Backtest
{
    private const int MostOrigins = 12;

    /// <summary>
    /// Each method forecasts as it would have some intervals ago, up to twelve times from ever later origins, and every forecast whose truth is known
    /// counts. All methods are asked at the same origins.
    /// </summary>
    public static IReadOnlyList<BacktestScore> Of(double[] values, int ahead, IReadOnlyList<ForecastMethod> methods)
    {
        var usable = methods.Where(m => m.Least + ahead <= values.Length).ToList();
        if (usable.Count == 0)
            return [.. methods.Select(m => new BacktestScore(m, null, 0))];
        // Those that would leave nothing to be tested on do not hold back the others.
        var least = usable.Max(m => m.Least);
        var origins = Enumerable.Range(least, values.Length - least).TakeLast(Math.Max(ahead, MostOrigins)).Take(MostOrigins).ToList();
        return [.. methods.Select(m => usable.Contains(m) ? Score(m, values, ahead, origins) : new BacktestScore(m, null, 0))];
    }

    private static BacktestScore Score(ForecastMethod method, double[] values, int ahead, List<int> origins)
    {
        var errors = origins.SelectMany(origin => method.Forecast(values[..origin], Math.Min(ahead, values.Length - origin))
            .Select((f, i) => Math.Abs(f.Value - values[origin + i]))).ToList();
        return new(method, errors.Average(), errors.Count);
    }
}
