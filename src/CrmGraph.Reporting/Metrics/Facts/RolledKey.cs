using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>By what the sums of a rollup's days are told apart.</summary>
/// <param name="Columns">Of rows.</param>
/// <param name="Bucket">The number of a day's bucket.</param>
/// <param name="Buckets">Equal where the buckets of days are.</param>
/// <param name="Target">The currency in which money is shown; what is in others has the day of its rate in the key.</param>
internal sealed record RolledKey(IReadOnlySet<string> Columns, Func<DateOnly, int> Bucket, string Buckets, string Target)
{
    private static readonly HashSet<string> _known =
    [
        nameof(FactRow.Day), nameof(FactRow.Bucket), nameof(FactRow.Weekday), nameof(FactRow.MonthOfYear), nameof(FactRow.Currency), nameof(FactRow.RateDay),
        nameof(FactRow.Channel), nameof(FactRow.Region), nameof(FactRow.Country),
    ];

    /// <summary>Whether the day says it.</summary>
    public static bool IsOfTime(string column) =>
        column is nameof(FactRow.Day) or nameof(FactRow.Bucket) or nameof(FactRow.Weekday) or nameof(FactRow.MonthOfYear);

    private readonly bool _hasDay = Columns.Contains(nameof(FactRow.Day));
    private readonly bool _hasBucket = Columns.Contains(nameof(FactRow.Bucket));
    private readonly bool _hasWeekday = Columns.Contains(nameof(FactRow.Weekday));
    private readonly bool _hasMonth = Columns.Contains(nameof(FactRow.MonthOfYear));
    private readonly bool _hasCurrency = Columns.Contains(nameof(FactRow.Currency));
    private readonly bool _hasChannel = Columns.Contains(nameof(FactRow.Channel));
    private readonly bool _hasRegion = Columns.Contains(nameof(FactRow.Region));
    private readonly bool _hasCountry = Columns.Contains(nameof(FactRow.Country));

    public bool IsKnown => Columns.IsSubsetOf(_known);

    /// <summary>The columns of orders that it is made of.</summary>
    public IEnumerable<string> Read => Columns.Select(c => c switch
    {
        nameof(FactRow.Bucket) or nameof(FactRow.Weekday) or nameof(FactRow.MonthOfYear) => nameof(FactRow.Day),
        nameof(FactRow.RateDay) => nameof(FactRow.TransactionDay),
        _ => c,
    });

    /// <summary>By which of the attributes of a row it tells rows apart, a bit for each.</summary>
    public int Attributes => (_hasCurrency ? 1 : 0) | (_hasChannel ? 2 : 0) | (_hasRegion ? 4 : 0) | (_hasCountry ? 8 : 0);

    public bool HasRates { get; } = Columns.Contains(nameof(FactRow.RateDay));

    public RolledTime Of(DateOnly day) => new(
        _hasDay ? day : default, _hasBucket ? Bucket(day) : 0, _hasWeekday ? day.DayNumber % 7 : null, _hasMonth ? day.Month : null);

    /// <summary>The periods whose days have the same time, one after the other, without the days that are left out.</summary>
    public List<(RolledTime Time, DayRange Days)> Times(DayRange days, IReadOnlyList<DateOnly> without)
    {
        var times = new List<(RolledTime Time, DayRange Days)>();
        for (var day = days.From; day < days.Until; day = day.AddDays(1))
        {
            if (without.Contains(day))
                continue;
            var time = Of(day);
            if (times.Count > 0 && times[^1].Days.Until == day && times[^1].Time == time)
                times[^1] = (time, times[^1].Days with { Until = day.AddDays(1) });
            else
                times.Add((time, new(day, day.AddDays(1))));
        }

        return times;
    }

    public RolledGroup Of(SalesDay cell) => new(
        _hasCurrency ? cell.Currency : null, _hasChannel ? cell.Channel : null, _hasRegion ? cell.Region : null, _hasCountry ? cell.Country : null);
}

/// <summary>The half of a key that the day says.</summary>
internal readonly record struct RolledTime(DateOnly Day, int Bucket, int? Weekday, int? Month);

/// <summary>The half of a key that does not change with the day.</summary>
internal readonly record struct RolledGroup(string? Currency, string? Channel, string? Region, string? Country);
