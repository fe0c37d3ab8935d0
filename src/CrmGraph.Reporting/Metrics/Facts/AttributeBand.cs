using System.Globalization;
using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Numbers from one border up to, but without, the next. Its key, such as `18..30`, says all of it.</summary>
/// <param name="From">Null for the band below the first border.</param>
/// <param name="Until">Null for the band from the last border on.</param>
internal sealed record AttributeBand(decimal? From, decimal? Until) : IComparable
{
    private const string Between = "..";
    // As far as numbers of attributes go.
    private const decimal Most = 100_000_000_000_000;
    private const int Digits = 4;

    public string Key => $"{(From is { } from ? Text(from) : "")}{Between}{(Until is { } until ? Text(until) : "")}";

    /// <summary>What is wrong with borders; null when nothing is.</summary>
    /// <param name="argument">What they are given as.</param>
    public static string? Fault(IReadOnlyList<decimal> borders, int most, string argument)
    {
        if (borders.Count > most)
            return $"{argument} takes at most {most} borders, not {borders.Count}.";
        foreach (var border in borders)
            if (Math.Abs(border) >= Most || decimal.Round(border, Digits) != border)
                return string.Create(
                    CultureInfo.InvariantCulture, $"{argument} takes numbers of at most 14 digits before and {Digits} after the point, not {border}.");
        for (var i = 1; i < borders.Count; i++)
            if (borders[i] <= borders[i - 1])
                return $"{argument} must be ascending: {Text(borders[i])} cannot follow {Text(borders[i - 1])}.";
        return null;
    }

    public static string Text(decimal number) => number.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>Null for a text that is no key.</summary>
    public static AttributeBand? Parse(string key) =>
        key.Split(Between) is [var from, var until] && key != Between && TryRead(from, out var least) && TryRead(until, out var most) ? new(least, most) : null;

    private static bool TryRead(string text, out decimal? border)
    {
        border = decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
        return text.Length == 0 || border is not null;
    }

    /// <summary>The key of the band of a number.</summary>
    public static Expression KeyOf(Expression number, IReadOnlyList<decimal> borders)
    {
        Expression key = Expression.Constant(null, typeof(string));
        for (var i = borders.Count; i >= 0; i--)
        {
            var band = new AttributeBand(i == 0 ? null : borders[i - 1], i == borders.Count ? null : borders[i]);
            key = i == borders.Count ? Expression.Constant(band.Key) : Expression.Condition(IsBelow(borders[i]), Expression.Constant(band.Key), key);
        }

        return Expression.Condition(Expression.Equal(number, Expression.Constant(null, typeof(long?))), Expression.Constant(null, typeof(string)), key);

        BinaryExpression IsBelow(decimal border) => Expression.LessThan(number, Expression.Constant(FixedPoint.FromDecimal(border), typeof(long?)));
    }

    public string LabelIn(Language language) => (From, Until) switch
    {
        (null, { } until) => language.Choose($"under {Text(until)}", $"小于 {Text(until)}"),
        ({ } from, { } until) => language.Choose($"{Text(from)} to under {Text(until)}", $"{Text(from)} 至小于 {Text(until)}"),
        _ => language.Choose($"{Text(From ?? 0)} and over", $"{Text(From ?? 0)} 及以上"),
    };

    public int CompareTo(object? obj) => Nullable.Compare(From, (obj as AttributeBand)?.From);
}
