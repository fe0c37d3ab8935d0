using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Reading;

/// <summary>
/// Converts money by the rate of the day of the transaction, or the last one known before it, so that history does not move with today's
/// rates. Nothing is rounded here.
/// </summary>
internal sealed class ExchangeRates
{
    private readonly IReadOnlyDictionary<string, RateTable> _rates;
    private readonly string _reporting;
    private readonly string? _requested;

    private ExchangeRates(string reporting, string? requested, string target, IReadOnlyDictionary<string, RateTable> rates)
    {
        _reporting = reporting;
        _requested = requested;
        Target = target;
        _rates = rates;
    }

    private static IReadOnlyDictionary<string, RateTable> None { get; } = new Dictionary<string, RateTable>();

    /// <summary>The currency of every amount of the table.</summary>
    public string Target { get; }

    /// <summary>Loads the rates that are needed, none when all money is in the target currency.</summary>
    public static Task<ExchangeRates> LoadAsync(
        MetricSession session, MetricPlan plan, IReadOnlyList<MetricRead> reads, CancellationToken cancellationToken) =>
        LoadAsync(session, plan.Settings.Currency, plan.Query.Currency, Money(reads), cancellationToken);

    /// <param name="requested">Null for the reporting currency, or the only one there is when that cannot be converted.</param>
    /// <param name="money">In which currency on which days there is any.</param>
    public static async Task<ExchangeRates> LoadAsync(
        MetricSession session, string reporting, string? requested, HashSet<(string Currency, DateOnly? Day)> money, CancellationToken cancellationToken)
    {
        var target = requested ?? reporting;
        var needed = money.Where(m => m.Currency != target).Select(m => m.Currency).Distinct().ToList();
        if (needed.Count == 0)
            return new(reporting, requested, target, None);
        // Without rates no day of one was asked for.
        var rates = money.Any(m => m.Currency != target && m.Day is not null) ? await TablesAsync(session, reporting, target, needed, cancellationToken) : None;
        return new ExchangeRates(reporting, requested, target, rates).For(money);
    }

    /// <summary>To convert money of these currencies.</summary>
    /// <param name="target">What it is converted to.</param>
    public static async Task<ExchangeRates> OfAsync(
        MetricSession session, string reporting, string target, IReadOnlyCollection<string> currencies, CancellationToken cancellationToken) => new(
            reporting, target, target, currencies.Count == 0 ? None : await TablesAsync(session, reporting, target, currencies, cancellationToken));

    /// <summary>All rates of the currencies, each of which is read once until a rate changes.</summary>
    private static async Task<Dictionary<string, RateTable>> TablesAsync(
        MetricSession session, string reporting, string target, IEnumerable<string> currencies, CancellationToken cancellationToken)
    {
        var stamp = await session.RatesStampAsync(cancellationToken);
        var (tables, missing) = (new Dictionary<string, RateTable>(StringComparer.Ordinal), new List<string>());
        foreach (var currency in currencies.Append(target).Where(c => c != reporting).Distinct().Order(StringComparer.Ordinal))
            if (session.Sets?.Find<RateTable>((stamp, currency)) is { } known)
                tables[currency] = known;
            else
                missing.Add(currency);
        if (missing.Count == 0)
            return tables;
        var read = new FactResult<RateRow>(RateRow.Columns);
        await session.ReadIntoAsync(() => Rates(session.Database, missing), read, cancellationToken);
        var rows = read.Rows.Cast<RateRow>().ToLookup(r => r.Currency!, StringComparer.Ordinal);
        foreach (var currency in missing)
        {
            var table = RateTable.Of(rows[currency].Select(r => (r.RateDay!.Value, r.Rate)));
            tables[currency] = session.Sets?.Keep((stamp, currency), table, table.Bytes) ?? table;
        }

        return tables;
    }

    private static IQueryable<RateRow> Rates(CrmDbContext db, List<string> currencies) =>
        db.ExchangeRates.AsNoTracking().Where(r => r.QuotedIn == null && r.Rate > 0 && currencies.Contains(r.Currency))
            .Select(r => new RateRow { Currency = r.Currency, RateDay = r.Day, Rate = r.Rate });

    /// <summary>The money of the plans' own metrics: what was read for others beside it does not decide in which currency it is shown.</summary>
    public static HashSet<(string Currency, DateOnly? Day)> Money(IReadOnlyList<MetricRead> reads)
    {
        var money = new HashSet<(string, DateOnly?)>();
        foreach (var read in reads)
        {
            var measures = read.Plan.Reads[read.Source].Where(m => m.IsMoney).ToList();
            if (measures.Count == 0)
                continue;
            foreach (var row in read.Rows)
                if (row.Currency is { } currency && (row.Converted is not null || measures.Exists(m => m.Stored(row) != 0)))
                    money.Add((currency, row.RateDay));
        }

        return money;
    }

    /// <summary>The same rates, to show a part of the money: without a currency asked for, money all of one currency that cannot be converted is shown in it.</summary>
    public ExchangeRates For(IReadOnlyCollection<(string Currency, DateOnly? Day)> money)
    {
        var target = _requested ?? _reporting;
        var whole = target == Target ? this : new(_reporting, _requested, target, _rates);
        return _requested is null && money.Select(m => m.Currency).Distinct().Count() == 1 && money.Any(m => whole.Convert(1, m.Currency, m.Day) is null)
            ? new(_reporting, _requested, money.First().Currency, _rates)
            : whole;
    }

    /// <summary>The amount in the target currency; null without a rate.</summary>
    public decimal? Convert(decimal amount, string currency, DateOnly? day)
    {
        if (currency == Target)
            return amount;
        return RateOn(currency, day) is var (from, to) ? to == 1 ? amount * from : amount * from / to : null;
    }

    /// <summary>What an amount of the currency is multiplied with and divided by; null without a rate.</summary>
    public (decimal Times, decimal By)? RateOn(string currency, DateOnly? day) =>
        Rate(currency, day) is { } from && Rate(Target, day) is { } to ? (from, to) : null;

    private decimal? Rate(string currency, DateOnly? day)
    {
        if (currency == _reporting)
            return 1;
        return day is { } d && _rates.TryGetValue(currency, out var known) ? known.On(d) : null;
    }

    /// <summary>A rate, with its currency and <see cref="FactRow.RateDay"/>.</summary>
    private sealed record RateRow : FactRow
    {
        public static IReadOnlyList<string> Columns { get; } = [nameof(Currency), nameof(RateDay), nameof(Rate)];

        public long Rate { get; set; }
    }
}

/// <summary>The rates of a currency, each from its day on.</summary>
internal sealed class RateTable
{
    private readonly DateOnly[] _days;
    private readonly decimal[] _rates;

    private RateTable(DateOnly[] days, decimal[] rates)
    {
        (_days, _rates) = (days, rates);
    }

    /// <param name="rates">As stored.</param>
    public static RateTable Of(IEnumerable<(DateOnly Day, long Rate)> rates)
    {
        var sorted = rates.OrderBy(r => r.Day).ToList();
        return new([.. sorted.Select(r => r.Day)], [.. sorted.Select(r => FixedPoint.ToDecimal(r.Rate, 8))]);
    }

    public int Bytes => _days.Length * (sizeof(int) + sizeof(decimal));

    /// <summary>Null before the first.</summary>
    public decimal? On(DateOnly day)
    {
        var at = Array.BinarySearch(_days, day);
        if (at < 0)
            at = ~at - 1;
        return at < 0 ? null : _rates[at];
    }
}
