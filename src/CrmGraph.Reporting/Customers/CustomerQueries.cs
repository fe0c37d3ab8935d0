using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Execution.Columns;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Paging;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Customers;

[QueryType]
public static class CustomerQueries
{
    /// <summary>The customers that the caller may see.</summary>
    [UsePaging("-CreatedAt"), UseFiltering, UseSorting]
    public static IQueryable<Customer> GetCustomers(ResolverContext context) => Rows.Of(context).Customers;

    /// <summary>A customer by id; null when there is none that the caller may see. The id of a customer that was merged into another leads to that one.</summary>
    public static async Task<Row<Customer>?> GetCustomerAsync([ID<Customer>] Guid id, ResolverContext context)
    {
        if (await BatchLookup.ByIdAsync(id, GetCustomers, context) is { } customer)
            return customer;
        var keepers = await MergedCustomers.KeepersAsync([id], Rows.Of(context), context.CancellationToken);
        return keepers.TryGetValue(id, out var keeper) ? new Row<Customer>(keeper) : null;
    }

    /// <summary>A customer by the id that another system has for it; null when there is none that the caller may see.</summary>
    /// <param name="source">The other system's name, as the import gave it.</param>
    /// <param name="key">The id in that system.</param>
    public static Task<Customer?> GetCustomerByExternalIdAsync(string source, string key, ResolverContext context)
    {
        var rows = Rows.Of(context);
        if (!FoldedText.IsStorable(source) || !FoldedText.IsStorable(key))
            return Task.FromResult<Customer?>(null);
        var ids = rows.ExternalIds.Where(e => e.Entity == ExternalEntity.Customer && e.Source == source && e.Key == key).Select(e => e.Id);
        return rows.Customers.FirstOrDefaultAsync(c => ids.Contains(c.Id), context.CancellationToken);
    }
}
