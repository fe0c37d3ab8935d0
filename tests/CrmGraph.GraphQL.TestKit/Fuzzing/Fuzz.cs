using System.Globalization;
using System.Runtime.CompilerServices;

namespace CrmGraph.GraphQL.TestKit.Fuzzing;

/// <summary>
/// Runs a case for each of many fixed seeds. CRMGRAPH_FUZZ multiplies the number of cases (1000 makes tens of millions of all suites together);
/// CRMGRAPH_FUZZ_SEED begins elsewhere: with the seed of a failure and CRMGRAPH_FUZZ=0 that case runs alone.
/// </summary>
public static class Fuzz
{
    private const int BatchCases = 100;
    /// <summary>Failures told at once.</summary>
    private const int Failures = 12;
    // No measurement: a case takes microseconds to seconds, so one that is not done by then hangs.
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    public static Task RunAsync(int cases, Action<Random> one, [CallerMemberName] string name = "") => RunAsync(cases, random =>
    {
        one(random);
        return Task.CompletedTask;
    }, name);

    public static async Task RunAsync(int cases, Func<Random, Task> one, [CallerMemberName] string name = "")
    {
        var total = Variable("CRMGRAPH_FUZZ") is { } factor ? Math.Max(1, cases * factor) : cases;
        var first = Variable("CRMGRAPH_FUZZ_SEED") ?? 0;
        List<Exception> failures = [];
        for (var done = 0L; done < total && failures.Count < Failures; done += BatchCases)
        {
            var (from, until) = (first + done, first + Math.Min(done + BatchCases, total));
            var at = from;
            var batch = Task.Run(async () =>
            {
                for (; at < until && failures.Count < Failures; at++)
                    if (await FailureAsync(one, (int)(at % int.MaxValue)) is { } failure)
                        failures.Add(new InvalidOperationException($"{name}: seed {at}: {failure.Message}", failure));
            });
            for (var before = at; await Task.WhenAny(batch, Task.Delay(Hang)) != batch; before = at)
                if (at == before)
                    throw new TimeoutException($"{name}: seed {at} hangs.");
        }

        if (failures.Count > 0)
            throw failures.Count == 1 ? failures[0] : new AggregateException(failures);
    }

    private static async Task<Exception?> FailureAsync(Func<Random, Task> one, int seed)
    {
        try
        {
            await one(new Random(seed));
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static long? Variable(string name) =>
        long.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
