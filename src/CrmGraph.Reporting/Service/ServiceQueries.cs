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

    /// <summary>Survey responses, newest first.</summary>
    [UsePaging("-AnsweredAt"), UseFiltering, UseSorting]
    public static IQueryable<SurveyResponse> GetSurveyResponses(ResolverContext context) => Rows.Of(context).SurveyResponses;

    /// <summary>Counts, totals and distinct values of survey responses.</summary>
    [UseAggregates, UseFiltering]
    public static IQueryable<SurveyResponse> GetSurveyResponseAggregates(ResolverContext context) => Rows.Of(context).SurveyResponses;

    /// <summary>Survey responses, newest first.</summary>
    [GraphQLDeprecated("Use `surveyResponses`.")]
    [UsePaging("-AnsweredAt", ConnectionName = "SurveyResponses"), UseFiltering, UseSorting]
    public static IQueryable<SurveyResponse> GetSurveyAnswers(ResolverContext context) => Rows.Of(context).SurveyResponses;

    /// <summary>Counts, totals and distinct values of survey responses.</summary>
    [GraphQLDeprecated("Use `surveyResponseAggregates`."), UseAggregates, UseFiltering]
    public static IQueryable<SurveyResponse> GetSurveyAnswerAggregates(ResolverContext context) => Rows.Of(context).SurveyResponses;
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

[ObjectType<SurveyResponse>]
public static class SurveyResponseFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<FactId, SurveyResponse>> LoadAsync(IReadOnlyList<FactId> ids, ResolverContext context) =>
        BatchLookup.FactsAsync(ids, Rows.Of(context).SurveyResponses, context.CancellationToken);

    /// <summary>The customer who responded; null if unknown.</summary>
    [UseLookup(nameof(SurveyResponse.CustomerId))]
    public static IQueryable<Customer> GetCustomer(ResolverContext context) => Rows.Of(context).Customers;
}
