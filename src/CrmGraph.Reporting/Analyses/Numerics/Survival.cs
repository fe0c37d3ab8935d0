namespace CrmGraph.Reporting.Analyses.Numerics;

/// <summary>How long something took, or has been waited for.</summary>
/// <param name="Happened">False where it has not happened yet.</param>
internal readonly record struct Duration(double Time, bool Happened);

/// <summary>Durations of which some are not over (Kaplan and Meier 1958).</summary>
internal static class Survival
{
    /// <summary>The time by which so great a share has happened; null where that cannot be told yet.</summary>
    public static double? Quantile(IReadOnlyCollection<Duration> durations, double share)
    {
        var (waiting, survives) = (durations.Count, 1d);
        // Who is still waiting after a time was waiting at it.
        foreach (var at in durations.GroupBy(d => d.Time).OrderBy(g => g.Key))
        {
            survives *= 1 - (at.Count(d => d.Happened) / (double)waiting);
            if (survives <= 1 - share + 1e-12)
                return at.Key;
            waiting -= at.Count();
        }

        return null;
    }
}
