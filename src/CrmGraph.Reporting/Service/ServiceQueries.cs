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
    public static Task<IReadOnlyList<Customer?>> GetCustomerAsync([Parent] IReadOnlyList<Interaction> interactions, ResolverContext context) =>
        Lookups.OneAsync(interactions, i => i.CustomerId, Rows.Of(context).Customers, c => c.Id, context.CancellationToken);

    [BatchResolver]
    public static Task<IReadOnlyList<TeamMember?>> GetOwnerAsync([Parent] IReadOnlyList<Interaction> interactions, ResolverContext context) =>
        Lookups.OneAsync(interactions, i => i.OwnerId, Rows.Of(context).TeamMembers, m => m.Id, context.CancellationToken);
}

[ObjectType<Ticket>]
public static class TicketFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<FactId, Ticket>> LoadAsync(IReadOnlyList<FactId> ids, ResolverContext context) =>
        Lookups.FactsAsync(ids, Rows.Of(context).Tickets, context.CancellationToken);

    /// <summary>Null for tickets without a known customer.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Customer?>> GetCustomerAsync([Parent] IReadOnlyList<Ticket> tickets, ResolverContext context) =>
        Lookups.OneAsync(tickets, t => t.CustomerId, Rows.Of(context).Customers, c => c.Id, context.CancellationToken);

    /// <summary>Who handled it.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<TeamMember?>> GetAgentAsync([Parent] IReadOnlyList<Ticket> tickets, ResolverContext context) =>
        Lookups.OneAsync(tickets, t => t.AgentId, Rows.Of(context).TeamMembers, m => m.Id, context.CancellationToken);
}

[ObjectType<SurveyAnswer>]
public static class SurveyAnswerFields
{
    [NodeResolver]
    public static Task<IReadOnlyDictionary<FactId, SurveyAnswer>> LoadAsync(IReadOnlyList<FactId> ids, ResolverContext context) =>
        Lookups.FactsAsync(ids, Rows.Of(context).SurveyAnswers, context.CancellationToken);

    /// <summary>Null for answers without a known customer.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Customer?>> GetCustomerAsync([Parent] IReadOnlyList<SurveyAnswer> answers, ResolverContext context) =>
        Lookups.OneAsync(answers, a => a.CustomerId, Rows.Of(context).Customers, c => c.Id, context.CancellationToken);
}
