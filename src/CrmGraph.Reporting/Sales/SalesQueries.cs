using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Aggregates;
using CrmGraph.Reporting.Querying.Paging;

namespace CrmGraph.Reporting.Sales;

[QueryType]
public static class SalesQueries
{
    /// <summary>Orders: sales and returns, newest first.</summary>
    [UsePaging("-OrderedAt"), UseFiltering, UseSorting]
    public static IQueryable<Order> GetOrders(ResolverContext context) => Rows.Of(context).Orders;

    /// <summary>Counts, totals and distinct values of orders.</summary>
    [UseAggregates, UseFiltering]
    public static IQueryable<Order> GetOrderAggregates(ResolverContext context) => Rows.Of(context).Orders;

    /// <summary>Counts, totals and distinct values of order lines.</summary>
    [UseAggregates, UseFiltering]
    public static IQueryable<OrderLine> GetOrderLineAggregates(ResolverContext context) => Rows.Of(context).OrderLines;

    /// <summary>Products and services, sorted by name.</summary>
    [UsePaging("Name"), UseFiltering, UseSorting]
    public static IQueryable<Product> GetProducts(ResolverContext context) => Rows.Of(context).Products;

    /// <summary>Counts, totals and distinct values of products.</summary>
    [UseAggregates, UseFiltering]
    public static IQueryable<Product> GetProductAggregates(ResolverContext context) => Rows.Of(context).Products;

    /// <summary>Opportunities, newest first.</summary>
    [UsePaging("-OpenedAt"), UseFiltering, UseSorting]
    public static IQueryable<Opportunity> GetOpportunities(ResolverContext context) => Rows.Of(context).Opportunities;

    /// <summary>Counts, totals and distinct values of opportunities.</summary>
    [UseAggregates, UseFiltering]
    public static IQueryable<Opportunity> GetOpportunityAggregates(ResolverContext context) => Rows.Of(context).Opportunities;

    /// <summary>Contracts, newest first.</summary>
    [UsePaging("-StartDay"), UseFiltering, UseSorting]
    public static IQueryable<Contract> GetContracts(ResolverContext context) => Rows.Of(context).Contracts;

    /// <summary>Counts, totals and distinct values of contracts.</summary>
    [UseAggregates, UseFiltering]
    public static IQueryable<Contract> GetContractAggregates(ResolverContext context) => Rows.Of(context).Contracts;

    /// <summary>Exchange rates into the reporting currency, newest first.</summary>
    [UsePaging("-Day", Key = "Day Currency"), UseFiltering, UseSorting]
    public static IQueryable<ExchangeRate> GetExchangeRates(ResolverContext context) => Rows.Of(context).ExchangeRates;
}
