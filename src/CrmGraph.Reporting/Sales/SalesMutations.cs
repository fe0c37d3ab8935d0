using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Mutations;
using CrmGraph.Reporting.Ingest.Records;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Sales;

[MutationType]
[Error<NotFoundException>, Error<ConflictException>, Error<ValidationException>, Error<NotPermittedException>]
public static class SalesMutations
{
    /// <summary>Creates or updates a product.</summary>
    public static async Task<Product> UpsertProductAsync(UpsertProductInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Products, input);
        return await Rows.Of(context).Products.SingleAsync(p => p.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Creates or updates up to 1,000 products in one transaction.</summary>
    /// <param name="products">The products to write, at most 1,000.</param>
    /// <param name="allOrNothing">Whether nothing is written if an entry is refused. By default the other entries are written.</param>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertProductsAsync(IReadOnlyList<UpsertProductInput> products, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Product, nameof(Product), b => b.Products, products, allOrNothing);

    /// <summary>Creates or updates an order with its lines. Repeating the call changes nothing.</summary>
    public static async Task<Order> UpsertOrderAsync(UpsertOrderInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Orders, input);
        return await LoadAsync(result.CustomerId, result.Id, context);
    }

    /// <summary>Creates or updates up to 1,000 orders in one transaction.</summary>
    /// <param name="orders">The orders to write, at most 1,000.</param>
    /// <param name="allOrNothing">Whether nothing is written if an entry is refused. By default the other entries are written.</param>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertOrdersAsync(IReadOnlyList<UpsertOrderInput> orders, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Order, nameof(Order), b => b.Orders, orders, allOrNothing);

    /// <summary>Cancels an order. The order is kept, but counts in no metric.</summary>
    /// <param name="at">When the order was cancelled; by default now. An order that is already cancelled keeps its time unless another one is given.</param>
    public static async Task<Order> CancelOrderAsync([ID<Order>] FactId id, ResolverContext context, DateTime? at = null)
    {
        var call = WriteCall.Of(context);
        var known = await Rows.Of(context).Orders.Where(o => o.Id == id.Id).Select(o => o.CancelledAt).FirstOrDefaultAsync(context.CancellationToken);
        var moment = at ?? known ?? call.Now;
        var result = await call.WriteAsync(b => b.Orders, new OrderRecord { Id = id.Id, Mode = WriteMode.UpdateOnly, CancelledAt = (DateTime?)moment });
        return await LoadAsync(result.CustomerId, result.Id, context);
    }

    /// <summary>Deletes an order and its lines. This cannot be undone. To take back a sale but keep it visible, cancel the order instead.</summary>
    [return: GraphQLType("ID"), GraphQLName("id")]
    public static Task<string> DeleteOrderAsync([ID<Order>] FactId id, ResolverContext context) => DeleteAsync<Order>(id, context);

    /// <summary>Creates or updates an opportunity.</summary>
    public static async Task<Opportunity> UpsertOpportunityAsync(UpsertOpportunityInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Opportunities, input);
        return await Rows.Of(context).Opportunities.SingleAsync(x => x.CustomerId == result.CustomerId && x.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Creates or updates up to 1,000 opportunities in one transaction.</summary>
    /// <param name="opportunities">The opportunities to write, at most 1,000.</param>
    /// <param name="allOrNothing">Whether nothing is written if an entry is refused. By default the other entries are written.</param>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertOpportunitiesAsync(
        IReadOnlyList<UpsertOpportunityInput> opportunities,
        ResolverContext context,
        bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Opportunity, nameof(Opportunity), b => b.Opportunities, opportunities, allOrNothing);

    /// <summary>Deletes an opportunity and its stage history. This cannot be undone.</summary>
    [return: GraphQLType("ID"), GraphQLName("id")]
    public static Task<string> DeleteOpportunityAsync([ID<Opportunity>] FactId id, ResolverContext context) => DeleteAsync<Opportunity>(id, context);

    /// <summary>Creates or updates a contract.</summary>
    public static async Task<Contract> UpsertContractAsync(UpsertContractInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Contracts, input);
        return await Rows.Of(context).Contracts.SingleAsync(x => x.CustomerId == result.CustomerId && x.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Creates or updates up to 1,000 contracts in one transaction.</summary>
    /// <param name="contracts">The contracts to write, at most 1,000.</param>
    /// <param name="allOrNothing">Whether nothing is written if an entry is refused. By default the other entries are written.</param>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertContractsAsync(IReadOnlyList<UpsertContractInput> contracts, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Contract, nameof(Contract), b => b.Contracts, contracts, allOrNothing);

    /// <summary>Deletes a contract. This cannot be undone.</summary>
    [return: GraphQLType("ID"), GraphQLName("id")]
    public static Task<string> DeleteContractAsync([ID<Contract>] FactId id, ResolverContext context) => DeleteAsync<Contract>(id, context);

    /// <summary>Sets up to 1,000 exchange rates in one transaction. A rate for the same currency and day is replaced.</summary>
    /// <param name="rates">The rates to write, at most 1,000.</param>
    /// <param name="allOrNothing">Whether nothing is written if an entry is refused. By default the other entries are written.</param>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertExchangeRatesAsync(IReadOnlyList<ExchangeRateInput> rates, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.ExchangeRate, nameof(ExchangeRate), b => b.ExchangeRates, rates, allOrNothing);

    internal static async Task<string> DeleteAsync<T>(FactId id, ResolverContext context) where T : class, ICustomerFact
    {
        var call = WriteCall.Of(context);
        await call.Remover.DeleteAsync<T>(id.Id, call.Caller, call.Cancelled);
        return WriteCall.GlobalId(typeof(T).Name, id.Id);
    }

    private static Task<Order> LoadAsync(Guid customer, Guid id, ResolverContext context) =>
        Rows.Of(context).Orders.SingleAsync(o => o.CustomerId == customer && o.Id == id, context.CancellationToken);
}
