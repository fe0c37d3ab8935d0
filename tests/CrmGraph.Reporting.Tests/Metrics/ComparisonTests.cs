using System.Globalization;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.TestKit.Fuzzing;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>Comparisons in every grain, against a walk over single days that knows nothing of the engine's arithmetic.</summary>
public sealed class ComparisonTests
{
    private const int Cases = 60;
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"];
    private static readonly MetricSelection Additive = MetricSelection.Of("revenue", "orders");

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_comparison_is_a_calendars_own_pairing_and_its_rows_add_up(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var orders = await SaveOrdersAsync(database);
        var engine = new MetricEngine(database.Clock, new CrmLimits()) { Statements = new StatementCache(database.Engine, new CrmLimits().KeptStatements) };
        await Fuzz.RunAsync(Cases, async random =>
        {
            var moment = MomentOf(random);
            var query = QueryOf(random, moment);
            await using var db = database.CreateContext();
            var table = await engine.ComputeAsync(db, query, Additive, Caller.System, CancellationToken.None, moment);
            Check(query, moment, table, orders);
        });
    }

    private static void Check(MetricQuery query, ReportingMoment moment, MetricTable table, IReadOnlyList<Order> orders)
    {
        var asked = $"{query.Canonical()} at {moment.Now:o} {moment.Zone.Id} {moment.WeekStart} {moment.FiscalYearStartMonth}";
        var walk = new ComparedWalk(query, moment, table.Period);
        Assert.True(walk.Compared.Count == 0
            ? table.Comparison is null
            : table.Comparison == new MetricPeriod(walk.Compared[0], walk.Compared[^1].AddDays(1), table.Comparison!.Incomplete), asked);
        var expected = walk.Rows.ToDictionary(k => k, _ => 0m, StringComparer.Ordinal);
        foreach (var order in orders)
            if (walk.RowOfCompared(order.Day, order.Hour) is { } row)
                expected[row] += order.GrossAmount / 10_000m;
        var found = table.BucketTotals.ToDictionary(KeyOf, r => r, StringComparer.Ordinal);
        Assert.True(
            walk.Rows.Order(StringComparer.Ordinal).SequenceEqual(found.Keys.Order(StringComparer.Ordinal)),
            $"{asked}: {string.Join(' ', found.Keys.Except(walk.Rows))} instead of {string.Join(' ', walk.Rows.Except(found.Keys))}");
        Assert.Equal(Enumerable.Range(0, found.Count), table.BucketTotals.Select(r => r.Bucket!.Index));
        foreach (var (key, row) in found)
        {
            var value = row.Values["revenue"];
            var previous = walk.HasPartner(key) ? expected[key] : (decimal?)null;
            Assert.True(
                previous == value.Previous && previous is null == (value.PreviousReason == NoValueReason.NoPartner),
                $"{asked}: {key} has {value.Previous} {value.PreviousReason} instead of {previous}");
            Assert.True(key[0] != '-' || value.Reason == NoValueReason.NoPartner, asked);
        }

        foreach (var metric in Additive.Metrics.Select(m => m.Key))
            Assert.Equal(table.Totals.Values[metric].Previous ?? 0, table.Rows.Sum(r => r.Values[metric].Previous ?? 0));
    }

    private static string KeyOf(MetricRow row) =>
        (row.Values["revenue"].Reason == NoValueReason.NoPartner ? "-" : "") + ComparedWalk.KeyOf(row.Bucket!.Start, row.Bucket.Hour);

    private static async Task<IReadOnlyList<Order>> SaveOrdersAsync(TestDatabase database)
    {
        var random = new Random(29);
        var customer = new Customer { Id = Guid.CreateVersion7(), Name = "Somebody", Kind = CustomerKind.Person };
        var orders = new List<Order>();
        for (var day = new DateOnly(2022, 6, 1); day < new DateOnly(2029, 3, 1); day = day.AddDays(1))
            for (var n = random.Next(3); n > 0; n--)
            {
                // Not in the night, when zones turn their clocks.
                var at = day.ToDateTime(new TimeOnly(random.Next(4, 24), 30), DateTimeKind.Utc);
                orders.Add(new Order
                {
                    CustomerId = customer.Id, Id = Guid.CreateVersion7(), OrderedAt = at, Day = day, Hour = at.Hour, Currency = "EUR",
                    GrossAmount = random.Next(1, 9_999) * 10_000L,
                    Channel = random.Next(3) == 0 ? null : "web",
                });
            }

        await database.SaveAsync([customer, .. orders]);
        return orders;
    }

