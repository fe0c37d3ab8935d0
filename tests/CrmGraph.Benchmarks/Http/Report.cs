using System.Globalization;

namespace CrmGraph.Benchmarks.Http;

/// <summary>The table, as Markdown. Of each figure the median of the rounds.</summary>
internal static class Report
{
    public static void Head(HttpOptions options, string other)
    {
        Console.WriteLine(
            $"{options.Connections} connections, {options.Rounds} rounds of {options.Seconds} s in turn, pool of {HttpOptions.PoolSize}, ours against {other}\n");
        Console.WriteLine(
            "| Request | Server | Requests/s | Of the other | p50, p99 ms | p99 of the other | CPU s per 1,000: server, database | Bytes allocated a request |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|");
    }

    public static void Rows(Workload workload, List<Round> ours, List<Round> others, string our, string other)
    {
        Row(workload.Name, our, ours, Ratio(ours, others, r => r.Load.PerSecond) + Spread(ours, others), Ratio(ours, others, r => r.Load.P99Milliseconds));
        Row("", other, others, "", "");
        var bad = ours.Concat(others).Sum(r => r.Load.Bad);
        if (bad > 0)
            Console.Error.WriteLine($"{workload.Name}: {bad} requests failed; the numbers do not count.");
    }

    private static void Row(string name, string server, List<Round> rounds, string ratio, string tail) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {server} | {Median(rounds, r => r.Load.PerSecond):N0} | {ratio} | "
            + $"{Median(rounds, r => r.Load.P50Milliseconds):0.00}, {Median(rounds, r => r.Load.P99Milliseconds):0.0} | {tail} | "
            + $"{PerThousand(rounds, r => r.ServerCpuSeconds):0.000}, {PerThousand(rounds, r => r.DatabaseCpuSeconds):0.000} | "
            + $"{Median(rounds, r => (double)r.AllocatedBytes / r.Load.Requests):N0} |"));

    private static double PerThousand(List<Round> rounds, Func<Round, double> seconds) => Median(rounds, r => seconds(r) * 1000 / r.Load.Requests);

    private static string Ratio(List<Round> ours, List<Round> others, Func<Round, double> value)
        => (Median(ours, value) / Median(others, value)).ToString("0.00", CultureInfo.InvariantCulture);

    // How far the rounds lie apart: on a busy machine a ratio says less.
    private static string Spread(List<Round> ours, List<Round> others)
    {
        var ratios = ours.Zip(others, (a, b) => a.Load.PerSecond / b.Load.PerSecond).Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $" ({ratios[0]:0.00} to {ratios[^1]:0.00})");
    }

    private static double Median(List<Round> rounds, Func<Round, double> value)
    {
        var sorted = rounds.Select(value).Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
