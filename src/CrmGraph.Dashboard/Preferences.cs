using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmGraph.Dashboard;

/// <summary>Language, theme and time zone: what the visitor chose, or what his browser says; of the zone, what the company has.</summary>
public sealed class Preferences
{
    internal const string Path = "/dashboard/choose";
    private const string LanguageCookie = "crmgraph_language", ThemeCookie = "crmgraph_theme", ZoneCookie = "crmgraph_zone";
    private static readonly string[] _languages = ["en", "zh"], _themes = ["auto", "light", "dark"];
    private static readonly Lazy<IReadOnlyDictionary<string, string>> _chinese = new(() => Load("zh"));

    internal Preferences(HttpRequest request)
    {
        Language = LanguageOf(request);
        Theme = Of(request.Cookies[ThemeCookie], _themes) ?? "auto";
        OwnZone = KnownZone(request.Cookies[ZoneCookie]);
        Culture = CultureInfo.GetCultureInfo(Language == "zh" ? "zh-CN" : CultureOf(request));
    }

    public string Language { get; }
    public string Theme { get; }
    public CultureInfo Culture { get; }
    /// <summary>The zone in which the visitor wants to be told moments, by its IANA name; null for that of the company.</summary>
    public string? OwnZone { get; }

    /// <summary>The zone of the company's days; known with the visitor.</summary>
    public TimeZoneInfo CompanyZone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>The zone in which moments are told.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public bool IsChinese => Language == "zh";

    internal void LiveIn(string companyZone)
    {
        CompanyZone = TimeZoneInfo.FindSystemTimeZoneById(companyZone);
        TellIn(OwnZone);
    }

    internal void TellIn(string? zone) => Zone = zone is null ? CompanyZone : TimeZoneInfo.FindSystemTimeZoneById(zone);

    /// <summary>The language of the pages that a request gets.</summary>
    public static string LanguageOf(HttpRequest request) =>
        Of(request.Cookies[LanguageCookie], _languages) ?? Accepted(request.Headers.AcceptLanguage.ToString());

    /// <summary>A text in the visitor's language; the English text is its name.</summary>
    public string this[string english] => IsChinese ? _chinese.Value.GetValueOrDefault(english, english) : english;

    /// <summary>A text with places for values.</summary>
    public string Say(string english, params object?[] values) => string.Format(Culture, this[english], values);

    /// <summary>Why a mutation was refused: in the visitor's language what its code means, and what exactly was wrong. Null when it was not.</summary>
    public string? Refusal(IReadOnlyList<Refusal>? errors) => errors is not [var first, ..] ? null
        : IsChinese && first.CodeLabel.Length > 0 ? $"{first.CodeLabel} {first.Message}" : first.Message;

    internal static IReadOnlyDictionary<string, string> Chinese => _chinese.Value;

    internal static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(Path, Choose);

    private static void Choose(HttpContext context)
    {
        var query = context.Request.Query;
        Keep(LanguageCookie, Of(query["language"], _languages));
        Keep(ThemeCookie, Of(query["theme"], _themes));
        if (query["zone"] is [{ Length: 0 }])
            context.Response.Cookies.Delete(ZoneCookie);
        Keep(ZoneCookie, KnownZone(query["zone"]));
        context.Response.Redirect(Routes.Local(query["back"]));

        void Keep(string cookie, string? value)
        {
            if (value is not null)
                context.Response.Cookies.Append(cookie, value, new() { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365) });
        }
    }

    /// <summary>A zone that there is, by its IANA name.</summary>
    internal static string? KnownZone(string? named) =>
        !string.IsNullOrEmpty(named) && TimeZoneInfo.TryFindSystemTimeZoneById(named, out var known) && known.HasIanaId ? named : null;

    private static string? Of(string? given, string[] known) => Array.Find(known, k => k.Equals(given, StringComparison.Ordinal));

    private static string Accepted(string header) =>
        header.Split(',').Select(part => part.Trim()).FirstOrDefault(part => part.StartsWith("zh", StringComparison.OrdinalIgnoreCase)
            || part.StartsWith("en", StringComparison.OrdinalIgnoreCase)) is ['z' or 'Z', ..] ? "zh" : "en";

    // English words, but numbers and dates as an Englishman or American has them.
    private static string CultureOf(HttpRequest request)
        => request.Headers.AcceptLanguage.ToString().StartsWith("en-GB", StringComparison.OrdinalIgnoreCase) ? "en-GB" : "en-US";

    private static Dictionary<string, string> Load(string language)
    {
        using var stream = typeof(Preferences).Assembly.GetManifestResourceStream($"words/{language}.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }
}
