using System.Globalization;

namespace CrmGraph.Reporting.Demo;

/// <summary>Days that move in the Gregorian calendar.</summary>
internal static class Festivals
{
    private static readonly ChineseLunisolarCalendar Lunisolar = new();

    /// <summary>The fifteenth day of the eighth month of the Chinese calendar, between 7 September and 8 October.</summary>
    public static DateOnly MidAutumn(int year)
    {
        // The number of the leap month, which follows the month of its name, counts it in.
        var leap = Lunisolar.GetLeapMonth(year);
        return DateOnly.FromDateTime(Lunisolar.ToDateTime(year, leap is > 0 and <= 8 ? 9 : 8, 15, 0, 0, 0, 0));
    }
}
