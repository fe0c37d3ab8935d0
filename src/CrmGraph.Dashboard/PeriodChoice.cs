using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace CrmGraph.Dashboard;

/// <summary>The period that a page shows and what it is compared with, as they stand in the page's address.</summary>
public sealed record PeriodChoice(string Key, DateOnly? From, DateOnly? Until, string Compare)
{
    /// <summary>The zone in which moments are told, by its IANA name; null for that of the company.</summary>
    public string? Zone { get; init; }

    /// <summary>Some of all the world; an address may name any other.</summary>
    public static readonly IReadOnlyList<string> Zones =
    [
        "UTC", "Pacific/Honolulu", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "America/Sao_Paulo", "Europe/London",
        "Europe/Berlin", "Europe/Athens", "Europe/Moscow", "Africa/Lagos", "Africa/Johannesburg", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka",
        "Asia/Bangkok", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland",
    ];

    public const string Custom = "custom", Standard = "30d", Previous = "previous", Year = "year", None = "none";

    /// <summary>The periods of the list: key, words, input of the graph.</summary>
    public static readonly IReadOnlyList<(string Key, string Words, object Input)> Known =
    [
        ("7d", "Last 7 days", Last(7, "DAY")),
        ("30d", "Last 30 days", Last(30, "DAY")),
        ("90d", "Last 90 days", Last(90, "DAY")),
        ("week", "This week", new { toDate = "WEEK" }),
        ("month", "This month", new { toDate = "MONTH" }),
        ("lastmonth", "Last month", new { last = new { count = 1, unit = "MONTH", complete = true } }),
        ("quarter", "This quarter", new { toDate = "QUARTER" }),
        ("year", "This year", new { toDate = "YEAR" }),
        ("12m", "Last 12 months", new { last = new { count = 12, unit = "MONTH" } }),
        ("12wm", "Last 12 whole months", new { last = new { count = 12, unit = "MONTH", complete = true } }),
    ];

    public static readonly IReadOnlyList<(string Key, string Words)> Comparisons =
        [(Previous, "Previous period"), (Year, "Year before"), (None, "No comparison")];

    /// <summary>As the graph takes it.</summary>
    public object Input => Key == Custom && From is { } from && Until is { } through
        ? new { range = new { from = Iso(from), through = Iso(through) } }
        : Known.First(k => k.Key == (Key == Custom ? Standard : Key)).Input;

    public string? CompareTo => Compare switch { Previous => "PREVIOUS_PERIOD", Year => "PREVIOUS_YEAR", _ => null };

    public string Query => (Key == Custom && From is { } from && Until is { } through
        ? $"?from={Iso(from)}&through={Iso(through)}&compare={Compare}"
        : $"?period={Key}&compare={Compare}") + ZoneQuery;

    public string ZoneQuery => Zone is null ? "" : "&zone=" + Uri.EscapeDataString(Zone);

    /// <summary>What an address says; what it says wrongly is as if it said nothing.</summary>
    /// <param name="ownZone">The visitor's, where the address names none.</param>
    public static PeriodChoice Of(string address, string? ownZone)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        var compare = Comparisons.Select(c => c.Key).FirstOrDefault(k => k == Get("compare"), Previous);
        var zone = Preferences.KnownZone(Get("zone")) ?? ownZone;
        if (Day("from") is { } from && Day("through") is { } through && from <= through)
            return new(Custom, from, through, compare) { Zone = zone };
        return new(Known.Select(k => k.Key).FirstOrDefault(k => k == Get("period"), Standard), null, null, compare) { Zone = zone };

        string? Get(string name) => query.TryGetValue(name, out var value) ? value.ToString() : null;

        DateOnly? Day(string name) =>
            DateOnly.TryParseExact(Get(name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
    }

    private static object Last(int count, string unit) => new { last = new { count, unit } };

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
