using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Paging;

namespace CrmGraph.Reporting.Sales;

[QueryType]
public static class SalesQueries
{
    /// <summary>Orders: sales and returns, newest first.</summary>
    [UsePaging("-OrderedAt"), UseFiltering, UseSorting]
    public static IQueryable<Order> GetOrders(ResolverContext context) => Rows.Of(context).Orders;

    /// <summary>Products and services, sorted by name.</summary>
    [UsePaging("Name"), UseFiltering, UseSorting]
    public static IQueryable<Product> GetProducts(ResolverContext context) => Rows.Of(context).Products;

    /// <summary>Sales opportunities, newest first.</summary>
    [UsePaging("-OpenedAt"), UseFiltering, UseSorting]
    public static IQueryable<Opportunity> GetOpportunities(ResolverContext context) => Rows.Of(context).Opportunities;

    /// <summary>Contracts, newest first.</summary>
    [UsePaging("-StartDay"), UseFiltering, UseSorting]
    public static IQueryable<Contract> GetContracts(ResolverContext context) => Rows.Of(context).Contracts;

    /// <summary>Exchange rates into the reporting currency, newest first.</summary>
    [UsePaging("-Day", Key = "Day Currency"), UseFiltering, UseSorting]
    public static IQueryable<ExchangeRate> GetExchangeRates(ResolverContext context) => Rows.Of(context).ExchangeRates;
}
