using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Rollups;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>The part of some days' orders that a rollup answers for: all but the marked days.</summary>
internal sealed class RolledOrders
{
    private readonly FactContext _context;
    private readonly SalesRollup _rollup;
    private readonly DayRange _days;
    private readonly SalesCondition? _customers;

    private RolledOrders(FactContext context, SalesRollup rollup, DayRange days, IReadOnlyList<DateOnly> marked, SalesCondition? customers)
    {
        (_context, _rollup, _days, Marked, _customers) = (context, rollup, days, marked, customers);
    }

    /// <summary>The days that are still to be read from the orders.</summary>
    public IReadOnlyList<DateOnly> Marked { get; }

    /// <summary>Null when no rollup has the columns and conditions, or too few of the days.</summary>
    public static RolledOrders? Of(FactContext context, DayRange days, IReadOnlySet<string> columns)
    {
        if (context.Rollups?.MarkedIn(days) is not { } marked || NeededFor(columns) is not { } needed || context.Filter.NeedsLines)
            return null;
        var customers = context.Customers is null ? null : SalesCondition.Of(context.Customers);
        if (context.Customers is not null && customers is null)
            return null;
        needed |= (customers?.Needs ?? 0) | (context.Filter.UsesChannel ? SalesAttributes.Channel : 0) | (context.Filter.UsesOwner ? SalesAttributes.Owner : 0);
        return context.Rollups.With(needed) is { } rollup ? new(context, rollup, days, marked, customers) : null;
    }

    /// <summary>As <see cref="Of"/>, to be read as <see cref="Buyers"/>: owners are those of customers today.</summary>
    /// <param name="known">The customers who count.</param>
    public static RolledOrders? OfBuyers(FactContext context, Expression<Func<Customer, bool>> known, DayRange days, IReadOnlySet<string> columns)
    {
        var today = columns.Select(c => c == nameof(FactRow.Owner) ? nameof(FactRow.Scope) : c).ToHashSet();
        return Of(context with { Customers = known }, days, today);
    }

    /// <summary>Of some of the days alone.</summary>
    public RolledOrders On(DayRange days) => new(_context, _rollup, days, Marked, _customers);

    /// <summary>The daily sums, as rows of orders.</summary>
    public IQueryable<SalesRow> Sums(IReadOnlySet<string> columns) =>
        FactQuery.Project(Chosen(_context.Database.SalesDays, _customers?.OnSums), columns, d => new SalesRow
        {
            Day = d.Day,
            TransactionDay = d.Day,
            Currency = d.Currency,
            Channel = d.Channel,
            Region = d.Region,
            Country = d.Country,
            Owner = d.OwnerId,
            Scope = d.ScopeId,
            Gross = d.GrossAmount,
            Returned = d.ReturnedAmount,
            Discount = d.DiscountAmount,
            KnownGross = d.IsKnown ? d.GrossAmount : 0,
            KnownReturned = d.IsKnown ? d.ReturnedAmount : 0,
            Orders = d.OrderCount,
            KnownOrders = d.IsKnown ? d.OrderCount : 0,
        });

    /// <summary>The sets of known customers of every day.</summary>
    public IQueryable<SalesRow> Customers(IReadOnlySet<string> columns) =>
        FactQuery.Project(Chosen(_context.Database.SalesDayCustomers, _customers?.OnSets), columns, d => new SalesRow
        {
            Day = d.Day,
            Channel = d.Channel,
            Region = d.Region,
            Country = d.Country,
            Owner = d.OwnerId,
            Scope = d.ScopeId,
            Stamp = d.Stamp,
            SetDay = d.Day,
            BuyerSet = d.Buyers,
            OtherSet = d.Others,
        });

    /// <summary>As <see cref="Customers"/>; the owner is that of the customer today.</summary>
    public IQueryable<SalesRow> Buyers(IReadOnlySet<string> columns) =>
        FactQuery.Project(Chosen(_context.Database.SalesDayCustomers, _customers?.OnSets), columns, d => new SalesRow
        {
            Region = d.Region,
            Country = d.Country,
            Owner = d.ScopeId,
            Scope = d.ScopeId,
            Stamp = d.Stamp,
            SetDay = d.Day,
            BuyerSet = d.Buyers,
            OtherSet = d.Others,
        });

    private IQueryable<T> Chosen<T>(IQueryable<T> rows, Expression<Func<T, bool>>? customers) where T : class, ISalesSlice
    {
        var (number, from, until, marked) = (_rollup.Number, _days.From, _days.Until, Marked);
        rows = rows.AsNoTracking().Where(d => d.Rollup == number && d.Day >= from && d.Day < until);
        if (marked.Count > 0)
            rows = rows.Where(d => !marked.Contains(d.Day));
        if (customers is not null)
            rows = rows.Where(customers);
        return _context.Filtered(rows, d => new FactAttributes { Channel = d.Channel, OwnerId = d.OwnerId });
    }

    private static SalesAttributes? NeededFor(IReadOnlySet<string> columns)
    {
        var needed = SalesAttributes.None;
        foreach (var column in columns)
        {
            if (AttributeOf(column) is not { } attribute)
                return null;
            needed |= attribute;
        }

        return needed;
    }

    private static SalesAttributes? AttributeOf(string column) => column switch
    {
        nameof(FactRow.Channel) => SalesAttributes.Channel,
        nameof(FactRow.Region) => SalesAttributes.Region,
        nameof(FactRow.Country) => SalesAttributes.Country,
        nameof(FactRow.Owner) => SalesAttributes.Owner,
        nameof(FactRow.Scope) => SalesAttributes.Scope,
        nameof(FactRow.Day) or nameof(FactRow.TransactionDay) or nameof(FactRow.Currency) or nameof(SalesRow.Gross) or nameof(SalesRow.Returned)
            or nameof(SalesRow.Discount) or nameof(SalesRow.KnownGross) or nameof(SalesRow.KnownReturned) or nameof(SalesRow.Orders)
            or nameof(SalesRow.KnownOrders) or nameof(SalesRow.BuyerSet) or nameof(SalesRow.OtherSet) => SalesAttributes.None,
        _ => null,
    };
}
