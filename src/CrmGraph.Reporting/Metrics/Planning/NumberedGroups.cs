using System.Globalization;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>Whether an order is the first of its customer.</summary>
public enum NewOrReturning
{
    /// <summary>The order before which the customer has no sale.</summary>
    New,
    /// <summary>Every other order, returns included.</summary>
    Returning,
}

/// <summary>What the numbers of computed dimensions mean.</summary>
internal static class NumberedGroups
{
    /// <summary>Upper bounds of the age bands in years, exclusive.</summary>
    public static IReadOnlyList<int> AgeBounds { get; } = [18, 25, 35, 45, 55, 65];

    public static string Key(MetricDimension dimension, int number) => dimension switch
    {
        MetricDimension.AgeBand => Ages(number),
        MetricDimension.ProbabilityAlive => string.Create(CultureInfo.InvariantCulture, $"{number * 25}-{(number + 1) * 25}"),
        MetricDimension.Cohort => string.Create(CultureInfo.InvariantCulture, $"{number / 12:0000}-{(number % 12) + 1:00}"),
        _ => Raw(dimension, number) is Enum e ? SnakeCase.Upper(e.ToString()) : number.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The number with that key; null when there is none.</summary>
    public static int? Parse(MetricDimension dimension, string key)
    {
        if (dimension == MetricDimension.Cohort)
            return DateOnly.TryParseExact(key, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
                ? (month.Year * 12) + month.Month - 1
                : null;
        var most = dimension switch
        {
            MetricDimension.AgeBand => AgeBounds.Count,
            MetricDimension.Weekday => 6,
            MetricDimension.NewOrReturning => 1,
            MetricDimension.ProbabilityAlive => 3,
            _ => 23,
        };
        for (var number = dimension == MetricDimension.MonthOfYear ? 1 : 0; number <= most; number++)
            if (Key(dimension, number) == key && (dimension != MetricDimension.MonthOfYear || number <= 12))
                return number;
        return null;
    }

    public static string Label(MetricDimension dimension, int number) => dimension switch
    {
        MetricDimension.ProbabilityAlive => $"{Key(dimension, number)} %",
        MetricDimension.HourOfDay => string.Create(CultureInfo.InvariantCulture, $"{number:00}:00"),
        MetricDimension.MonthOfYear => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(number),
        _ => Raw(dimension, number) is Enum e ? e.ToString() : Key(dimension, number),
    };

    /// <summary>The value for typed fields.</summary>
    public static object Raw(MetricDimension dimension, int number) => dimension switch
    {
        MetricDimension.Weekday => (DayOfWeek)((number + 1) % 7),
        MetricDimension.NewOrReturning => (NewOrReturning)number,
        _ => number,
    };

    private static string Ages(int band) => band switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"0-{AgeBounds[0] - 1}"),
        _ when band == AgeBounds.Count => string.Create(CultureInfo.InvariantCulture, $"{AgeBounds[^1]}+"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{AgeBounds[band - 1]}-{AgeBounds[band] - 1}"),
    };
}
