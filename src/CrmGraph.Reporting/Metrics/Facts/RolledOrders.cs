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

    /// <summary>The number of the rollup.</summary>
    public int Rollup => _rollup.Number;

    /// <summary>The days of which it answers for all but the marked ones.</summary>
    public DayRange Days => _days;

    /// <summary>Which rows count, as conditions that can be asked of values; null when only SQL can tell, or there are too many rows to keep them in memory.</summary>
    public IReadOnlyList<LambdaExpression>? ValueConditions
    {
        get
        {
            if ((_rollup.Attributes & (SalesAttributes.Owner | SalesAttributes.Scope)) != 0)
                return null;
            List<LambdaExpression> all = [.. new LambdaExpression?[] { _customers?.OnSums, _context.Filter.Fact }.OfType<LambdaExpression>()];
            return all.TrueForAll(Conditions.IsOfValues) ? all : null;
        }
    }

    /// <summary>Null when no rollup has the columns and conditions, or too few of the days.</summary>
    public static RolledOrders? Of(FactContext context, DayRange days, IReadOnlySet<string> columns) =>
        context.Rollups?.MarkedIn(days) is { } marked ? With(context, context.Rollups, days, marked, columns) : null;

    /// <summary>As <see cref="Of"/>, however many of the days are marked: for who reads those by themselves.</summary>
    public static RolledOrders? OfMarked(FactContext context, DayRange days, IReadOnlySet<string> columns) =>
        context.Rollups is { } rollups ? With(context, rollups, days, rollups.AllMarkedIn(days), columns) : null;

    private static RolledOrders? With(
        FactContext context, RollupState rollups, DayRange days, IReadOnlyList<DateOnly> marked, IReadOnlySet<string> columns)
    {
        if (NeededFor(columns) is not { } needed || context.Filter.NeedsLines)
            return null;
        var customers = context.Customers is null ? null : SalesCondition.Of(context.Customers);
        if (context.Customers is not null && customers is null)
            return null;
        needed |= (customers?.Needs ?? 0) | (context.Filter.UsesChannel ? SalesAttributes.Channel : 0) | (context.Filter.UsesOwner ? SalesAttributes.Owner : 0);
        return rollups.With(needed) is { } rollup ? new(context, rollup, days, marked, customers) : null;
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

    /// <summary>All rows of the rollup on some days, whatever counts of them, with the stamps of the days.</summary>
    public IQueryable<SalesRow> Stored(DayRange days)
    {
        var (number, from, until) = (_rollup.Number, days.From, days.Until);
        return _context.Database.SalesDays.AsNoTracking().Where(d => d.Rollup == number && d.Day >= from && d.Day < until)
            .Join(_context.Database.SalesDayOrders, d => d.Day, o => o.Day, (d, o) => new SalesRow
            {
                SetDay = d.Day,
                Stamp = o.Stamp,
                Currency = d.Currency,
                Channel = d.Channel,
                Region = d.Region,
                Country = d.Country,
                Gross = d.GrossAmount,
                Returned = d.ReturnedAmount,
                Discount = d.DiscountAmount,
                Orders = d.OrderCount,
                KnownOrders = d.IsKnown ? 1 : 0,
            });
    }

    /// <summary>All sets of known customers of the rollup on some days, whatever counts of them, with the stamps of the days: those of guests alone have no set.</summary>
    public IQueryable<SalesRow> StoredCustomers(DayRange days)
    {
        var (number, from, until) = (_rollup.Number, days.From, days.Until);
        var sets = _context.Database.SalesDayCustomers.AsNoTracking();
        return _context.Database.SalesDayOrders.AsNoTracking().Where(o => o.Day >= from && o.Day < until)
            .SelectMany(o => sets.Where(d => d.Rollup == number && d.Day == o.Day).DefaultIfEmpty(), (o, d) => new SalesRow
            {
                SetDay = o.Day,
                Stamp = o.Stamp,
                Channel = d!.Channel,
                Region = d.Region,
                Country = d.Country,
                BuyerSet = d.Buyers,
                OtherSet = d.Others,
            });
    }

    /// <summary>The stamps of all days that have orders.</summary>
    public IQueryable<SalesRow> Stamps() => _context.Database.SalesDayOrders.AsNoTracking().Select(d => new SalesRow { Stamp = d.Stamp, SetDay = d.Day });

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

/// <param name="Orders">What the rollup tells.</param>
/// <param name="Marked">The statement of the orders of marked days; null when no day is marked.</param>
internal sealed record RolledSource(RolledOrders Orders, FactStatement? Marked);
