using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Access;

/// <summary>
/// Which rows a caller may see. A caller with a list of owners sees the customers whose owner of today is in it, and the facts of those
/// customers, whoever owned them at the time; never the guests' facts. Everyone else sees all. Guests are never shown as customers.
/// </summary>
public static class RowRules
{
    public static IQueryable<Customer> Customers(CrmDbContext database, Caller caller) => database.Customers.AsNoTracking().Where(Customer(caller));

    public static Expression<Func<Customer, bool>> Customer(Caller caller)
    {
        if (caller.Owners is null)
            return c => !c.IsGuest;
        // The list is read from the caller himself, so that a prepared statement knows whose it is.
        return c => !c.IsGuest && c.OwnerId != null && caller.Owners.Contains(c.OwnerId.Value);
    }

    /// <summary>The rule of a customer's facts of one kind, guests' facts included for those who see all.</summary>
    public static Expression<Func<TFact, bool>> Fact<TFact>(Caller caller) where TFact : ICustomerFact
    {
        var row = Expression.Parameter(typeof(TFact), "x");
        if (caller.SeesAll)
            return Expression.Lambda<Func<TFact, bool>>(Expression.Constant(true), row);
        var rule = Customer(caller);
        var customer = Expression.Property(row, "Customer");
        return Expression.Lambda<Func<TFact, bool>>(Lambdas.Inline(rule, customer), row);
    }

    /// <summary>Whether a customer's facts may be seen, as <see cref="Fact{TFact}"/>: those of guests too by whoever sees all.</summary>
    public static bool SeesFactsOf(this Caller caller, Customer customer) => caller.SeesAll || caller.Sees(customer);

    /// <summary>Whether a customer may be seen, for callers who have the row already.</summary>
    public static bool Sees(this Caller caller, Customer customer) =>
        !customer.IsGuest && (caller.Owners is not { } owners || (customer.OwnerId is { } owner && owners.Contains(owner)));
}
