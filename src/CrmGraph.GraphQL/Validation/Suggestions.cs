namespace CrmGraph.GraphQL.Validation;

/// <summary>Names that the client may have meant.</summary>
/// <summary>Names that were likely meant.</summary>
public static class Suggestions
{
    private const int Shown = 5;

    /// <summary>Options within an edit distance of two fifths of the input, nearest first. A difference of letter case counts as one edit.</summary>
    public static IReadOnlyList<string> Nearest(string input, IEnumerable<string> options)
    {
        var most = (input.Length * 2 / 5) + 1;
        var lower = input.ToLowerInvariant();
        return options
            .Select(option => (Option: option, Distance: Distance(lower, option.ToLowerInvariant(), most)))
            .Where(x => x.Distance <= most)
            .OrderBy(static x => x.Distance).ThenBy(static x => x.Option, StringComparer.Ordinal)
            .Select(static x => x.Option)
            .Take(Shown)
            .ToArray();
    }

    /// <summary>" Did you mean ...?" with the first of the names, or nothing.</summary>
    public static string DidYouMean(IReadOnlyList<string> names, string doing = "", string quote = "\"") => names.Count switch
    {
        0 => "",
        1 => $" Did you mean {doing}{quote}{names[0]}{quote}?",
        var n => $" Did you mean {doing}{string.Join(", ", names.Take(Math.Min(n, Shown) - 1).Select(x => $"{quote}{x}{quote}"))} or "
            + $"{quote}{names[Math.Min(n, Shown) - 1]}{quote}?",
    };

    /// <summary>The optimal string alignment distance: insert, delete, replace, or swap two neighbours.</summary>
    private static int Distance(string a, string b, int most)
    {
        if (Math.Abs(a.Length - b.Length) > most)
            return int.MaxValue;
        int[] before = new int[b.Length + 1], up = new int[b.Length + 1], row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            up[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(up[j] + 1, row[j - 1] + 1), up[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, up, row) = (up, row, before);
        }

        return up[b.Length];
    }
}
