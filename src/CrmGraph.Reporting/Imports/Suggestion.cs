namespace CrmGraph.Reporting.Imports;

/// <summary>"Did you mean": the nearest of the known names.</summary>
internal static class Suggestion
{
    /// <summary>The text to put behind a message; empty when nothing is near.</summary>
    public static string For(string name, IEnumerable<string> known)
    {
        var nearest = known.Select(candidate => (candidate, distance: Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal).FirstOrDefault();
        return nearest.candidate is not null && nearest.distance <= (name.Length <= 3 ? 1 : Math.Max(2, name.Length / 3))
            ? $" (did you mean '{nearest.candidate}'?)"
            : "";
    }

    /// <summary>Levenshtein's distance: single characters put in, taken out or replaced.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 10 || a.Length > 100)
            return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}
