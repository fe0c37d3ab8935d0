using System.Globalization;

namespace CrmGraph.Dashboard;

/// <summary>What a number is, and so how it is written.</summary>
public enum FigureKind { Count, Money, Score, Ratio, Rate }

/// <summary>Numbers, days and reasons as a visitor reads them.</summary>
public sealed class Figures(Preferences say)
{
    private const decimal Thousand = 1_000, TenThousand = 10_000, Million = 1_000_000, HundredMillion = 100_000_000, Billion = 1_000_000_000;

    public string Text(decimal value, FigureKind kind, string? currency = null) => kind switch
    {
        FigureKind.Money => Money(value, currency),
        FigureKind.Score => value.ToString("0.0", say.Culture),
        FigureKind.Ratio => value.ToString("P1", say.Culture),
        FigureKind.Rate => value.ToString("#,0.##", say.Culture),
        _ => value.ToString("N0", say.Culture),
    };

    /// <summary>A change with its sign: the sign, and not only the colour, says where it goes.</summary>
    public string Change(decimal ratio) => ratio.ToString("+0.0%;−0.0%;0.0%", say.Culture);

    public string Difference(decimal value) => value.ToString("+#,0.#;−#,0.#;0", say.Culture);

    /// <summary>A value of an enum of the graph: <c>SALES_QUALIFIED</c> is "Sales qualified".</summary>
    public string Name(string value) => say[Words(value)];

    /// <summary>Of what a mark is a value: of an attribute that a source has named, or of a dimension.</summary>
    public string Of(Mark mark) => mark.Attribute ?? Name(mark.Dimension);

    /// <summary>A kind of chart. A single number is none that something has.</summary>
    public string Chart(string kind) => kind == "NUMBER" ? say["Single number"] : Name(kind);

    internal static string Words(string value) => value.Length == 0 ? value : value[0] + value[1..].Replace('_', ' ').ToLowerInvariant();

    /// <summary>A field of the graph: <c>lastPurchase</c> is "Last purchase".</summary>
    public string Field(string name) => name == "line" ? say["Order line"] : say[FieldWords(name)];

    internal static string FieldWords(string name) =>
        char.ToUpperInvariant(name[0]) + string.Concat(name.Skip(1).Select(c => char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()));

    /// <summary>An amount to the cent, as it stands in a document.</summary>
    public string Amount(decimal value, string currency) => $"{(value < 0 ? "−" : "")}{Symbol(currency)}{Math.Abs(value).ToString("N2", say.Culture)}";

    public string Date(DateOnly? day) => day is { } known ? Long(known) : "–";

    public string Time(DateTime utc) => Told(utc, say.IsChinese ? "yyyy年M月d日 HH:mm" : "d MMM yyyy HH:mm");

    public string Day(DateOnly day) => day.ToString(say.IsChinese ? "M月d日" : "d MMM", say.Culture);

    public string Days(DateOnly start, DateOnly through) =>
        start == through ? Long(start)
            : start.Year != through.Year ? $"{Long(start)} – {Long(through)}"
            // The year stands with the day that it is written at.
            : say.IsChinese ? $"{Long(start)} – {Day(through)}" : $"{Day(start)} – {Long(through)}";

    public string Month(DateOnly day) => day.ToString(say.IsChinese ? "yyyy年M月" : "MMM yyyy", say.Culture);

    /// <summary>A time bucket, whose label is the same in all languages: <c>2026-03</c> is "Mar 2026".</summary>
    public string Bucket(string label)
    {
        if (DateOnly.TryParseExact(label, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return Long(day);
        if (DateOnly.TryParseExact(label, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
            return Month(month);
        if (DateTime.TryParseExact(label, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var hour))
            return $"{Day(DateOnly.FromDateTime(hour))} {hour.ToString("HH:mm", CultureInfo.InvariantCulture)}";
        return label.Split('-') switch
        {
            [var year, ['Q', var quarter]] => say.Say("Q{0} {1}", quarter, year),
            [var year, ['W', ..] week] => say.Say("Week {0}, {1}", int.Parse(week.AsSpan(1), CultureInfo.InvariantCulture), year),
            _ => label,
        };
    }

    public string Moment(DateTime utc) => Told(utc, say.IsChinese ? "M月d日 HH:mm:ss" : "d MMM HH:mm:ss");

    /// <summary>In the zone that was chosen, whose distance from UTC stands beside.</summary>
    private string Told(DateTime utc, string format)
    {
        var (offset, sign) = (say.Zone.GetUtcOffset(utc), say.Zone.GetUtcOffset(utc) < TimeSpan.Zero ? "−" : "+");
        var distance = offset == TimeSpan.Zero ? "" : sign + offset.ToString(offset.Minutes == 0 ? "%h" : @"h\:mm", CultureInfo.InvariantCulture);
        return $"{(utc + offset).ToString(format, say.Culture)} UTC{distance}";
    }

    /// <summary>Why there is no number.</summary>
    public string Reason(string? reason) => say[reason switch
    {
        "ZERO_DENOMINATOR" => "Nothing to divide by",
        "NO_DATA" => "No data",
        "INCOMPLETE_PERIOD" => "The period is not over",
        "SUPPRESSED_SMALL_GROUP" => "Hidden: too few customers",
        "MIXED_CURRENCY" => "Several currencies without a rate",
        "UNSUPPORTED_GROUPING" => "Cannot be grouped so",
        "UNSUPPORTED_GRAIN" => "Not by this interval",
        "UNSUPPORTED_FILTER" => "Not with this filter",
        "NOT_ALLOWED" => "Not for your role",
        "UNKNOWN_COST" => "Cost unknown",
        "NO_PARTNER" => "Nothing to compare with",
        "OUT_OF_RANGE" => "Too large a number",
        _ => "No value",
    }];

    private string Long(DateOnly day) => day.ToString(say.IsChinese ? "yyyy年M月d日" : "d MMM yyyy", say.Culture);

    private string Money(decimal value, string? currency)
    {
        var sign = value < 0 ? "−" : "";
        return sign + Symbol(currency) + Short(Math.Abs(value));
    }

    // As both languages count: thousands and millions, or ten thousands and hundred millions.
    private string Short(decimal value) => (say.IsChinese, value) switch
    {
        (true, >= HundredMillion) => (value / HundredMillion).ToString("0.00", say.Culture) + " 亿",
        (true, >= TenThousand) => (value / TenThousand).ToString("#,0.0", say.Culture) + " 万",
        (false, >= Billion) => (value / Billion).ToString("0.00", say.Culture) + " bn",
        (false, >= Million) => (value / Million).ToString("0.00", say.Culture) + " M",
        (_, >= Thousand) => value.ToString("N0", say.Culture),
        _ => value.ToString("N2", say.Culture),
    };

    private static string Symbol(string? currency) => currency switch
    {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "CNY" => "¥",
        null => "",
        _ => currency + " ",
    };
}
