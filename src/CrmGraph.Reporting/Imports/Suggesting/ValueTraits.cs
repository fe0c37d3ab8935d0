using System.Globalization;
using System.Text.RegularExpressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Imports.Values;
using CrmGraph.Reporting.Ingest.Fields;

namespace CrmGraph.Reporting.Imports.Suggesting;

/// <summary>What the values of a column have in common.</summary>
internal sealed partial record ValueTraits
{
    private static readonly DateOnly Today = new(2100, 1, 1);

    /// <summary>In the order of how sure they are. Day before month stands in front: where values tell them apart, they do.</summary>
    private static readonly string[] DatePatterns =
    [
        DateFormats.Iso, "yyyyMMdd", "dd.MM.yyyy HH:mm:ss", "dd.MM.yyyy HH:mm", "d.M.yyyy H:mm", "d.M.yyyy", "d.M.yy", "yyyy/M/d H:mm:ss",
            "yyyy/M/d H:mm", "yyyy/M/d",
        "yyyy年M月d日 H:mm", "yyyy年M月d日", "M/d/yyyy h:mm tt", "M/d/yyyy H:mm:ss", "M/d/yyyy H:mm", "M/d/yyyy", "d/M/yyyy H:mm:ss", "d/M/yyyy H:mm", "d/M/yyyy",
        "M/d/yy H:mm", "M/d/yy", "d-M-yyyy", "d MMM yyyy", "MMM d, yyyy hh:mm tt", "MMM d, yyyy", "d-MMM-yyyy", "d-MMM-yy",
    ];

    private static readonly string[] NumberSamples = ["1234.56", "1,234.56", "1.234,56", "1 234,56", "1'234.56"];

    private static readonly Dictionary<string, string> Signs = new(StringComparer.Ordinal)
    {
        ["€"] = "EUR", ["$"] = "USD", ["£"] = "GBP", ["¥"] = "CNY", ["￥"] = "CNY", ["CHF"] = "CHF",
    };

    public int Count { get; private init; }
    public bool IsEmail { get; private init; }
    public bool IsPhone { get; private init; }
    public bool IsCurrency { get; private init; }
    /// <summary>Patterns that every value fits, or where there is none that nearly every one does; the likeliest first, which is the one to use.</summary>
    public IReadOnlyList<string> Dates { get; private init; } = [];
    /// <summary>How numbers are written, by samples that every value fits, or where there is none that nearly every one does.</summary>
    public IReadOnlyList<string> Numbers { get; private init; } = [];
    public IReadOnlyList<string> Distinct { get; private init; } = [];
    /// <summary>The currency whose sign the values have.</summary>
    public string? CurrencySign { get; private init; }
    public bool IsUnique => Count > 0 && Distinct.Count == Count;

    public static ValueTraits Of(IEnumerable<string> values)
    {
        var all = values.ToList();
        var distinct = all.Distinct(StringComparer.Ordinal).ToList();
        return new()
        {
            Count = all.Count,
            Distinct = distinct,
            IsEmail = all.Count > 0 && all.TrueForAll(IsEmailAddress),
            IsPhone = all.Count > 0 && all.TrueForAll(v => Phone().IsMatch(v)),
            IsCurrency = all.Count > 0 && distinct.TrueForAll(v => CurrencyCodes.Find(v) is not null),
            Dates = Fitting(DatePatterns, distinct, IsDay),
            Numbers = Fitting(NumberSamples, distinct, IsWritten),
            CurrencySign = Signs.Where(s => all.Count > 0 && all.TrueForAll(v => v.Contains(s.Key, StringComparison.Ordinal))).Select(s =>
                s.Value).FirstOrDefault(),
        };
    }

    /// <summary>Whether the values could be what the field holds; with no values anything could.</summary>
    public bool Suits(FieldKind kind) => Count == 0 || kind switch
    {
        FieldKind.Number or FieldKind.Percent or FieldKind.Integer => Numbers.Count > 0,
        FieldKind.Day or FieldKind.Moment => Dates.Count > 0 || IsEpoch,
        _ => true,
    };

    /// <summary>Milliseconds since 1970, between 1990 and 2100.</summary>
    public bool IsEpoch => Count > 0 && Distinct.All(v => long.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        && n is > 631_152_000_000 and < 4_102_444_800_000);

    public static bool IsNumber(string text) => NumberFormat.FromSample("1,234.56")!.TryParse(text, false, out _)
        || NumberFormat.FromSample("1.234,56")!.TryParse(text, false, out _);

    public static bool IsDate(string text) => DatePatterns.Any(p => IsDay(p)(text));

    public static bool IsEmailAddress(string text) => Email().IsMatch(text);

    /// <summary>One value in twenty may be a slip: its row is refused then, and the column is still what it is.</summary>
    private static IReadOnlyList<string> Fitting(string[] forms, List<string> values, Func<string, Func<string, bool>> reads)
    {
        if (values.Count == 0)
            return [];
        var most = values.Count / 20;
        var slips = forms.Select(f => (Form: f, Slips: Slips(reads(f)))).Where(f => f.Slips <= most).ToList();
        return slips.Count == 0 ? [] : [.. slips.Where(f => f.Slips == slips.Min(s => s.Slips)).Select(f => f.Form)];

        int Slips(Func<string, bool> fits)
        {
            var count = 0;
            for (var i = 0; i < values.Count && count <= most; i++)
                count += fits(values[i]) ? 0 : 1;
            return count;
        }
    }

    private static Func<string, bool> IsWritten(string sample)
    {
        var format = NumberFormat.FromSample(sample)!;
        return v => format.TryParse(v, false, out _);
    }

    private static Func<string, bool> IsDay(string pattern)
    {
        var format = new DateFormats([pattern], TimeZoneInfo.Utc, CultureInfo.InvariantCulture);
        return v => format.TryParseDay(v, Today, false, out var day) && day.Year is > 1900 and < 2100;
    }

    [GeneratedRegex(@"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Email();

    [GeneratedRegex(@"^[+(]?[0-9][0-9 ()/.\-]{5,24}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Phone();
}
