using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Paging;

namespace CrmGraph.Reporting.Customers;

[ObjectType<Customer>]
public static class CustomerFields
{
    [NodeResolver]
    public static async Task<IReadOnlyDictionary<Guid, Customer>> LoadAsync(IReadOnlyList<Guid> ids, ResolverContext context)
    {
        var rows = Rows.Of(context);
        var found = await BatchLookup.DictionaryAsync(ids, rows.Customers, c => c.Id, context.CancellationToken);
        var missing = ids.Where(id => !found.ContainsKey(id)).Distinct().ToList();
        if (missing.Count == 0)
            return found;
        var keepers = await MergedCustomers.KeepersAsync(missing, rows, context.CancellationToken);
        return keepers.Count == 0 ? found : found.Concat(keepers).ToDictionary();
    }

    /// <summary>The team member who looks after the customer today; null if nobody does.</summary>
    [UseLookup(nameof(Customer.OwnerId))]
    public static IQueryable<TeamMember> GetOwner(ResolverContext context) => Rows.Of(context).TeamMembers;

    /// <summary>Additional attributes of the customer, sorted by key.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 10)]
    public static Task<IReadOnlyList<IReadOnlyList<CustomerAttribute>>> GetAttributesAsync(
        [Parent(nameof(Customer.Id))] IReadOnlyList<Customer> customers,
        ResolverContext context) =>
        BatchLookup.ManyAsync(customers, c => c.Id, Rows.Of(context).CustomerAttributes.OrderBy(a => a.Key), a => a.CustomerId, context.CancellationToken);

    /// <summary>The customer's IDs in other systems.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 2)]
    public static Task<IReadOnlyList<IReadOnlyList<ExternalId>>> GetExternalIdsAsync(
        [Parent(nameof(Customer.Id))] IReadOnlyList<Customer> customers,
        ResolverContext context) =>
        ExternalIdLists.OfAsync(customers, c => c.Id, ExternalEntity.Customer, context);

    /// <summary>The lifecycle stages that the customer has been in, oldest first.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 5)]
    public static Task<IReadOnlyList<IReadOnlyList<CustomerStage>>> GetStagesAsync(
        [Parent(nameof(Customer.Id))] IReadOnlyList<Customer> customers,
        ResolverContext context) =>
        BatchLookup.ManyAsync(customers, c => c.Id, Rows.Of(context).CustomerStages.OrderBy(s => s.From), s => s.CustomerId, context.CancellationToken);

    /// <summary>The number of sales over all time, without cancelled ones.</summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerFigures.CustomerId), Shows = nameof(CustomerFigures.OrderCount))]
    public static IQueryable<CustomerFigures> GetOrderCount(ResolverContext context) => Rows.Of(context).CustomerFigures;

    /// <summary>The day of the first sale that was not cancelled; null if there is none.</summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerFigures.CustomerId), Shows = nameof(CustomerFigures.FirstPurchaseDay))]
    public static IQueryable<CustomerFigures> GetFirstPurchase(ResolverContext context) => Rows.Of(context).CustomerFigures;

    /// <summary>The day of the last sale that was not cancelled; null if there is none.</summary>
    [UseLookup(nameof(Customer.Id), Key = nameof(CustomerFigures.CustomerId), Shows = nameof(CustomerFigures.LastPurchaseDay))]
    public static IQueryable<CustomerFigures> GetLastPurchase(ResolverContext context) => Rows.Of(context).CustomerFigures;

    /// <summary>The money spent and returned over all time, one entry per currency.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 2)]
    public static Task<IReadOnlyList<IReadOnlyList<CustomerMoney>>> GetMoneySpentAsync(
        [Parent(nameof(Customer.Id))] IReadOnlyList<Customer> customers,
        ResolverContext context) =>
        BatchLookup.ManyAsync(customers, c => c.Id, Rows.Of(context).CustomerMoney.OrderBy(m => m.Currency), m => m.CustomerId, context.CancellationToken);

    /// <summary>The customer's orders, newest first.</summary>
    [UsePaging("-OrderedAt", Of = nameof(Order.CustomerId)), UseFiltering, UseSorting]
    public static IQueryable<Order> GetOrders(ResolverContext context) => Rows.Of(context).Orders;

    /// <summary>The interactions with the customer, newest first.</summary>
    [UsePaging("-OccurredAt", Of = nameof(Interaction.CustomerId)), UseFiltering, UseSorting]
    public static IQueryable<Interaction> GetInteractions(ResolverContext context) => Rows.Of(context).Interactions;

    /// <summary>The customer's support tickets, newest first.</summary>
    [UsePaging("-OpenedAt", Of = nameof(Ticket.CustomerId)), UseFiltering, UseSorting]
    public static IQueryable<Ticket> GetTickets(ResolverContext context) => Rows.Of(context).Tickets;

    /// <summary>The customer's survey responses, newest first.</summary>
    [UsePaging("-AnsweredAt", Of = nameof(SurveyResponse.CustomerId)), UseFiltering, UseSorting]
    public static IQueryable<SurveyResponse> GetSurveyResponses(ResolverContext context) => Rows.Of(context).SurveyResponses;

    /// <summary>The customer's survey responses, newest first.</summary>
    [GraphQLDeprecated("Use `surveyResponses`.")]
    [UsePaging("-AnsweredAt", Of = nameof(SurveyResponse.CustomerId), ConnectionName = "SurveyResponses"), UseFiltering, UseSorting]
    public static IQueryable<SurveyResponse> GetSurveyAnswers(ResolverContext context) => Rows.Of(context).SurveyResponses;

    /// <summary>The customer's opportunities, newest first.</summary>
    [UsePaging("-OpenedAt", Of = nameof(Opportunity.CustomerId)), UseFiltering, UseSorting]
    public static IQueryable<Opportunity> GetOpportunities(ResolverContext context) => Rows.Of(context).Opportunities;

    /// <summary>The customer's contracts, newest first.</summary>
    [UsePaging("-StartDay", Of = nameof(Contract.CustomerId)), UseFiltering, UseSorting]
    public static IQueryable<Contract> GetContracts(ResolverContext context) => Rows.Of(context).Contracts;
}

[ObjectType<CustomerMoney>]
public static class CustomerMoneyFields
{
    /// <summary>Sales less returns.</summary>
    public static decimal GetAmount([Parent] CustomerMoney money) => FixedPoint.ToDecimal(money.GrossAmount - money.ReturnedAmount);
}

/// <summary>The ids of rows in other systems.</summary>
internal static class ExternalIdLists
{
    public static Task<IReadOnlyList<IReadOnlyList<ExternalId>>> OfAsync<T>(
        IReadOnlyList<T> rows,
        Func<T, Guid> id,
        ExternalEntity entity,
        ResolverContext context) =>
        BatchLookup.ManyAsync(
            rows,
            id,
            Rows.Of(context).ExternalIds.Where(e => e.Entity == entity).OrderBy(e => e.Source).ThenBy(e => e.Key),
            e => e.Id,
            context.CancellationToken);
}
