using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>
/// Who is a customer when. Active on day d: a purchase in (d - window, d], or a contract open on d. A purchase of day p thus keeps a customer
/// active up to p + window - 1; the day p + window is the one on which he is lost, unless something else keeps him. Rows of events hold the
/// day of the purchase or contract that causes them; <see cref="Event.ShiftDays"/> leads to the day of the event.
/// </summary>
/// <param name="all">These are all known customers: the id of a fact tells whether it is of one of them.</param>
/// <param name="contracts">Whether there are contracts at all: most shops have none, and every condition on them costs a look per row.</param>
internal sealed class Lifecycle(WordTables words, Expression<Func<Customer, bool>> customers, bool all, int activityDays, bool contracts)
{
    private readonly CrmDbContext db = words.Database;

    /// <summary>Rows of events, one or more per customer and day, and how many days later the event is.</summary>
    public sealed record Event(Func<IReadOnlySet<string>, IQueryable<FactRow>> Rows, int ShiftDays);

    /// <summary>Customers active on a day, one row each.</summary>
    public IQueryable<FactRow> ActiveOn(DateOnly day, IReadOnlySet<string> columns)
        => FactQuery.Project(words, Customers().Where(IsActiveOn(day)), columns, AsCustomer);

    /// <summary>Customers active on both days.</summary>
    public IQueryable<FactRow> ActiveOn(DateOnly day, DateOnly later, IReadOnlySet<string> columns) =>
        FactQuery.Project(words, Customers().Where(IsActiveOn(day)).Where(IsActiveOn(later)), columns, AsCustomer);

    /// <summary>First purchases and first contracts on the days.</summary>
    public IEnumerable<Event> New(DayRange days)
    {
        var (contract, figures) = (Ran(), Figures());
        var buyers = Figures().Where(f => f.FirstPurchaseDay >= days.From && f.FirstPurchaseDay < days.Until);
        if (contracts)
            buyers = buyers.Where(f => !contract.Any(k => k.CustomerId == f.CustomerId && k.StartDay < f.FirstPurchaseDay));
        yield return new(columns => Project(buyers, columns, f => new FactRow { CustomerId = f.CustomerId, Day = f.FirstPurchaseDay!.Value }), 0);
        if (!contracts)
            yield break;
        var signers = Ran().Where(k => k.StartDay >= days.From && k.StartDay < days.Until
            && !contract.Any(e => e.CustomerId == k.CustomerId && e.StartDay < k.StartDay)
            && !figures.Any(f => f.CustomerId == k.CustomerId && f.FirstPurchaseDay <= k.StartDay));
        yield return new(columns => Project(signers, columns, k => new FactRow { CustomerId = k.CustomerId, Day = k.StartDay }), 0);
    }

    /// <summary>Customers who cease to be active on the days.</summary>
    public IEnumerable<Event> Lost(DayRange days)
    {
        // Ready values: what is computed from them within a statement cannot be bound anew, and EF would translate it each time.
        var (contract, purchases, window, back) = (Ran(), Purchases(), activityDays, -activityDays);
        var from = days.From.AddDays(back);
        var until = days.Until.AddDays(back);
        var last = Purchases().Where(o => o.Day >= from && o.Day < until
            && !purchases.Any(l => l.CustomerId == o.CustomerId && l.Day > o.Day && l.Day <= o.Day.AddDays(window)));
        if (contracts)
            last = last.Where(o => !contract.Any(
                k => k.CustomerId == o.CustomerId && k.StartDay <= o.Day.AddDays(window) && (k.EndDay == null || k.EndDay > o.Day.AddDays(window))));
        yield return new(columns => Project(last, columns, o => new FactRow { CustomerId = o.CustomerId, Day = o.Day }), window);
        if (!contracts)
            yield break;
        // The purchase exactly one window before the end is left to the rows above.
        var ended = Ran().Where(k => k.EndDay >= days.From && k.EndDay < days.Until
            && !contract.Any(e => e.CustomerId == k.CustomerId && e.StartDay <= k.EndDay && (e.EndDay == null || e.EndDay > k.EndDay))
            && !purchases.Any(o => o.CustomerId == k.CustomerId && o.Day >= k.EndDay!.Value.AddDays(back) && o.Day <= k.EndDay));
        yield return new(columns => Project(ended, columns, k => new FactRow { CustomerId = k.CustomerId, Day = k.EndDay!.Value }), 0);
    }

