using System.Linq.Expressions;
using CrmGraph.Reporting.Customers;
using CrmGraph.Reporting.Database;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Sales;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics;

/// <summary>
/// Who is a customer when. Active on day d: a purchase in (d - window, d], or a contract open on d. A purchase of day p thus keeps a customer
/// active up to p + window - 1; the day p + window is the one on which he is lost, unless something else keeps him. Rows of events hold the
/// day of the purchase or contract that causes them; <see cref="Event.ShiftDays"/> leads to the day of the event.
/// </summary>
internal sealed class Lifecycle(CrmDbContext db, Expression<Func<Customer, bool>> customers, int activityDays)
{
    /// <summary>Rows of events, one or more per customer and day, and how many days later the event is.</summary>
    public sealed record Event(IQueryable<FactRow> Rows, int ShiftDays);

    /// <summary>Customers active on a day, one row each.</summary>
    public IQueryable<FactRow> ActiveOn(DateOnly day, IReadOnlySet<string> columns) => Project(Customers().Where(IsActiveOn(day)), columns);

    /// <summary>Customers active on both days.</summary>
    public IQueryable<FactRow> ActiveOn(DateOnly day, DateOnly later, IReadOnlySet<string> columns) =>
        Project(Customers().Where(IsActiveOn(day)).Where(IsActiveOn(later)), columns);

    /// <summary>First purchases and first contracts on the days.</summary>
    public IEnumerable<Event> New(DayRange days, bool contracts, IReadOnlySet<string> columns)
    {
        var buyers = Customers().Where(c => c.Figures!.FirstPurchaseDay >= days.From && c.Figures.FirstPurchaseDay < days.Until
            && !c.Contracts.Any(k => (k.EndDay == null || k.EndDay > k.StartDay) && k.StartDay < c.Figures.FirstPurchaseDay));
        yield return new(FactQuery.Project(buyers, columns, c => new FactRow { Day = c.Figures!.FirstPurchaseDay!.Value }, c => c), 0);
        if (!contracts)
            yield break;
        var signers = Contracts().Where(k => k.StartDay >= days.From && k.StartDay < days.Until
            && !k.Customer!.Contracts.Any(e => (e.EndDay == null || e.EndDay > e.StartDay) && e.StartDay < k.StartDay)
            && (k.Customer.Figures!.FirstPurchaseDay == null || k.Customer.Figures.FirstPurchaseDay > k.StartDay));
        yield return new(Project(signers, columns, k => new FactRow { Day = k.StartDay }), 0);
    }

    /// <summary>Customers who cease to be active on the days.</summary>
    public IEnumerable<Event> Lost(DayRange days, bool contracts, IReadOnlySet<string> columns)
    {
        var window = activityDays;
        var from = days.From.AddDays(-window);
        var until = days.Until.AddDays(-window);
        var last = Purchases().Where(o => o.Day >= from && o.Day < until
            && !o.Customer!.Orders.Any(l => l.Kind == OrderKind.Sale && l.CancelledAt == null && l.Day > o.Day && l.Day <= o.Day.AddDays(window))
            && !o.Customer.Contracts.Any(k => k.StartDay <= o.Day.AddDays(window) && (k.EndDay == null || k.EndDay > o.Day.AddDays(window))));
        yield return new(Project(last, columns, o => new FactRow { Day = o.Day }), window);
        if (!contracts)
            yield break;
        // The purchase exactly one window before the end is left to the rows above.
        var ended = Contracts().Where(k => k.EndDay >= days.From && k.EndDay < days.Until
            && !k.Customer!.Contracts.Any(e => e.StartDay <= k.EndDay && (e.EndDay == null || e.EndDay > k.EndDay))
            && !k.Customer.Orders.Any(o => o.Kind == OrderKind.Sale && o.CancelledAt == null && o.Day >= k.EndDay!.Value.AddDays(-window) && o.Day <= k.EndDay));
        yield return new(Project(ended, columns, k => new FactRow { Day = k.EndDay!.Value }), 0);
    }

    /// <summary>Customers who are active again on the days, after having been lost.</summary>
    public IEnumerable<Event> Reactivated(DayRange days, bool contracts, IReadOnlySet<string> columns)
    {
        var window = activityDays;
        var again = Purchases().Where(o => o.Day >= days.From && o.Day < days.Until
            && (o.Customer!.Figures!.FirstPurchaseDay < o.Day || o.Customer.Contracts.Any(k => (k.EndDay == null || k.EndDay > k.StartDay) && k.StartDay < o.Day))
            && !o.Customer.Orders.Any(e => e.Kind == OrderKind.Sale && e.CancelledAt == null && e.Day < o.Day && e.Day >= o.Day.AddDays(-window))
            && !o.Customer.Contracts.Any(k => k.StartDay < o.Day && (k.EndDay == null || k.EndDay >= o.Day)));
        yield return new(Project(again, columns, o => new FactRow { Day = o.Day }), 0);
        if (!contracts)
            yield break;
        // A purchase on the day itself is left to the rows above.
        var signed = Contracts().Where(k => k.StartDay >= days.From && k.StartDay < days.Until
            && (k.Customer!.Figures!.FirstPurchaseDay < k.StartDay || k.Customer.Contracts.Any(e => (e.EndDay == null || e.EndDay > e.StartDay) && e.StartDay < k.StartDay))
            && !k.Customer.Orders.Any(o => o.Kind == OrderKind.Sale && o.CancelledAt == null && o.Day <= k.StartDay && o.Day >= k.StartDay.AddDays(-window))
            && !k.Customer.Contracts.Any(e => e.StartDay < k.StartDay && (e.EndDay == null || e.EndDay >= k.StartDay)));
        yield return new(Project(signed, columns, k => new FactRow { Day = k.StartDay }), 0);
    }

    private Expression<Func<Customer, bool>> IsActiveOn(DateOnly day)
    {
        var after = day.AddDays(-activityDays);
        return c => c.Orders.Any(o => o.Kind == OrderKind.Sale && o.CancelledAt == null && o.Day > after && o.Day <= day)
            || c.Contracts.Any(k => k.StartDay <= day && (k.EndDay == null || k.EndDay > day));
    }

    private IQueryable<Customer> Customers() => db.Customers.AsNoTracking().Where(customers);

    private IQueryable<Order> Purchases() =>
        FactQuery.WhereCustomer(db.Orders.AsNoTracking().Where(o => o.Kind == OrderKind.Sale && o.CancelledAt == null), o => o.Customer, customers);

    /// <summary>Contracts that ran for a day at least.</summary>
    private IQueryable<Contract> Contracts() =>
        FactQuery.WhereCustomer(db.Contracts.AsNoTracking().Where(k => k.EndDay == null || k.EndDay > k.StartDay), k => k.Customer, customers);

    private static IQueryable<FactRow> Project(IQueryable<Customer> rows, IReadOnlySet<string> columns) =>
        FactQuery.Project(rows, columns, c => new FactRow { CustomerId = c.Id }, c => c);

    private static IQueryable<FactRow> Project(IQueryable<Order> rows, IReadOnlySet<string> columns, Expression<Func<Order, FactRow>> own) =>
        FactQuery.Project(rows, columns, own, o => o.Customer);

    private static IQueryable<FactRow> Project(IQueryable<Contract> rows, IReadOnlySet<string> columns, Expression<Func<Contract, FactRow>> own) =>
        FactQuery.Project(rows, columns, own, k => k.Customer);
}
