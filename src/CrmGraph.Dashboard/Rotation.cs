using System.Globalization;

namespace CrmGraph.Dashboard;

/// <summary>Dashboards that follow each other on one screen: which, and which one is shown.</summary>
/// <param name="Keys">Of the dashboards, in their order.</param>
public sealed record Rotation(IReadOnlyList<string> Keys, TimeSpan Each, int At = 0, bool IsStopped = false)
{
    public const int Standard = 30, Least = 5, Longest = 3_600, Most = 20;

    public string Key => Keys[At];

    /// <summary>As an address says it; what it says wrongly is as if it said nothing.</summary>
    public static int Seconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? Math.Clamp(seconds, Least, Longest) : Standard;

    public static Rotation Of(string text) =>
        text.Split(' ') is [var seconds, .. var keys] ? new(keys, TimeSpan.FromSeconds(Seconds(seconds))) : throw new ArgumentException(text, nameof(text));

    public Rotation Next() => this with { At = (At + 1) % Keys.Count };

    /// <summary>What somebody does with a key; null for the keys of others.</summary>
    public Rotation? Press(string key) => key switch
    {
        "ArrowRight" => Next() with { IsStopped = true },
        "ArrowLeft" => this with { At = (At + Keys.Count - 1) % Keys.Count, IsStopped = true },
        " " => this with { IsStopped = !IsStopped },
        _ => null,
    };
}