    /// <summary>Customers who are active again on the days, after having been lost.</summary>
    public IEnumerable<Event> Reactivated(DayRange days)
    {
        var (contract, purchases, figures, back) = (Ran(), Purchases(), Figures(), -activityDays);
        var again = Purchases().Where(o => o.Day >= days.From && o.Day < days.Until
            && !purchases.Any(e => e.CustomerId == o.CustomerId && e.Day < o.Day && e.Day >= o.Day.AddDays(back)));
        again = contracts
            ? again.Where(o => (figures.Any(f => f.CustomerId == o.CustomerId && f.FirstPurchaseDay < o.Day)
                || contract.Any(k => k.CustomerId == o.CustomerId && k.StartDay < o.Day))
                && !contract.Any(k => k.CustomerId == o.CustomerId && k.StartDay < o.Day && (k.EndDay == null || k.EndDay >= o.Day)))
            : again.Where(o => figures.Any(f => f.CustomerId == o.CustomerId && f.FirstPurchaseDay < o.Day));
        yield return new(columns => Project(again, columns, o => new FactRow { CustomerId = o.CustomerId, Day = o.Day }), 0);
        if (!contracts)
            yield break;
        // A purchase on the day itself is left to the rows above.
        var signed = Ran().Where(k => k.StartDay >= days.From && k.StartDay < days.Until
            && (figures.Any(f => f.CustomerId == k.CustomerId && f.FirstPurchaseDay < k.StartDay)
                || contract.Any(e => e.CustomerId == k.CustomerId && e.StartDay < k.StartDay))
            && !purchases.Any(o => o.CustomerId == k.CustomerId && o.Day <= k.StartDay && o.Day >= k.StartDay.AddDays(back))
            && !contract.Any(e => e.CustomerId == k.CustomerId && e.StartDay < k.StartDay && (e.EndDay == null || e.EndDay >= k.StartDay)));
        yield return new(columns => Project(signed, columns, k => new FactRow { CustomerId = k.CustomerId, Day = k.StartDay }), 0);
    }

    private Expression<Func<Customer, bool>> IsActiveOn(DateOnly day)
    {
        var (contract, purchases, after) = (Ran(), Purchases(), day.AddDays(-activityDays));
        if (!contracts)
            return c => purchases.Any(o => o.CustomerId == c.Id && o.Day > after && o.Day <= day);
        return c => purchases.Any(o => o.CustomerId == c.Id && o.Day > after && o.Day <= day)
            || contract.Any(k => k.CustomerId == c.Id && k.StartDay <= day && (k.EndDay == null || k.EndDay > day));
    }

    private IQueryable<Customer> Customers() => db.Customers.AsNoTracking().Where(customers);

    private IQueryable<CustomerFigures> Figures() => db.CustomerFigures.AsNoTracking();

    private IQueryable<Order> Purchases() => db.Orders.AsNoTracking().Where(o => o.Kind == OrderKind.Sale && o.CancelledAt == null);

    /// <summary>Contracts that ran for a day at least.</summary>
    private IQueryable<Contract> Ran() => db.Contracts.AsNoTracking().Where(k => k.EndDay == null || k.EndDay > k.StartDay);

    private static readonly Expression<Func<Customer, FactRow>> AsCustomer = c => new FactRow { CustomerId = c.Id };

    private IQueryable<FactRow> Project(IQueryable<Order> rows, IReadOnlySet<string> columns, Expression<Func<Order, FactRow>> own)
    {
        var (first, last) = (Guests.First, Guests.Last);
        var known = all ? rows.Where(o => o.CustomerId < first || o.CustomerId > last) : rows;
        return FactQuery.Project(words, known, columns, own, o => o.CustomerId, Customers(), restricted: !all);
    }

    private IQueryable<FactRow> Project(IQueryable<CustomerFigures> rows, IReadOnlySet<string> columns, Expression<Func<CustomerFigures, FactRow>> own)
    {
        var (first, last) = (Guests.First, Guests.Last);
        var known = all ? rows.Where(f => f.CustomerId < first || f.CustomerId > last) : rows;
        return FactQuery.Project(words, known, columns, own, f => f.CustomerId, Customers(), restricted: !all);
    }

    private IQueryable<FactRow> Project(IQueryable<Contract> rows, IReadOnlySet<string> columns, Expression<Func<Contract, FactRow>> own) =>
        FactQuery.Project(words, rows, columns, own, k => k.CustomerId, Customers(), restricted: true);
}
