using System.Linq.Expressions;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>The orders of one customer that nothing asked for tells apart, as one row: what they sum to, which fits as the customer's kept money does.</summary>
internal sealed class OrderShare
{
    public Guid CustomerId { get; set; }
    public OrderKind Kind { get; set; }
    public string Currency { get; set; } = "";
    public long GrossAmount { get; set; }
    public long ReturnedAmount { get; set; }
    public long DiscountAmount { get; set; }
    public long Orders { get; set; }

    /// <summary>For expressions only: the customer that is joined.</summary>
    public Customer? Customer { get; set; }
}

/// <summary>
/// Buyers by what customers are told apart by are counted on shares instead of orders, and customers are joined to these (680,000 orders of 100,000
/// customers by city: PostgreSQL 1.8 s on orders, 0.9 s on shares; SQLite a third less).
/// </summary>
internal static class OrderShares
{
    /// <summary>What shares have. By anything else of an order its customer has about as many shares as orders.</summary>
    private static readonly HashSet<string> _own =
    [
        nameof(FactRow.CustomerId), nameof(FactRow.Currency), nameof(SalesRow.IsSale), nameof(SalesRow.Gross), nameof(SalesRow.Returned),
        nameof(SalesRow.Discount), nameof(SalesRow.KnownGross), nameof(SalesRow.KnownReturned), nameof(SalesRow.Orders), nameof(SalesRow.KnownOrders),
    ];

    /// <summary>Whether a statement with these columns counts customers, and tells them apart by themselves alone: sums need no shares.</summary>
    public static bool Help(IReadOnlySet<string> columns) =>
        columns.Contains(nameof(FactRow.CustomerId))
        && columns.All(c => _own.Contains(c) || (FactQuery.IsOfCustomer(c) && c is not (nameof(FactRow.Owner) or nameof(FactRow.SalesTeam))));

    /// <summary>By which of the columns shares are told apart, beside their kind; the customer always.</summary>
    public static IReadOnlySet<string> ToldBy(IReadOnlySet<string> columns) =>
        new HashSet<string>([nameof(FactRow.CustomerId), .. columns.Where(c => c == nameof(FactRow.Currency))]);

    public static IQueryable<OrderShare> Of(IQueryable<Order> orders, IReadOnlySet<string> columns)
    {
        HashSet<string> keys = [nameof(OrderShare.CustomerId), nameof(OrderShare.Kind)];
        HashSet<string> sums = [];
        foreach (var column in columns)
            switch (column)
            {
                case nameof(FactRow.Currency):
                    keys.Add(column);
                    break;
                case nameof(SalesRow.Gross) or nameof(SalesRow.KnownGross):
                    sums.Add(nameof(OrderShare.GrossAmount));
                    break;
                case nameof(SalesRow.Returned) or nameof(SalesRow.KnownReturned):
                    sums.Add(nameof(OrderShare.ReturnedAmount));
                    break;
                case nameof(SalesRow.Discount):
                    sums.Add(nameof(OrderShare.DiscountAmount));
                    break;
                case nameof(SalesRow.Orders) or nameof(SalesRow.KnownOrders):
                    sums.Add(nameof(OrderShare.Orders));
                    break;
            }

        return Shares.Of(orders, Key, Summed, keys, sums);
    }

    private static readonly Expression<Func<Order, OrderShare>> Key = o => new OrderShare
    {
        CustomerId = o.CustomerId,
        Kind = o.Kind,
        Currency = o.Currency,
    };

    private static readonly Expression<Func<IGrouping<OrderShare, Order>, OrderShare>> Summed = g => new OrderShare
    {
        GrossAmount = g.Sum(o => o.GrossAmount),
        ReturnedAmount = g.Sum(o => o.ReturnedAmount),
        DiscountAmount = g.Sum(o => o.DiscountAmount),
        Orders = g.LongCount(),
    };
}
