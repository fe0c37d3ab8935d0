using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Aggregates;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Paging;

namespace CrmGraph.Reporting.Service;

[QueryType]
public static class ServiceQueries
{
    /// <summary>Contacts with customers, newest first.</summary>
    [UsePaging("-OccurredAt"), UseFiltering, UseSorting]
    public static IQueryable<Interaction> GetInteractions(ResolverContext context) => Rows.Of(context).Interactions;

    /// <summary>Counts, totals and distinct values of contacts with customers.</summary>
    [UseAggregates, UseFiltering]
    public static IQueryable<Interaction> GetInteractionAggregates(ResolverContext context) => Rows.Of(context).Interactions;

    /// <summary>Support tickets: inquiries and complaints, newest first.</summary>
    [UsePaging("-OpenedAt"), UseFiltering, UseSorting]
    public static IQueryable<Ticket> GetTickets(ResolverContext context) => Rows.Of(context).Tickets;

    /// <summary>Counts, totals and distinct values of support tickets.</summary>
    [UseAggregates, UseFiltering]
    public static IQueryable<Ticket> GetTicketAggregates(ResolverContext context) => Rows.Of(context).Tickets;

    /// <summary>Survey answers, newest first.</summary>
    [UsePaging("-AnsweredAt"), UseFiltering, UseSorting]
    public static IQueryable<SurveyAnswer> GetSurveyAnswers(ResolverContext context) => Rows.Of(context).SurveyAnswers;

    /// <summary>Counts, totals and distinct values of survey answers.</summary>
    [UseAggregates, UseFiltering]
    public static IQueryable<SurveyAnswer> GetSurveyAnswerAggregates(ResolverContext context) => Rows.Of(context).SurveyAnswers;
}

[ObjectType<Interaction>]
public static class InteractionFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<FactId, Interaction>> LoadAsync(IReadOnlyList<FactId> ids, ResolverContext context) =>
        BatchLookup.FactsAsync(ids, Rows.Of(context).Interactions, context.CancellationToken);

    /// <summary>The customer contacted; null if unknown.</summary>
    [UseLookup(nameof(Interaction.CustomerId))]
    public static IQueryable<Customer> GetCustomer(ResolverContext context) => Rows.Of(context).Customers;

    /// <summary>The team member who had the contact; null if unknown.</summary>
    [UseLookup(nameof(Interaction.OwnerId))]
    public static IQueryable<TeamMember> GetOwner(ResolverContext context) => Rows.Of(context).TeamMembers;
}

[ObjectType<Ticket>]
public static class TicketFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<FactId, Ticket>> LoadAsync(IReadOnlyList<FactId> ids, ResolverContext context) =>
        BatchLookup.FactsAsync(ids, Rows.Of(context).Tickets, context.CancellationToken);

    /// <summary>The customer who opened the ticket; null if unknown.</summary>
    [UseLookup(nameof(Ticket.CustomerId))]
    public static IQueryable<Customer> GetCustomer(ResolverContext context) => Rows.Of(context).Customers;

    /// <summary>The team member who handled the ticket; null if unknown.</summary>
    [UseLookup(nameof(Ticket.AgentId))]
    public static IQueryable<TeamMember> GetAgent(ResolverContext context) => Rows.Of(context).TeamMembers;

    /// <summary>Additional attributes of the ticket, sorted by key.</summary>
    [BatchResolver]
    [ListSize(AssumedSize = 10)]
    public static Task<IReadOnlyList<IReadOnlyList<TicketAttribute>>> GetAttributesAsync(
        [Parent("CustomerId Id")] IReadOnlyList<Ticket> tickets,
        ResolverContext context)
    {
        var customers = tickets.Select(x => x.CustomerId).Distinct().ToList();
        var attributes = Rows.Of(context).TicketAttributes.Where(a => customers.Contains(a.CustomerId)).OrderBy(a => a.Key);
        return BatchLookup.ManyAsync(tickets, x => x.Id, attributes, a => a.FactId, context.CancellationToken);
    }
}

[ObjectType<SurveyAnswer>]
public static class SurveyAnswerFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<FactId, SurveyAnswer>> LoadAsync(IReadOnlyList<FactId> ids, ResolverContext context) =>
        BatchLookup.FactsAsync(ids, Rows.Of(context).SurveyAnswers, context.CancellationToken);

    /// <summary>The customer who answered; null if unknown.</summary>
    [UseLookup(nameof(SurveyAnswer.CustomerId))]
    public static IQueryable<Customer> GetCustomer(ResolverContext context) => Rows.Of(context).Customers;
}
