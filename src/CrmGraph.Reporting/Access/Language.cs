using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Reporting.Access;

/// <summary>The language in which whoever asks reads labels. Set by the host in the request state; English when it is not.</summary>
/// <param name="Tag">Its BCP 47 tag.</param>
public sealed record Language(string Tag)
{
    // Further preferences than these are nobody's.
    private const int Preferences = 20;

    public static Language English { get; } = new("en");
    public static Language Chinese { get; } = new("zh");

    public static Language Of(RequestState state) => state.Get<Language>() ?? English;

    /// <summary>The one of ours that <c>Accept-Language</c> prefers (RFC 9110, section 12.5.4): English when it names neither.</summary>
    public static Language Of(string? acceptLanguage)
    {
        if (string.IsNullOrEmpty(acceptLanguage))
            return English;
        var (chosen, best) = (English, 0.0);
        foreach (var preference in acceptLanguage.Split(',').Take(Preferences))
        {
            var parts = preference.Split(';', StringSplitOptions.TrimEntries);
            var language = parts[0].Split('-')[0].Trim().ToLowerInvariant() switch { "zh" => Chinese, "en" => English, _ => null };
            if (language is null || Quality(parts) is not { } quality || quality <= best)
                continue;
            (chosen, best) = (language, quality);
        }

        return chosen;
    }

    public string Choose(string english, string chinese) => this == Chinese ? chinese : english;

    /// <summary>The words of a file of <c>Words</c>, by what they are the Chinese for.</summary>
    internal static FrozenDictionary<string, string> ChineseWords(string file)
    {
        using var stream = typeof(Language).Assembly.GetManifestResourceStream($"words/{file}.zh.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static double? Quality(string[] parts)
    {
        if (Array.Find(parts, static p => p.StartsWith("q=", StringComparison.OrdinalIgnoreCase)) is not { } text)
            return 1;
        return double.TryParse(text.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality) ? quality : null;
    }
}
