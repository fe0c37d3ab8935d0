using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Customers;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Paging;

namespace CrmGraph.Reporting.Sales;

[ObjectType<Order>]
public static class OrderFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<FactId, Order>> LoadAsync(IReadOnlyList<FactId> ids, ResolverContext context) =>
        BatchLookup.FactsAsync(ids, Rows.Of(context).Orders, context.CancellationToken);

    /// <summary>Null for orders without a known customer.</summary>
    [UseLookup(nameof(Order.CustomerId))]
    public static IQueryable<Customer> GetCustomer(ResolverContext context) => Rows.Of(context).Customers;

    /// <summary>The owner at the time of the order.</summary>
    [UseLookup(nameof(Order.OwnerId))]
    public static IQueryable<TeamMember> GetOwner(ResolverContext context) => Rows.Of(context).TeamMembers;

    [UsePaging("Id", ConnectionName = "OrderLines", Of = nameof(OrderLine.OrderId), OfCustomer = nameof(OrderLine.CustomerId)), UseFiltering, UseSorting]
    public static IQueryable<OrderLine> GetLines(ResolverContext context) => Rows.Of(context).OrderLines;

    /// <summary>Free attributes, by key.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 10)]
    public static Task<IReadOnlyList<IReadOnlyList<OrderAttribute>>> GetAttributesAsync(
        [Parent("CustomerId Id")] IReadOnlyList<Order> orders,
        ResolverContext context)
    {
        var customers = orders.Select(x => x.CustomerId).Distinct().ToList();
        var attributes = Rows.Of(context).OrderAttributes.Where(a => customers.Contains(a.CustomerId)).OrderBy(a => a.Key);
        return BatchLookup.ManyAsync(orders, x => x.Id, attributes, a => a.FactId, context.CancellationToken);
    }

    /// <summary>What was paid, the first first.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 5)]
    public static Task<IReadOnlyList<IReadOnlyList<OrderPayment>>> GetPaymentsAsync(
        [Parent("CustomerId Id")] IReadOnlyList<Order> orders,
        ResolverContext context)
    {
        var customers = orders.Select(x => x.CustomerId).Distinct().ToList();
        var payments = Rows.Of(context).OrderPayments.Where(p => customers.Contains(p.CustomerId)).OrderBy(p => p.PaidAt).ThenBy(p => p.Id);
        return BatchLookup.ManyAsync(orders, x => x.Id, payments, p => p.OrderId, context.CancellationToken);
    }

    /// <summary>The sum of the payments: what was paid less what was paid back.</summary>
    [BatchResolver]
    public static async Task<IReadOnlyList<decimal>> GetPaidAmountAsync([Parent("CustomerId Id")] IReadOnlyList<Order> orders, ResolverContext context) =>
        [.. (await GetPaymentsAsync(orders, context)).Select(payments => payments.Sum(p => FixedPoint.ToDecimal(p.Amount)))];

    /// <summary>The order's ids in other systems.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 2)]
    public static Task<IReadOnlyList<IReadOnlyList<ExternalId>>> GetExternalIdsAsync(
        [Parent(nameof(Order.Id))] IReadOnlyList<Order> orders,
        ResolverContext context) =>
        ExternalIdLists.OfAsync(orders, o => o.Id, ExternalEntity.Order, context);
}

[ObjectType<OrderLine>]
public static class OrderLineFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<FactId, OrderLine>> LoadAsync(IReadOnlyList<FactId> ids, ResolverContext context) =>
        BatchLookup.FactsAsync(ids, Rows.Of(context).OrderLines, context.CancellationToken);

    [BatchResolver]
    public static async Task<IReadOnlyList<Order?>> GetOrderAsync([Parent(nameof(OrderLine.OrderId))] IReadOnlyList<OrderLine> lines, ResolverContext context)
    {
        var orders = await BatchLookup.FactsAsync([.. lines.Select(l => new FactId(l.OrderId))], Rows.Of(context).Orders, context.CancellationToken);
        return [.. lines.Select(l => orders.GetValueOrDefault(new(l.OrderId)))];
    }

    [UseLookup(nameof(OrderLine.ProductId))]
    public static IQueryable<Product> GetProduct(ResolverContext context) => Rows.Of(context).Products;
}

[ObjectType<Product>]
public static class ProductFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, Product>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        BatchLookup.DictionaryAsync(ids, Rows.Of(context).Products, p => p.Id, context.CancellationToken);

    /// <summary>Where the product was sold or brought back, the newest first.</summary>
    [UsePaging("-Day", Of = nameof(OrderLine.ProductId)), UseFiltering, UseSorting]
    public static IQueryable<OrderLine> GetOrderLines(ResolverContext context) => Rows.Of(context).OrderLines.Where(l => l.ProductId != null);

    /// <summary>The product's ids in other systems.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 2)]
    public static Task<IReadOnlyList<IReadOnlyList<ExternalId>>> GetExternalIdsAsync(
        [Parent(nameof(Product.Id))] IReadOnlyList<Product> products,
        ResolverContext context) =>
        ExternalIdLists.OfAsync(products, p => p.Id, ExternalEntity.Product, context);
}

[ObjectType<Opportunity>]
public static class OpportunityFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<FactId, Opportunity>> LoadAsync(IReadOnlyList<FactId> ids, ResolverContext context) =>
        BatchLookup.FactsAsync(ids, Rows.Of(context).Opportunities, context.CancellationToken);

    /// <summary>Null for opportunities without a known customer.</summary>
    [UseLookup(nameof(Opportunity.CustomerId))]
    public static IQueryable<Customer> GetCustomer(ResolverContext context) => Rows.Of(context).Customers;

    [UseLookup(nameof(Opportunity.OwnerId))]
    public static IQueryable<TeamMember> GetOwner(ResolverContext context) => Rows.Of(context).TeamMembers;

    /// <summary>The stages that the opportunity entered, the first first.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 5)]
    public static Task<IReadOnlyList<IReadOnlyList<OpportunityStage>>> GetStagesAsync(
        [Parent("CustomerId Id")] IReadOnlyList<Opportunity> opportunities,
        ResolverContext context)
    {
        var customers = opportunities.Select(o => o.CustomerId).Distinct().ToList();
        var stages = Rows.Of(context).OpportunityStages.Where(s => customers.Contains(s.CustomerId)).OrderBy(s => s.EnteredAt).ThenBy(s => s.Id);
        return BatchLookup.ManyAsync(opportunities, o => o.Id, stages, s => s.OpportunityId, context.CancellationToken);
    }

    /// <summary>The opportunity's ids in other systems.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 2)]
    public static Task<IReadOnlyList<IReadOnlyList<ExternalId>>> GetExternalIdsAsync(
        [Parent(nameof(Opportunity.Id))] IReadOnlyList<Opportunity> opportunities,
        ResolverContext context) =>
        ExternalIdLists.OfAsync(opportunities, o => o.Id, ExternalEntity.Opportunity, context);
}

[ObjectType<Contract>]
public static class ContractFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<FactId, Contract>> LoadAsync(IReadOnlyList<FactId> ids, ResolverContext context) =>
        BatchLookup.FactsAsync(ids, Rows.Of(context).Contracts, context.CancellationToken);

    /// <summary>Null for contracts without a known customer.</summary>
    [UseLookup(nameof(Contract.CustomerId))]
    public static IQueryable<Customer> GetCustomer(ResolverContext context) => Rows.Of(context).Customers;
}
