using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Rollups;

/// <summary>An order as a rollup takes it.</summary>
internal sealed record OrderToRoll(
    DateOnly Day, string Currency, SalesSlice Slice, Guid CustomerId, bool IsGuest, OrderKind Kind, long Gross, long Returned, long Discount);

/// <summary>Adds up the orders of one day for one rollup.</summary>
internal sealed class DayOfSales(SalesRollup rollup, DateOnly day)
{
    private readonly Dictionary<(SalesSlice Slice, string Currency, bool IsKnown), SalesDay> _sums = [];
    private readonly Dictionary<SalesSlice, (HashSet<int> Buyers, HashSet<int> All)> _customers = [];

    /// <param name="number">The customer's; null for guests.</param>
    /// <exception cref="OverflowException">A sum needs more than 64 bits.</exception>
    public void Add(OrderToRoll order, int? number)
    {
        var slice = order.Slice.Of(rollup.Attributes);
        var key = (slice, order.Currency, number is not null);
        if (!_sums.TryGetValue(key, out var sum))
            _sums[key] = sum = slice.Onto(new SalesDay { Rollup = rollup.Number, Day = day, Currency = order.Currency, IsKnown = number is not null });
        checked
        {
            sum.GrossAmount += order.Gross;
            sum.ReturnedAmount += order.Returned;
            sum.DiscountAmount += order.Discount;
            sum.OrderCount += order.Kind == OrderKind.Sale ? 1 : 0;
        }

        if (number is not { } customer)
            return;
        if (!_customers.TryGetValue(slice, out var sets))
            _customers[slice] = sets = ([], []);
        sets.All.Add(customer);
        if (order.Kind == OrderKind.Sale)
            sets.Buyers.Add(customer);
    }

    public static long NewStamp() => Random.Shared.NextInt64(1, long.MaxValue);

    public IEnumerable<SalesDay> Sums => _sums.Values.Select((sum, i) =>
    {
        sum.Slice = i;
        return sum;
    });

    public IEnumerable<SalesDayCustomers> Customers => _customers.Select((c, i) => c.Key.Onto(new SalesDayCustomers
    {
        Rollup = rollup.Number,
        Day = day,
        Slice = i,
        Buyers = NumberSet.Encode([.. c.Value.Buyers.Order()]),
        Others = NumberSet.Encode([.. c.Value.All.Except(c.Value.Buyers).Order()]),
        Stamp = NewStamp(),
    }));
}
