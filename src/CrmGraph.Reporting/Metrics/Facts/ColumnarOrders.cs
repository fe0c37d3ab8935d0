using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>
/// The part of some days' orders that is read from columns and summed by the server: all but the marked days. Customers are chosen by any condition, and told
/// apart by their own attributes, which no rollup needs to have.
/// </summary>
internal sealed class ColumnarOrders
{
    /// <summary>As many days of single orders beside the columns.</summary>
    private const int MostMarked = 16;

    /// <summary>What the columns have of an order.</summary>
    private static readonly HashSet<string> _ofOrders =
        [nameof(FactRow.Day), nameof(FactRow.TransactionDay), nameof(FactRow.Currency), nameof(FactRow.Channel), nameof(FactRow.Owner)];

    private readonly FactContext _context;
    private readonly DayRange _days;

    private ColumnarOrders(
        FactContext context, DayRange days, IReadOnlyList<DateOnly> marked, Func<OrderSlice, bool> counts, CustomerChoice customers)
    {
        (_context, _days, Marked, Counts, Customers) = (context, days, marked, counts, customers);
    }

    /// <summary>The days whose orders are still to be read.</summary>
    public IReadOnlyList<DateOnly> Marked { get; }

    /// <summary>The condition on what is the order's own.</summary>
    public Func<OrderSlice, bool> Counts { get; }

    /// <summary>Whose orders count.</summary>
    public CustomerChoice Customers { get; }

    /// <summary>Null when the columns do not tell it, or a rollup does.</summary>
    /// <param name="rolled">What a rollup would have to have.</param>
    /// <param name="ofSales">Returns do not count.</param>
    public static ColumnarOrders? Of(FactContext context, DayRange days, FactKey key, IReadOnlySet<string> rolled, bool ofSales = false)
    {
        if (context.Rollups?.MarkedIn(days) is not { Count: <= MostMarked } marked || context.Filter.NeedsLines)
            return null;
        var columns = FactQuery.Columns(key.Expressions);
        if (!columns.All(c => _ofOrders.Contains(c) || CustomerChoice.Tells(c)) || Condition(context.Filter.Fact) is not { } counts)
            return null;
        Func<OrderSlice, bool> all = ofSales ? slice => slice.IsSale && counts(slice) : counts;
        return RolledOrders.Of(context, days, rolled) is null ? new(context, days, marked, all, new(context, columns.Where(CustomerChoice.Tells))) : null;
    }

    public IQueryable<SalesRow> Stamps() => Rows(_days).Select(d => new SalesRow { Stamp = d.Stamp, SetDay = d.Day });

    /// <summary>The columns of some of the days, as one set of bytes each.</summary>
    public IQueryable<SalesRow> Columns(DayRange days) => Rows(days).Select(d => new SalesRow { Stamp = d.Stamp, SetDay = d.Day, BuyerSet = d.Columns });

    private IQueryable<SalesDayOrders> Rows(DayRange days)
    {
        var (from, until, marked) = (days.From, days.Until, Marked);
        var rows = _context.Database.SalesDayOrders.AsNoTracking().Where(d => d.Day >= from && d.Day < until);
        return marked.Count == 0 ? rows : rows.Where(d => !marked.Contains(d.Day));
    }

    /// <summary>A condition that can be asked of values; null when only SQL can.</summary>
    private static Func<OrderSlice, bool>? Condition(Expression<Func<FactAttributes, bool>>? condition)
    {
        if (condition is null)
            return _ => true;
        if (!Conditions.IsOfValues(condition))
            return null;
        var holds = condition.Compile(preferInterpretation: true);
        return slice => holds(new() { Channel = slice.Channel, OwnerId = slice.OwnerId });
    }
}

/// <param name="Singles">The orders of marked days one by one, with the key and <see cref="SingleColumns"/>; null when no day is marked.</param>
internal sealed record ColumnarSource(ColumnarOrders Orders, Func<IQueryable<FactRow>>? Singles)
{
    public static IReadOnlyList<string> StampColumns { get; } = CustomerSets.StampColumns;
    public static IReadOnlyList<string> BlockColumns { get; } = [.. StampColumns, nameof(SalesRow.BuyerSet)];

    public static IReadOnlyList<string> SingleColumns { get; } =
    [
        nameof(FactRow.Fact), nameof(FactRow.CustomerId), nameof(SalesRow.Number), nameof(SalesRow.Gross), nameof(SalesRow.Returned), nameof(SalesRow.Discount),
        nameof(SalesRow.Orders),
    ];
}
