using System.Globalization;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>An interval on the time axis, cut off at the ends of the period.</summary>
/// <param name="Index">The position on the time axis, counted from 0.</param>
/// <param name="Start">The first day, or the day of the hour.</param>
/// <param name="Until">The first day after the bucket.</param>
/// <param name="Hour">The local hour, 0 to 23; null unless the grain is HOUR.</param>
/// <param name="Label">A label for people, such as 2026, 2026-Q1, 2026-03, 2026-W12, 2026-03-16, 2026-03-16 09:00, FY2026 or FY2026-Q1.</param>
/// <param name="Incomplete">Whether the bucket is not over yet, or only partly within the period.</param>
/// <param name="StartsAt">The moment at which the bucket begins in the reporting time zone.</param>
/// <param name="EndsAt">The moment at which the bucket ends in the reporting time zone.</param>
public sealed record TimeBucket(int Index, DateOnly Start, DateOnly Until, int? Hour, string Label, bool Incomplete, DateTime StartsAt, DateTime EndsAt)
{
    /// <summary>The last day.</summary>
    public DateOnly Through => Until.AddDays(-1);

    /// <summary>It lies in the future as a whole, so that nothing can be said of it.</summary>
    [GraphQLIgnore] public bool IsFuture { get; init; }

    internal string Key
        => Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + (Hour is { } hour ? string.Create(CultureInfo.InvariantCulture, $"T{hour:00}") : "");
}

/// <summary>The buckets of a range of days, and the number by which the database tells them apart.</summary>
internal sealed class TimeBuckets
{
    private readonly Dictionary<int, int> _byNumber = [];

    private TimeBuckets(TimeGrain? grain, DayRange days, IReadOnlyList<TimeBucket> list, BucketNumber number)
    {
        Grain = grain;
        Days = days;
        List = list;
        foreach (var bucket in list)
            if (bucket.Hour is null)
                _byNumber.TryAdd(number.Of(bucket.Start), bucket.Index);
    }

    public TimeGrain? Grain { get; }
    public DayRange Days { get; }
    /// <summary>Empty without a grain.</summary>
    public IReadOnlyList<TimeBucket> List { get; }

    /// <exception cref="GraphQLException">METRIC_TOO_MANY_ROWS: more buckets than <paramref name="limit"/>.</exception>
    public static TimeBuckets Of(TimeGrain? grain, DayRange days, ReportingMoment moment, int limit)
    {
        var number = BucketNumber.For(grain ?? TimeGrain.Day, moment);
        if (grain is not { } g)
            return new(null, days, [], number);
        var list = new List<TimeBucket>();
        for (var start = days.From; start < days.Until;)
        {
            var unitEnd = ReportingMoment.AddUnits(moment.StartOfUnit(start, Unit(g)), Unit(g), 1);
            var until = unitEnd < days.Until ? unitEnd : days.Until;
            if (g == TimeGrain.Hour)
                AddHours(list, start, moment);
            else
                list.Add(Make(list.Count, g, start, until, unitEnd, moment));
            if (list.Count > limit)
                throw new GraphQLException(MetricErrorCodes.TooManyRows,
                    $"The period has more than {limit} buckets of grain {g.ToString().ToUpperInvariant()}; use a coarser grain or a shorter period.");
            start = until;
        }

        return new(grain, days, list, number);
    }

    /// <summary>The bucket of a number of the database; null outside the period.</summary>
    public int? IndexOfNumber(int number) => _byNumber.TryGetValue(number, out var index) ? index : null;

    /// <summary>The bucket of a day and hour; an hour that the clocks skipped belongs to the next one. Null outside the period.</summary>
    public int? IndexOf(DateOnly day, int hour = 0)
    {
        int low = 0, high = List.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var bucket = List[middle];
            if (bucket.Until <= day || (bucket.Hour is { } h && bucket.Start == day && h < hour))
                low = middle + 1;
            else
                high = middle - 1;
        }

        return low < List.Count && Days.Contains(day) ? low : null;
    }

    /// <summary>What a bucket of the grain is a part or the whole of.</summary>
    public static CalendarUnit Unit(TimeGrain grain) => grain switch
    {
        TimeGrain.Week => CalendarUnit.Week,
        TimeGrain.Month => CalendarUnit.Month,
        TimeGrain.Quarter => CalendarUnit.Quarter,
        TimeGrain.Year => CalendarUnit.Year,
        TimeGrain.FiscalQuarter => CalendarUnit.FiscalQuarter,
        TimeGrain.FiscalYear => CalendarUnit.FiscalYear,
        _ => CalendarUnit.Day,
    };

    private static TimeBucket Make(int index, TimeGrain grain, DateOnly start, DateOnly until, DateOnly unitEnd, ReportingMoment moment)
    {
        var whole = until == unitEnd && moment.StartOfUnit(start, Unit(grain)) == start;
        return new(index, start, until, null, Label(grain, start, moment), !whole || until > moment.Today, moment.StartOf(start), moment.StartOf(until))
        {
            IsFuture = start > moment.Today,
        };
    }

    // A day has 23, 24 or 25 hours; both passes through a repeated hour are one bucket, because facts know their local hour only.
    private static void AddHours(List<TimeBucket> list, DateOnly day, ReportingMoment moment)
    {
        for (var hour = 0; hour < 24; hour++)
        {
            var local = day.ToDateTime(new TimeOnly(hour, 0));
            if (moment.Zone.IsInvalidTime(local))
                continue;
            var start = hour == 0 ? moment.StartOf(day) : ToUtc(local, moment.Zone);
            var end = hour == 23 ? moment.StartOf(day.AddDays(1)) : ToUtc(local.AddHours(1), moment.Zone);
            list.Add(new(list.Count, day, day.AddDays(1), hour, $"{Text(day, "yyyy-MM-dd")} {hour:00}:00", end > moment.Now, start, end)
            {
                IsFuture = start > moment.Now
            });
        }
    }

    private static DateTime ToUtc(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new(local.Ticks - offset.Ticks, DateTimeKind.Utc);
    }

    private static string Label(TimeGrain grain, DateOnly start, ReportingMoment moment)
    {
        // The fiscal year is named after the calendar year in which it ends.
        var fiscalYear = moment.FiscalYearStartMonth > 1 && start.Month >= moment.FiscalYearStartMonth ? start.Year + 1 : start.Year;
        return grain switch
        {
            TimeGrain.Year => Text(start, "yyyy"),
            TimeGrain.Quarter => $"{Text(start, "yyyy")}-Q{(start.Month + 2) / 3}",
            TimeGrain.Month => Text(start, "yyyy-MM"),
            TimeGrain.Week => WeekLabel(moment.StartOfUnit(start, CalendarUnit.Week)),
            TimeGrain.FiscalYear => $"FY{fiscalYear}",
            TimeGrain.FiscalQuarter => $"FY{fiscalYear}-Q{(((start.Month - moment.FiscalYearStartMonth + 12) % 12) / 3) + 1}",
            _ => Text(start, "yyyy-MM-dd"),
        };
    }

    // ISO 8601 numbers weeks by the year of their fourth day; weeks that begin on another day are numbered in the same way.
    private static string WeekLabel(DateOnly weekStart)
    {
        var middle = weekStart.AddDays(3);
        return $"{Text(middle, "yyyy")}-W{((middle.DayOfYear - 1) / 7) + 1:00}";
    }

    private static string Text(DateOnly day, string format) => day.ToString(format, CultureInfo.InvariantCulture);
}
