using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Customers;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Team;

namespace CrmGraph.Reporting.Service;

[QueryType]
public static class ServiceQueries
{
    /// <summary>Contacts with customers, the newest first.</summary>
    [UsePaging("-OccurredAt"), UseFiltering, UseSorting]
    public static IQueryable<Interaction> GetInteractions(ResolverContext context) => Rows.Of(context).Interactions;

    /// <summary>Enquiries and complaints, the newest first.</summary>
    [UsePaging("-OpenedAt"), UseFiltering, UseSorting]
    public static IQueryable<Ticket> GetTickets(ResolverContext context) => Rows.Of(context).Tickets;

    /// <summary>Answers to surveys, the newest first.</summary>
    [UsePaging("-AnsweredAt"), UseFiltering, UseSorting]
    public static IQueryable<SurveyAnswer> GetSurveyAnswers(ResolverContext context) => Rows.Of(context).SurveyAnswers;
}

[ObjectType<Interaction>]
public static class InteractionFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<FactId, Interaction>> LoadAsync(IReadOnlyList<FactId> ids, ResolverContext context) =>
        Lookups.FactsAsync(ids, Rows.Of(context).Interactions, context.CancellationToken);

    /// <summary>Null for interactions without a known customer.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Customer?>> GetCustomerAsync([Parent(nameof(Interaction.CustomerId))] IReadOnlyList<Interaction> interactions, ResolverContext context) =>
        Lookups.OneAsync(interactions, nameof(Interaction.CustomerId), rows => rows.Customers, context);

    [BatchResolver]
    public static Task<IReadOnlyList<TeamMember?>> GetOwnerAsync([Parent(nameof(Interaction.OwnerId))] IReadOnlyList<Interaction> interactions, ResolverContext context) =>
        Lookups.OneAsync(interactions, nameof(Interaction.OwnerId), rows => rows.TeamMembers, context);
}

[ObjectType<Ticket>]
public static class TicketFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<FactId, Ticket>> LoadAsync(IReadOnlyList<FactId> ids, ResolverContext context) =>
        Lookups.FactsAsync(ids, Rows.Of(context).Tickets, context.CancellationToken);

    /// <summary>Null for tickets without a known customer.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Customer?>> GetCustomerAsync([Parent(nameof(Ticket.CustomerId))] IReadOnlyList<Ticket> tickets, ResolverContext context) =>
        Lookups.OneAsync(tickets, nameof(Ticket.CustomerId), rows => rows.Customers, context);

    /// <summary>Who handled it.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<TeamMember?>> GetAgentAsync([Parent(nameof(Ticket.AgentId))] IReadOnlyList<Ticket> tickets, ResolverContext context) =>
        Lookups.OneAsync(tickets, nameof(Ticket.AgentId), rows => rows.TeamMembers, context);
}

[ObjectType<SurveyAnswer>]
public static class SurveyAnswerFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<FactId, SurveyAnswer>> LoadAsync(IReadOnlyList<FactId> ids, ResolverContext context) =>
        Lookups.FactsAsync(ids, Rows.Of(context).SurveyAnswers, context.CancellationToken);

    /// <summary>Null for answers without a known customer.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Customer?>> GetCustomerAsync([Parent(nameof(SurveyAnswer.CustomerId))] IReadOnlyList<SurveyAnswer> answers, ResolverContext context) =>
        Lookups.OneAsync(answers, nameof(SurveyAnswer.CustomerId), rows => rows.Customers, context);
}
