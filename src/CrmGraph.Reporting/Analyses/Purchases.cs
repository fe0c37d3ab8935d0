using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Metrics.Reading;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Analyses;

/// <summary>An order, or a line of one, that was not cancelled. Returns are orders of their own day, with money and no sale.</summary>
/// <param name="Amount">Sales less returns, in ten-thousandths of the currency's unit.</param>
/// <param name="Product">Of a line that names one.</param>
internal readonly record struct Purchase(Guid Customer, DateOnly Day, bool IsSale, string Currency, long Amount, Guid? Product);

/// <summary>What the customers of an analysis bought in some days, and what their money is worth in one currency.</summary>
internal sealed class Purchases
{
    private readonly ExchangeRates _rates;

    private Purchases(IReadOnlyList<Purchase> all, ExchangeRates rates)
    {
        All = all;
        _rates = rates;
    }

    public IReadOnlyList<Purchase> All { get; }
    /// <summary>The reporting currency, or the only one there is when that has no rate.</summary>
    public string Currency => _rates.Target;

    /// <exception cref="GraphQLException">ANALYSIS_TOO_LARGE.</exception>
    public static Task<Purchases> ReadAsync(AnalysisScope scope, DayRange days)
    {
        var (from, until) = days;
        return PriceAsync(scope, scope.Rows.Orders.Where(o => o.CancelledAt == null && o.Day >= from && o.Day < until)
            .Join(scope.Customers, o => o.CustomerId, c => c.Id, (o, c) => new Purchase(
                o.CustomerId, o.Day, o.Kind == OrderKind.Sale, o.Currency, o.GrossAmount - o.ReturnedAmount, null)));
    }

    /// <summary>The same line by line.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static Task<Purchases> ReadLinesAsync(AnalysisScope scope, DayRange days)
    {
        var (from, until) = days;
        return PriceAsync(scope, scope.Rows.OrderLines.Where(l => l.CancelledAt == null && l.Day >= from && l.Day < until)
            .Join(scope.Customers, l => l.CustomerId, c => c.Id, (l, c) => new Purchase(
                l.CustomerId, l.Day, l.Kind == OrderKind.Sale, l.Currency, l.Kind == OrderKind.Sale ? l.Amount : -l.Amount, l.ProductId)));
    }

    private static async Task<Purchases> PriceAsync(AnalysisScope scope, IQueryable<Purchase> purchases)
    {
        var read = await scope.ReadAsync(purchases);
        var money = read.Where(p => p.Amount != 0).Select(p => (p.Currency, (DateOnly?)p.Day)).ToHashSet();
        // A session for the rates alone: it reads no values of quantiles.
        var session = new MetricSession(scope.Database, null, null) { MostValues = 0 };
        return new(read, await ExchangeRates.LoadAsync(session, scope.Settings.Currency, null, money, scope.CancellationToken));
    }

    /// <summary>In <see cref="Currency"/>, by the rate of the purchase's day.</summary>
    /// <exception cref="GraphQLException">MIXED_CURRENCY: there is no rate.</exception>
    public decimal Value(in Purchase purchase) => purchase.Amount == 0 ? 0 : Convert(purchase.Amount, purchase.Currency, purchase.Day);

    private decimal Convert(long amount, string currency, DateOnly day) => _rates.Convert(FixedPoint.ToDecimal(amount), currency, day)
        ?? throw new GraphQLException(
            QueryErrorCodes.MixedCurrency,
            $"There is no exchange rate of {currency} to {Currency} on {day:yyyy-MM-dd}; write the rates, or filter to customers of one currency.");
}

internal static class AnalysisRows
{
    /// <summary>Every row, none cut.</summary>
    /// <exception cref="GraphQLException">ANALYSIS_TOO_LARGE.</exception>
    public static async Task<List<T>> ReadAsync<T>(this AnalysisScope scope, IQueryable<T> rows)
    {
        var read = new List<T>();
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(scope.CancellationToken))
        {
            if (read.Count == scope.Limits.AnalysisRows)
                throw new GraphQLException(
                    AnalysisErrorCodes.TooLarge,
                    $"The analysis would read more than {scope.Limits.AnalysisRows} rows; use a shorter period or a narrower `where`.");
            read.Add(row);
        }

        return read;
    }
}
