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
    /// <summary>Makes a product or changes the one that is there.</summary>
    public static async Task<Product> UpsertProductAsync(UpsertProductInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Products, input);
        return await Rows.Of(context).Products.SingleAsync(p => p.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Makes or changes up to 1,000 products in one transaction.</summary>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertProductsAsync(IReadOnlyList<UpsertProductInput> products, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Product, nameof(Product), b => b.Products, products, allOrNothing);

    /// <summary>Makes an order with its lines or changes the one that is there. The same call again changes nothing.</summary>
    public static async Task<Order> UpsertOrderAsync(UpsertOrderInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Orders, input);
        return await LoadAsync(result.CustomerId, result.Id, context);
    }

    /// <summary>Makes or changes up to 1,000 orders in one transaction.</summary>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertOrdersAsync(IReadOnlyList<UpsertOrderInput> orders, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Order, nameof(Order), b => b.Orders, orders, allOrNothing);

    /// <summary>Cancels an order: it stays, and counts in no metric.</summary>
    /// <param name="at">When; now, when left out. An order that is cancelled already keeps its moment unless another is given.</param>
    public static async Task<Order> CancelOrderAsync([ID<Order>] FactId id, ResolverContext context, DateTime? at = null)
    {
        var call = WriteCall.Of(context);
        var known = await Rows.Of(context).Orders.Where(o => o.Id == id.Id).Select(o => o.CancelledAt).FirstOrDefaultAsync(context.CancellationToken);
        var moment = at ?? known ?? call.Now;
        var result = await call.WriteAsync(b => b.Orders, new OrderRecord { Id = id.Id, Mode = WriteMode.UpdateOnly, CancelledAt = (DateTime?)moment });
        return await LoadAsync(result.CustomerId, result.Id, context);
    }

    /// <summary>Deletes an order and its lines. For a sale that was undone, cancel it instead: then it can still be seen.</summary>
    [return: GraphQLType("ID"), GraphQLName("id")]
    public static Task<string> DeleteOrderAsync([ID<Order>] FactId id, ResolverContext context) => DeleteAsync<Order>(id, context);

    /// <summary>Makes an opportunity or changes the one that is there.</summary>
    public static async Task<Opportunity> UpsertOpportunityAsync(UpsertOpportunityInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Opportunities, input);
        return await Rows.Of(context).Opportunities.SingleAsync(x => x.CustomerId == result.CustomerId && x.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Makes or changes up to 1,000 opportunities in one transaction.</summary>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertOpportunitiesAsync(
        IReadOnlyList<UpsertOpportunityInput> opportunities,
        ResolverContext context,
        bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Opportunity, nameof(Opportunity), b => b.Opportunities, opportunities, allOrNothing);

    /// <summary>Deletes an opportunity and its stage history.</summary>
    [return: GraphQLType("ID"), GraphQLName("id")]
    public static Task<string> DeleteOpportunityAsync([ID<Opportunity>] FactId id, ResolverContext context) => DeleteAsync<Opportunity>(id, context);

    /// <summary>Makes a contract or changes the one that is there.</summary>
    public static async Task<Contract> UpsertContractAsync(UpsertContractInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Contracts, input);
        return await Rows.Of(context).Contracts.SingleAsync(x => x.CustomerId == result.CustomerId && x.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Makes or changes up to 1,000 contracts in one transaction.</summary>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertContractsAsync(IReadOnlyList<UpsertContractInput> contracts, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Contract, nameof(Contract), b => b.Contracts, contracts, allOrNothing);

    /// <summary>Deletes a contract.</summary>
    [return: GraphQLType("ID"), GraphQLName("id")]
    public static Task<string> DeleteContractAsync([ID<Contract>] FactId id, ResolverContext context) => DeleteAsync<Contract>(id, context);

    /// <summary>Sets exchange rates, up to 1,000 at once; a rate of the same currency and day is replaced.</summary>
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
