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

    /// <summary>The customer who placed the order; null if unknown.</summary>
    [UseLookup(nameof(Order.CustomerId))]
    public static IQueryable<Customer> GetCustomer(ResolverContext context) => Rows.Of(context).Customers;

    /// <summary>The owner at the time of the order; null if there was none.</summary>
    [UseLookup(nameof(Order.OwnerId))]
    public static IQueryable<TeamMember> GetOwner(ResolverContext context) => Rows.Of(context).TeamMembers;

    /// <summary>The campaign that brought the order; null if none is known.</summary>
    [UseLookup(nameof(Order.CampaignId))]
    public static IQueryable<Campaign> GetCampaign(ResolverContext context) => Rows.Of(context).Campaigns;

    /// <summary>The lines of the order.</summary>
    [UsePaging("Id", ConnectionName = "OrderLines", Of = nameof(OrderLine.OrderId), OfCustomer = nameof(OrderLine.CustomerId)), UseFiltering, UseSorting]
    public static IQueryable<OrderLine> GetLines(ResolverContext context) => Rows.Of(context).OrderLines;

    /// <summary>Additional attributes of the order, sorted by key.</summary>
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

    /// <summary>The payments for the order, oldest first.</summary>
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

    /// <summary>The total of the payments: what was paid less what was refunded.</summary>
    [BatchResolver]
    public static async Task<IReadOnlyList<decimal>> GetPaidAmountAsync([Parent("CustomerId Id")] IReadOnlyList<Order> orders, ResolverContext context) =>
        [.. (await GetPaymentsAsync(orders, context)).Select(payments => payments.Sum(p => FixedPoint.ToDecimal(p.Amount)))];

    /// <summary>The order's IDs in other systems.</summary>
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

    /// <summary>The order that the line belongs to.</summary>
    [BatchResolver]
    public static async Task<IReadOnlyList<Order?>> GetOrderAsync([Parent(nameof(OrderLine.OrderId))] IReadOnlyList<OrderLine> lines, ResolverContext context)
    {
        var orders = await BatchLookup.FactsAsync([.. lines.Select(l => new FactId(l.OrderId))], Rows.Of(context).Orders, context.CancellationToken);
        return [.. lines.Select(l => orders.GetValueOrDefault(new(l.OrderId)))];
    }

    /// <summary>The product sold or returned; null if unknown.</summary>
    [UseLookup(nameof(OrderLine.ProductId))]
    public static IQueryable<Product> GetProduct(ResolverContext context) => Rows.Of(context).Products;
}

[ObjectType<Product>]
public static class ProductFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<Guid, Product>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context) =>
        BatchLookup.DictionaryAsync(ids, Rows.Of(context).Products, p => p.Id, context.CancellationToken);

    /// <summary>The order lines with this product, newest first.</summary>
    [UsePaging("-Day", Of = nameof(OrderLine.ProductId)), UseFiltering, UseSorting]
    public static IQueryable<OrderLine> GetOrderLines(ResolverContext context) => Rows.Of(context).OrderLines.Where(l => l.ProductId != null);

    /// <summary>The product's IDs in other systems.</summary>
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

    /// <summary>The customer of the opportunity; null if unknown.</summary>
    [UseLookup(nameof(Opportunity.CustomerId))]
    public static IQueryable<Customer> GetCustomer(ResolverContext context) => Rows.Of(context).Customers;

    /// <summary>The team member responsible for the opportunity; null if unknown.</summary>
    [UseLookup(nameof(Opportunity.OwnerId))]
    public static IQueryable<TeamMember> GetOwner(ResolverContext context) => Rows.Of(context).TeamMembers;

    /// <summary>The product that the opportunity is about; null if unknown.</summary>
    [UseLookup(nameof(Opportunity.ProductId))]
    public static IQueryable<Product> GetProduct(ResolverContext context) => Rows.Of(context).Products;

    /// <summary>The stages that the opportunity has entered, oldest first.</summary>
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

    /// <summary>The opportunity's IDs in other systems.</summary>
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

    /// <summary>The customer of the contract; null if unknown.</summary>
    [UseLookup(nameof(Contract.CustomerId))]
    public static IQueryable<Customer> GetCustomer(ResolverContext context) => Rows.Of(context).Customers;
}
