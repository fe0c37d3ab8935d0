using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Aggregates;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Paging;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Customers;

[QueryType]
public static class CustomerQueries
{
    /// <summary>The customers that the caller may see, most recently known first.</summary>
    [UsePaging("-CreatedAt"), UseSearch(CustomerSearch.Words), UseFiltering, UseSorting]
    public static IQueryable<Customer> GetCustomers(ResolverContext context) => Rows.Of(context).Customers;

    /// <summary>Counts, totals and distinct values of customers.</summary>
    [UseAggregates, UseSearch(CustomerSearch.Words), UseFiltering]
    public static IQueryable<Customer> GetCustomerAggregates(ResolverContext context) => Rows.Of(context).Customers;

    /// <summary>
    /// A customer by ID. Null if it does not exist or the caller may not see it. The ID of a merged customer leads to the customer it was merged into.
    /// </summary>
    public static async Task<Row<Customer>?> GetCustomerAsync([ID<Customer>] Guid id, ResolverContext context)
    {
        if (await BatchLookup.ByIdAsync(id, GetCustomers, context) is { } customer)
            return customer;
        var keepers = await MergedCustomers.KeepersAsync([id], Rows.Of(context), context.CancellationToken);
        return keepers.TryGetValue(id, out var keeper) ? new Row<Customer>(keeper) : null;
    }

    /// <summary>A customer by an external ID. Null if it does not exist or the caller may not see it.</summary>
    /// <param name="source">The name of the other system.</param>
    /// <param name="key">The ID in the other system.</param>
    public static Task<Customer?> GetCustomerByExternalIdAsync(string source, string key, ResolverContext context)
    {
        var rows = Rows.Of(context);
        if (!FoldedText.IsStorable(source) || !FoldedText.IsStorable(key))
            return Task.FromResult<Customer?>(null);
        var ids = rows.ExternalIds.Where(e => e.Entity == ExternalEntity.Customer && e.Source == source && e.Key == key).Select(e => e.Id);
        return rows.Customers.FirstOrDefaultAsync(c => ids.Contains(c.Id), context.CancellationToken);
    }
}
