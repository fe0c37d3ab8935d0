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
    private readonly Dictionary<string, (DateOnly[] Days, decimal[] Rates)> _rates;
    private readonly string _reporting;
    private readonly string? _requested;

    private ExchangeRates(string reporting, string? requested, string target, Dictionary<string, (DateOnly[] Days, decimal[] Rates)> rates)
    {
        _reporting = reporting;
        _requested = requested;
        Target = target;
        _rates = rates;
    }

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
            return new(reporting, requested, target, []);
        if (target != reporting)
            needed.Add(target);
        var days = money.Where(m => m.Currency != target).Select(m => m.Day).OfType<DateOnly>().ToList();
        if (days.Count == 0)
            return new ExchangeRates(reporting, requested, target, []).For(money);
        var (from, until) = (days.Min(), days.Max());
        needed.Sort(StringComparer.Ordinal);
        var key = ("rates", string.Join(' ', needed), from, until);
        var rates = await session.OnceAsync(key, MetricReads.Rates, () => ReadAsync(session, needed, from, until, cancellationToken));
        return new ExchangeRates(reporting, requested, target, rates).For(money);
    }

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
                if (row.Currency is { } currency && measures.Exists(m => m.Stored(row) != 0))
                    money.Add((currency, row.RateDay));
        }

        return money;
    }

    // Only the days of the money: all rates of three currencies and four years cost 15 ms of every query.
    private static async Task<Dictionary<string, (DateOnly[] Days, decimal[] Rates)>> ReadAsync(
        MetricSession session, List<string> needed, DateOnly from, DateOnly until, CancellationToken cancellationToken)
    {
        var rows = await session.RowsAsync(
            null, () => Rates(session.Database, needed, from, until), () => new FactResult<RateRow>(RateRow.Columns), null, cancellationToken);
        return rows.Cast<RateRow>().Where(r => r.Rate > 0).OrderBy(r => r.RateDay).GroupBy(r => r.Currency!).ToDictionary(
            g => g.Key,
            g => (g.Select(r => r.RateDay!.Value).ToArray(), g.Select(r => FixedPoint.ToDecimal(r.Rate, 8)).ToArray()),
            StringComparer.Ordinal);
    }

    private static IQueryable<RateRow> Rates(CrmDbContext db, List<string> needed, DateOnly from, DateOnly until)
    {
        var known = db.ExchangeRates.AsNoTracking().Where(r => r.QuotedIn == null && needed.Contains(r.Currency));
        var before = known.Where(r => r.Day < from && r.Rate > 0).GroupBy(r => r.Currency).Select(g => new { Currency = g.Key, Day = g.Max(r => r.Day) });
        return known.Where(r => r.Day >= from && r.Day <= until).Select(r => new RateRow { Currency = r.Currency, RateDay = r.Day, Rate = r.Rate })
            .Concat(known.Join(
                before, r => new { r.Currency, r.Day }, b => new { b.Currency, b.Day },
                (r, _) => new RateRow { Currency = r.Currency, RateDay = r.Day, Rate = r.Rate }));
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
        return Rate(currency, day) is { } from && Rate(Target, day) is { } to ? amount * from / to : null;
    }

    private decimal? Rate(string currency, DateOnly? day)
    {
        if (currency == _reporting)
            return 1;
        if (day is not { } d || !_rates.TryGetValue(currency, out var known))
            return null;
        var at = Array.BinarySearch(known.Days, d);
        if (at < 0)
            at = ~at - 1;
        return at < 0 ? null : known.Rates[at];
    }

    /// <summary>A rate, with its currency and <see cref="FactRow.RateDay"/>.</summary>
    private sealed record RateRow : FactRow
    {
        public static IReadOnlyList<string> Columns { get; } = [nameof(Currency), nameof(RateDay), nameof(Rate)];

        public long Rate { get; set; }
    }
}