    private static ReportingMoment MomentOf(Random random)
    {
        DateTime[] awkward = [new(2028, 2, 29), new(2028, 12, 30), new(2028, 3, 1), new(2025, 2, 28), new(2024, 12, 31), new(2026, 3, 31), new(
            2025,
            5,
            31), new(2024, 2, 29)];
        var now = random.Next(2) == 0 ? awkward[random.Next(awkward.Length)] : new DateTime(2024, 1, 1).AddDays(random.Next(1_800));
        return new(
            DateTime.SpecifyKind(now.AddHours(12), DateTimeKind.Utc),
            TimeZoneInfo.FindSystemTimeZoneById(Zones[random.Next(Zones.Length)]),
            (DayOfWeek)random.Next(7),
            random.Next(1, 13),
            "EUR");
    }

    private static MetricQuery QueryOf(Random random, ReportingMoment moment)
    {
        var grain = (TimeGrain)random.Next(8);
        var unit = grain == TimeGrain.Hour ? (CalendarUnit)random.Next(2) : (CalendarUnit)random.Next(7);
        var most = grain == TimeGrain.Hour ? 3 : unit switch
        {
            CalendarUnit.Day => 70,
            CalendarUnit.Week => 30,
            CalendarUnit.Month => 14,
            CalendarUnit.Year or CalendarUnit.FiscalYear => 2,
            _ => 4,
        };
        DateOnly[] starts = [new(2024, 2, 28), new(2025, 2, 28), new(2024, 2, 29), new(2025, 3, 30), new(2024, 10, 26), new(2025, 2, 1), new(2024, 3, 1)];
        var from = random.Next(3) > 0 ? starts[random.Next(starts.Length)] : moment.Today.AddDays(-random.Next(300));
        var until = random.Next(2) == 0 || grain == TimeGrain.Hour
            ? from.AddDays(random.Next(1, grain == TimeGrain.Hour ? 4 : 120))
            : new DateOnly(from.Year, from.Month, 1).AddMonths(random.Next(1, 14));
        return new()
        {
            Period = random.Next(5) switch
            {
                0 => new() { ToDate = unit },
                1 or 2 => new() { Last = new() { Count = random.Next(1, most + 1), Unit = unit, Complete = random.Next(2) == 0 } },
                _ => new() { Range = new() { From = from, Until = until } },
            },
            Grain = grain,
            GroupBy = random.Next(2) == 0 ? [] : [MetricDimension.Channel],
            CompareTo = (Comparison)random.Next(2),
        };
    }
}

/// <summary>The calendar, day by day: which days are compared, and to which row each of them belongs. Rows of the comparison alone begin with "-".</summary>
internal sealed class ComparedWalk
{
    private readonly MetricQuery _query;
    private readonly ReportingMoment _moment;
    private readonly List<DateOnly> _days;
    private readonly Dictionary<string, string> _rowOfCompared = new(StringComparer.Ordinal);
    private readonly HashSet<string> _partnered = new(StringComparer.Ordinal);
    private readonly Dictionary<DateOnly, DateOnly> _first = [];
    private readonly Dictionary<DateOnly, int> _numbers, _comparedNumbers;
    /// <summary>How far back: months, or days.</summary>
    private readonly int _months, _back;

    public ComparedWalk(MetricQuery query, ReportingMoment moment, MetricPeriod period)
    {
        (_query, _moment) = (query, moment);
        _days = Walk(period.Start, period.Until);
        (_months, _back) = Distance();
        Compared = ComparedDays();
        (_numbers, _comparedNumbers) = (NumbersOf(_days), NumbersOf(Compared));
        var own = _days.SelectMany(Slots).Select(s => (Slot: s, Key: CutKey(s, period.Start))).ToList();
        Rows = [.. own.Select(o => o.Key).Distinct()];
        foreach (var slot in Compared.SelectMany(Slots))
        {
            var row = own.FirstOrDefault(o => Pairs(o.Slot, slot)).Key ?? "-" + CutKey(slot, Compared[0]);
            _rowOfCompared[Slot(slot)] = row;
            if (_partnered.Add(row) && row[0] == '-')
                Rows.Add(row);
        }
    }

    public List<DateOnly> Compared { get; }
    public List<string> Rows { get; }

    public bool HasPartner(string row) => _partnered.Contains(row);

    public string? RowOfCompared(DateOnly day, int hour) => _rowOfCompared.GetValueOrDefault(Slot((day, _query.Grain == TimeGrain.Hour ? hour : null)));

