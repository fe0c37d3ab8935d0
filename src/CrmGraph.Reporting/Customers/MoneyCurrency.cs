using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace CrmGraph.Reporting.Customers;

/// <summary>
/// How customers' money is compared when no currency is named, as metrics show it: in the reporting currency, each day by its rate, or in the only
/// currency there is. Decided by the money that the caller may see, all-time or of the days given.
/// </summary>
internal sealed class MoneyCurrency
{
    private MoneyCurrency(string code) => Code = code;

    public string Code { get; }

    /// <summary>The table of rates, where there is other money: all of it has a rate.</summary>
    private Expression? Rates { get; init; }

    /// <summary>Finds out what <see cref="Of"/> gives.</summary>
    /// <exception cref="GraphQLException">Some of the money cannot be converted, and it is not all in one currency.</exception>
    public static async ValueTask PrepareAsync(FilterContext context, DayRange? days, CancellationToken cancellationToken)
    {
        if (context.Database is { } database && context.Kept<MoneyCurrency>(new Scope(days)) is null)
            context.Keep(new Scope(days), await ReadAsync(database, context, days, cancellationToken));
    }

    /// <summary>The same for an input that may name a `currency` and a `period`.</summary>
    public static ValueTask PrepareAsync(InputObject input, FilterContext context, CancellationToken cancellationToken) =>
        input.Fields.ContainsKey("currency") ? default
            : PrepareAsync(context, input.Fields.TryGetValue("period", out var period) ? context.Moment.Days((PeriodInput)period!) : null, cancellationToken);

    public static MoneyCurrency Of(FilterContext context, DayRange? days) => context.Kept<MoneyCurrency>(new Scope(days)) ?? new(context.Moment.Currency);

    /// <summary>What a customer has in the currency, and what orders in other ones come to.</summary>
    public Expression<Func<Customer, long>> WithOthers(Expression<Func<Customer, long>> own, DayRange? days)
    {
        if (Rates is null)
            return own;
        var (code, from, until) = (Code, days?.From ?? DateOnly.MinValue, days?.Until ?? DateOnly.MaxValue);
        Expression<Func<Customer, IQueryable<ExchangeRate>, long>> others = (c, rates) => (long)Math.Round(c.Orders
            .Where(o => o.Currency != code && o.CancelledAt == null && o.Day >= from && o.Day < until)
            .Sum(o => (double)(o.GrossAmount - o.ReturnedAmount) * rates
                .Where(r => r.Currency == o.Currency && r.QuotedIn == null && r.Rate > 0 && r.Day <= o.Day)
                .OrderByDescending(r => r.Day).Select(r => (double)r.Rate).FirstOrDefault()) / 100_000_000);
        var row = own.Parameters[0];
        var converted = ReplacingExpressionVisitor.Replace(others.Parameters[1], Rates, others.Body);
        return Expression.Lambda<Func<Customer, long>>(Expression.Add(own.Body, ReplacingExpressionVisitor.Replace(others.Parameters[0], row, converted)), row);
    }

    private static async Task<MoneyCurrency> ReadAsync(CrmDbContext database, FilterContext context, DayRange? days, CancellationToken cancellationToken)
    {
        var reporting = context.Moment.Currency;
        var rows = new Rows(database, context.Caller ?? throw new InvalidOperationException("Nobody was named whose rows decide the currency."));
        var there = await Currencies(rows, days).Distinct().ToListAsync(cancellationToken);
        var others = there.Where(c => c != reporting).Order(StringComparer.Ordinal).ToList();
        if (others.Count == 0)
            return new(reporting);
        var rated = await rows.ExchangeRates.Where(r => others.Contains(r.Currency) && r.QuotedIn == null && r.Rate > 0)
            .GroupBy(r => r.Currency).Select(g => new { g.Key, First = g.Min(r => r.Day) })
            .ToDictionaryAsync(r => r.Key, r => r.First, cancellationToken);
        foreach (var currency in others)
        {
            var known = rated.TryGetValue(currency, out var first);
            if (known && !await Orders(rows, days).AnyAsync(o => o.Currency == currency && o.Day < first, cancellationToken))
                continue;
            return there.Count == 1 ? new(currency) : throw Mixed(reporting, currency, known ? first : null);
        }

        return new(reporting) { Rates = database.ExchangeRates.AsQueryable().Expression };
    }

    private static IQueryable<string> Currencies(Rows rows, DayRange? days) => days is null
        ? rows.Customers.SelectMany(c => c.Money).Where(m => m.GrossAmount != 0 || m.ReturnedAmount != 0).Select(m => m.Currency)
        : Orders(rows, days).Select(o => o.Currency);

    /// <summary>The orders of customers whose amounts count.</summary>
    private static IQueryable<Order> Orders(Rows rows, DayRange? days)
    {
        var orders = rows.Orders.Where(o => !o.Customer!.IsGuest && o.CancelledAt == null && (o.GrossAmount != 0 || o.ReturnedAmount != 0));
        return days is var (from, until) ? orders.Where(o => o.Day >= from && o.Day < until) : orders;
    }

    private static GraphQLException Mixed(string reporting, string currency, DateOnly? first) => new(QueryErrorCodes.MixedCurrency,
        $"Amounts in several currencies, and no exchange rate to add them by: money in {currency} {(first is { } day ? $"before {day:yyyy-MM-dd}, its first rate," : "")} cannot be compared with money in {reporting}. "
        + $"Write exchange rates of {currency} from its first day on, or name a `currency` in the filter to count the money in that one alone.");

    private sealed record Scope(DayRange? Days);
}
