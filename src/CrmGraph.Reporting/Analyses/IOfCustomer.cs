using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Lookups;

namespace CrmGraph.Reporting.Analyses;

/// <summary>An item of an analysis that belongs to a customer.</summary>
internal interface IOfCustomer
{
    Guid CustomerId { get; }
}

internal static class CustomersOfItems
{
    /// <summary>The customer of each.</summary>
    public static Task<IReadOnlyList<Customer?>> OfAsync<T>(IReadOnlyList<T> items, ResolverContext context) where T : IOfCustomer =>
        BatchLookup.OneAsync(items, i => i.CustomerId, Rows.Of(context).Customers, c => c.Id, context.CancellationToken);
}