    public static string KeyOf(DateOnly day, int? hour) => string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} {hour}");

    private static string Slot((DateOnly Day, int? Hour) slot) => KeyOf(slot.Day, slot.Hour);

    private static List<DateOnly> Walk(DateOnly from, DateOnly until)
    {
        var days = new List<DateOnly>();
        for (var day = from; day < until; day = day.AddDays(1))
            days.Add(day);
        return days;
    }

    private (int Months, int Days) Distance()
    {
        var (unit, count) = (_query.Period.Last?.Unit ?? _query.Period.ToDate, _query.Period.Last?.Count ?? 1);
        if (_query.CompareTo == Comparison.PreviousYear)
            return unit == CalendarUnit.Week || _query.Grain == TimeGrain.Week ? (0, 364) : (12, 0);
        return unit switch
        {
            CalendarUnit.Day => (0, count),
            CalendarUnit.Week => (0, 7 * count),
            CalendarUnit.Month => (count, 0),
            CalendarUnit.Quarter or CalendarUnit.FiscalQuarter => (3 * count, 0),
            CalendarUnit.Year or CalendarUnit.FiscalYear => (12 * count, 0),
            _ => IsWholeMonths ? (_days.Select(MonthOf).Distinct().Count(), 0) : (0, _days.Count),
        };
    }

    private bool IsWholeMonths => _days[0].Day == 1 && _days[^1].AddDays(1).Day == 1;

    private static int MonthOf(DateOnly day) => (day.Year * 12) + day.Month - 1;

    private DateOnly? Partner(DateOnly day)
    {
        if (_months == 0)
            return day.AddDays(-_back);
        var (year, month) = ((MonthOf(day) - _months) / 12, ((MonthOf(day) - _months) % 12) + 1);
        return day.Day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day.Day) : null;
    }

    private List<DateOnly> ComparedDays()
    {
        var runs = _days[0] <= _moment.Today && _moment.Today <= _days[^1];
        if (!runs && _months > 0 && IsWholeMonths)
        {
            var months = _days.Select(d => MonthOf(d) - _months).ToHashSet();
            return [.. Walk(_days[0].AddDays(-2_000), _days[^1]).Where(d => months.Contains(MonthOf(d)))];
        }

        var partners = _days.Where(d => !runs || d <= _moment.Today).Select(Partner).OfType<DateOnly>().ToList();
        return partners.Count == 0 ? [] : Walk(partners.Min(), partners.Max().AddDays(1));
    }

    /// <summary>The day, or the hours that it has.</summary>
    private IEnumerable<(DateOnly Day, int? Hour)> Slots(DateOnly day)
    {
        if (_query.Grain != TimeGrain.Hour)
            return [(day, null)];
        return Enumerable.Range(0, 24).Where(h => !_moment.Zone.IsInvalidTime(day.ToDateTime(new TimeOnly(h, 0)))).Select(h => (day, (int?)h));
    }

    private string CutKey((DateOnly Day, int? Hour) slot, DateOnly first)
        => KeyOf(First(slot.Day) is var start && start < first ? first : First(slot.Day), slot.Hour);

    /// <summary>The first day of the bucket.</summary>
    private DateOnly First(DateOnly day)
    {
        if (!_first.TryGetValue(day, out var first))
            _first[day] = first = Begins(day) ? day : First(day.AddDays(-1));
        return first;
    }

    /// <summary>Which bucket of the days each one lies in, counted from the first.</summary>
    private Dictionary<DateOnly, int> NumbersOf(List<DateOnly> days)
    {
        var numbers = new Dictionary<DateOnly, int>();
        foreach (var day in days)
            numbers[day] = numbers.Count == 0 ? 0 : numbers[day.AddDays(-1)] + (Begins(day) ? 1 : 0);
        return numbers;
    }

    private bool Begins(DateOnly day) => _query.Grain switch
    {
        TimeGrain.Week => day.DayOfWeek == _moment.WeekStart,
        TimeGrain.Month => day.Day == 1,
        TimeGrain.Quarter => day is { Day: 1, Month: 1 or 4 or 7 or 10 },
        TimeGrain.Year => day is { Day: 1, Month: 1 },
        TimeGrain.FiscalQuarter => day.Day == 1 && (day.Month - _moment.FiscalYearStartMonth + 12) % 3 == 0,
        TimeGrain.FiscalYear => day.Day == 1 && day.Month == _moment.FiscalYearStartMonth,
        _ => true,
    };

    private bool Pairs((DateOnly Day, int? Hour) own, (DateOnly Day, int? Hour) compared)
    {
        if (_query.Grain is TimeGrain.Day or TimeGrain.Hour)
            return Partner(own.Day) == compared.Day && own.Hour == compared.Hour;
        var (mine, theirs) = (First(own.Day), First(compared.Day));
        var months = _query.Grain switch { TimeGrain.Week => 0, TimeGrain.Month => 1, TimeGrain.Quarter or TimeGrain.FiscalQuarter => 3, _ => 12 };
        if (months == 0 && _months == 0 && _back % 7 == 0)
            return mine.AddDays(-_back) == theirs;
        if (months > 0 && _months > 0 && _months % months == 0)
            return mine.AddMonths(-_months) == theirs;
        // The n-th of one with the n-th of the other.
        return _numbers[own.Day] == _comparedNumbers[compared.Day];
    }
}
