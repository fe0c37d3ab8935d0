using System.Buffers;
using System.Globalization;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Imports.Values;

/// <summary>
/// How numbers are written in a file, given by a sample: <c>1,234.56</c>, <c>1.234,56</c>, <c>1 234,56</c>, <c>1'234.56</c>, or <c>1234.56</c>
/// without a thousands separator. Currency signs and codes around the number, brackets or a trailing minus for negative numbers, a percent sign
/// (a hundredth) and the Chinese units 万 and 亿 are understood in every format. Wrong grouping (<c>1,23</c>) is no number: guessing would change money. Nor is <c>0.999</c> where dots group.
/// </summary>
internal sealed record NumberFormat(char DecimalSeparator, char? ThousandsSeparator)
{
    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create("0123456789.-");

    /// <summary>How 1234.56 is written.</summary>
    public string Sample => $"1{ThousandsSeparator}234{DecimalSeparator}56";

    public static NumberFormat Plain { get; } = new('.', null);

    /// <summary>Null when the sample is none.</summary>
    public static NumberFormat? FromSample(string sample)
    {
        if (sample.Length == 7 && sample.StartsWith("1234", StringComparison.Ordinal) && sample.EndsWith("56", StringComparison.Ordinal)
            && IsSeparator(sample[4]))
            return new NumberFormat(sample[4], null);
        if (sample.Length == 8 && sample[0] == '1' && sample[2..5] == "234" && sample[6..] == "56" && IsSeparator(sample[1]) && IsSeparator(sample[5])
            && sample[1] != sample[5])
            return new NumberFormat(sample[5], sample[1]);
        return null;
    }

    /// <param name="percentIsHundredth">False for fields that are percents themselves: 45% is 45.</param>
    public bool TryParse(string text, bool percentIsHundredth, out decimal number)
    {
        if (ThousandsSeparator is null && DecimalSeparator == '.' && IsPlain(text)
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number))
            return true;
        return TryParseDecorated(text, percentIsHundredth, out number);
    }

    private bool TryParseDecorated(string text, bool percentIsHundredth, out decimal number)
    {
        number = 0;
        // Full-width digits and signs, as Chinese and Japanese systems write them, become ordinary ones.
        var rest = FoldedText.Normalized(text).Trim();
        var factor = 1m;
        var isNegative = false;
        if (rest.Length > 2 && rest[0] == '(' && rest[^1] == ')')
            (rest, isNegative) = (rest[1..^1], true);
        rest = StripCurrency(WithoutDash(rest), ref isNegative);
        if (rest.EndsWith('%'))
            (rest, factor) = (rest[..^1].TrimEnd(), percentIsHundredth ? 0.01m : 1m);
        else if (rest.EndsWith('万') || rest.EndsWith('萬'))
            (rest, factor) = (rest[..^1].TrimEnd(), 10_000m);
        else if (rest.EndsWith('亿') || rest.EndsWith('億'))
            (rest, factor) = (rest[..^1].TrimEnd(), 100_000_000m);
        if (Ungroup(rest) is not { } plain
            || !decimal.TryParse(plain, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number))
            return false;
        try
        {
            number = number * factor * (isNegative ? -1 : 1);
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    /// <summary>A dash behind the decimal separator stands for no fraction: <c>5,-</c> and <c>5.– CHF</c> are 5, not below zero.</summary>
    private string WithoutDash(string text)
    {
        var dash = text.IndexOf(DecimalSeparator) + 1;
        var end = dash;
        while (dash > 0 && end < text.Length && text[end] is '-' or '–' or '—')
            end++;
        return end == dash || text.AsSpan(end).ContainsAnyInRange('0', '9') ? text : text.Remove(dash - 1, end - dash + 1);
    }

    /// <summary>Takes signs of currencies, three-letter codes and one minus from both ends.</summary>
    private static string StripCurrency(string text, ref bool isNegative)
    {
        var start = 0;
        var end = text.Length;
        var minuses = isNegative ? 1 : 0;
        while (start < end)
        {
            var first = text[start];
            if (first is '-' or '−' or '+')
                minuses += first == '+' ? 0 : 1;
            else if (!char.IsWhiteSpace(first) && !IsCurrencySign(first))
                break;
            start++;
        }
        while (end > start && (char.IsWhiteSpace(text[end - 1]) || text[end - 1] == '-' || IsCurrencySign(text[end - 1])))
        {
            minuses += text[end - 1] == '-' ? 1 : 0;
            end--;
        }
        var body = text[start..end];
        if (body.Length > 3 && IsCode(body.AsSpan(0, 3)) && !char.IsAsciiLetter(body[3]))
            body = body[3..].TrimStart();
        else if (body.Length > 3 && IsCode(body.AsSpan(body.Length - 3)) && !char.IsAsciiLetter(body[^4]))
            body = body[..^3].TrimEnd();
        if (body.StartsWith('-') && minuses == 0)
            (body, minuses) = (body[1..], 1);
        isNegative = minuses == 1;
        return minuses > 1 ? "" : body;
    }

    /// <summary>The digits with an ordinary decimal point; null when anything else stands between them, or separators where none may.</summary>
    private string? Ungroup(string text)
    {
        var (mantissa, exponent) = SplitExponent(text);
        var point = mantissa.IndexOf(DecimalSeparator);
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? "" : mantissa[(point + 1)..];
        if (ThousandsSeparator is { } separator && Separators(whole, separator) is { Length: > 1 } groups)
            whole = IsGrouped(groups, separator) ? string.Concat(groups) : "?";
        return whole.Length + fraction.Length > 0 && IsDigits(whole) && IsDigits(fraction)
            ? whole + (fraction.Length > 0 ? "." + fraction : "") + exponent
            : null;
    }

    private static (string Mantissa, string Exponent) SplitExponent(string text) =>
        text.AsSpan().IndexOfAny('e', 'E') is > 0 and var at ? (text[..at], text[at..]) : (text, "");

    /// <summary>Threes behind a first group of one to three; where commas group also as in India, twos before the last three: 12,34,567. 0.999 is no 999.</summary>
    private static bool IsGrouped(string[] groups, char separator)
    {
        var (first, last, middle) = (groups[0], groups[^1], groups[1..^1]);
        if (first.Length == 0 || first[0] == '0' || last.Length != 3)
            return false;
        return (first.Length <= 3 && middle.All(group => group.Length == 3))
            || (separator == ',' && first.Length <= 2 && middle.Length > 0 && middle.All(group => group.Length == 2));
    }

    private static bool IsDigits(string text) => text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>A blank as separator may be any kind of blank: exports use the no-break and the narrow one.</summary>
    private static string[] Separators(string whole, char separator) =>
        separator == ' ' ? whole.Split([' ', '\u00A0', '\u202F']) : separator == '\'' ? whole.Split(['\'', '’']) : whole.Split(separator);

    private static bool IsPlain(string text) => text.AsSpan().IndexOfAnyExcept(PlainCharacters) < 0;

    private static bool IsSeparator(char character) => character is '.' or ',' or ' ' or '\'' or '_';

    private static bool IsCurrencySign(char character) => char.GetUnicodeCategory(character) == UnicodeCategory.CurrencySymbol || character is '元' or '円';

    private static bool IsCode(ReadOnlySpan<char> text) => char.IsAsciiLetter(text[0]) && char.IsAsciiLetter(text[1]) && char.IsAsciiLetter(text[2]);
}
