using System.Diagnostics;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>
/// Adds up facts day by day in memory where the same is asked again, of whichever days. The change log says which days have changed since they were read:
/// those are read again, in the state of the data that is read.
/// </summary>
internal sealed class DailyReader(MetricSession session, CancellationToken cancellationToken)
{
    /// <summary>Longer periods are asked of the database.</summary>
    private const int MostDays = 4_000;

    private static readonly Dictionary<DateOnly, SumsOfDay> None = [];

    /// <summary>The rows by time and key; null when the database is to be asked: the first time, and where a day has too many rows.</summary>
    /// <param name="asked">Equal where the same is asked, of whichever days.</param>
    /// <param name="reads">What the rows of a day come from.</param>
    /// <param name="read">Reads the rows of some days, with their day and the key.</param>
    public async Task<IReadOnlyList<FactRow>?> ReadAsync(
        object asked, DayRange days, IReadOnlyList<string> key, IReadOnlyList<Measure> sums, Func<DateOnly, RolledTime> time,
        Func<DateOnly, MetricReads> reads, Func<DayRange, Task<IReadOnlyList<FactRow>?>> read)
    {
        if (session.Sets is not { } kept || days.Days > MostDays)
            return null;
        if (kept.Find<DailySums>(asked) is not { } daily)
        {
            // Who asks once is not served sooner by days. What is only gathered is asked once more.
            if (!session.IsGathering)
                kept.Keep(asked, new DailySums(key, sums), 0);
            return null;
        }

        if (daily.IsTooMany)
            return null;
        var (known, position) = await KnownAsync(daily.Summed, reads);
        if (position is null)
            return null;
        var missing = Each(days).Where(d => !known.ContainsKey(d)).ToList();
        if (missing.Count > 0)
        {
            if (await read(new(missing[0], missing[^1].AddDays(1))) is not { } rows)
                return null;
            if (session.IsGathering)
                return [];
            var more = known.ToDictionary();
            foreach (var (day, ofDay) in daily.Split(rows, missing))
                more[day] = ofDay;
            known = more;
        }

        if (missing.Count > 0 || position != daily.Summed?.Position)
        {
            daily.Keep(new(position, Stopwatch.GetTimestamp(), known));
            kept.Keep(asked, daily, daily.Bytes);
        }

        try
        {
            return daily.Rows(Each(days).Select(d => (d, known[d])), time);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>The days that are now as they were when they were read, and the position of now; null when that cannot be told.</summary>
    private async Task<(IReadOnlyDictionary<DateOnly, SumsOfDay> Days, string? Position)> KnownAsync(SummedDays? summed, Func<DateOnly, MetricReads> reads)
    {
        var (position, notices) = await session.ChangesSinceAsync(summed?.Position, summed?.At, cancellationToken);
        if (position is null)
            return (None, null);
        if (summed is null || notices is null)
            return (None, position);
        var relevant = notices.Where(n => n is not { IsNew: true, Tables: ["customers"] }).ToList();
        return (relevant.Count == 0 ? summed.Days : summed.Days.Where(d => !relevant.Exists(reads(d.Key).IsTouchedBy)).ToDictionary(), position);
    }

    private static IEnumerable<DateOnly> Each(DayRange days)
    {
        for (var day = days.From; day < days.Until; day = day.AddDays(1))
            yield return day;
    }
}
