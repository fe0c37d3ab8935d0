using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Mutations;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Sales;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Service;

/// <summary>An interaction to create or update. Omitted fields keep their values.</summary>
public sealed class UpsertInteractionInput
{
    /// <summary>The interaction to change. If omitted, `externalIds` decide; without those, an interaction is created.</summary>
    [ID<Interaction>] public FactId? Id { get; set; }
    /// <summary>The external IDs by which the interaction is found or created. New ones are added.</summary>
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    /// <summary>The customer contacted; if omitted for a new interaction, an unknown customer.</summary>
    public Optional<CustomerRefInput?> Customer { get; set; }
    /// <summary>The kind of contact.</summary>
    public Optional<InteractionKind?> Kind { get; set; }
    /// <summary>The channel of the contact; by default the customer's acquisition channel for a new interaction.</summary>
    public Optional<string?> Channel { get; set; }
    /// <summary>What the contact was about.</summary>
    public Optional<string?> Subject { get; set; }
    /// <summary>When the contact took place.</summary>
    public Optional<DateTime?> OccurredAt { get; set; }
    /// <summary>How long the contact lasted, in seconds.</summary>
    public Optional<int?> DurationSeconds { get; set; }
    /// <summary>The team member who had the contact; by default the customer's owner for a new interaction.</summary>
    public Optional<TeamMemberRefInput?> Owner { get; set; }
}

/// <summary>A ticket to create or update. Omitted fields keep their values.</summary>
public sealed class UpsertTicketInput
{
    /// <summary>The ticket to change. If omitted, `externalIds` decide; without those, a ticket is created.</summary>
    [ID<Ticket>] public FactId? Id { get; set; }
    /// <summary>The external IDs by which the ticket is found or created. New ones are added.</summary>
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    /// <summary>The customer who opened the ticket; if omitted for a new ticket, an unknown customer.</summary>
    public Optional<CustomerRefInput?> Customer { get; set; }
    /// <summary>Whether the ticket is an inquiry or a complaint.</summary>
    public Optional<TicketKind?> Kind { get; set; }
    /// <summary>How urgent the ticket is.</summary>
    public Optional<TicketPriority?> Priority { get; set; }
    /// <summary>The channel through which the ticket came in; by default the customer's acquisition channel for a new ticket.</summary>
    public Optional<string?> Channel { get; set; }
    /// <summary>What kind of thing the ticket is about: the same for many tickets, such as `delivery`.</summary>
    public Optional<string?> Topic { get; set; }
    /// <summary>What the ticket is about.</summary>
    public Optional<string?> Subject { get; set; }
    /// <summary>When the ticket was opened.</summary>
    public Optional<DateTime?> OpenedAt { get; set; }
    /// <summary>When the customer got the first response.</summary>
    public Optional<DateTime?> FirstResponseAt { get; set; }
    /// <summary>When the ticket was resolved. Null takes back a resolution that never happened; use `reopenedAt` for a ticket that was reopened.</summary>
    public Optional<DateTime?> ResolvedAt { get; set; }
    /// <summary>
    /// When the ticket was last reopened. An earlier resolution no longer holds, and a later moment than the stored one counts as one more reopening.
    /// </summary>
    public Optional<DateTime?> ReopenedAt { get; set; }
    /// <summary>How many times the ticket was reopened; by default counted from `reopenedAt`.</summary>
    public Optional<int?> ReopenCount { get; set; }
    /// <summary>The team member who handles the ticket.</summary>
    public Optional<TeamMemberRefInput?> Agent { get; set; }
    /// <summary>The customer's satisfaction with the handling, from 1 (bad) to 5 (good).</summary>
    public Optional<int?> Csat { get; set; }
    /// <summary>Attributes to set, by key. A null value removes an attribute; others are kept.</summary>
    public IReadOnlyList<AttributeInput>? Attributes { get; set; }
}

/// <summary>A survey response to create or update. Omitted fields keep their values.</summary>
public sealed class UpsertSurveyResponseInput
{
    /// <summary>The survey response to change. If omitted, `externalIds` decide; without those, a survey response is created.</summary>
    [ID<SurveyResponse>] public FactId? Id { get; set; }
    /// <summary>The external IDs by which the survey response is found or created. New ones are added.</summary>
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    /// <summary>The customer who responded; if omitted for a new response, an unknown customer.</summary>
    public Optional<CustomerRefInput?> Customer { get; set; }
    /// <summary>The kind of survey.</summary>
    public Optional<SurveyKind?> Kind { get; set; }
    /// <summary>What was asked: the same for many responses, such as `delivery`.</summary>
    public Optional<string?> Question { get; set; }
    /// <summary>The score given: from 0 to 10 for NPS, from 1 to `scaleMaximum` for CSAT.</summary>
    public Optional<int?> Score { get; set; }
    /// <summary>The highest possible score: 10 for NPS; 5 (the default), 7 or 10 for CSAT.</summary>
    public Optional<int?> ScaleMaximum { get; set; }
    /// <summary>
    /// How many responses this one stands for in weighted metrics, 0 to 100,000 with at most four decimals; null counts as 1.
    /// </summary>
    public Optional<decimal?> Weight { get; set; }
    /// <summary>What the customer wrote beside the score.</summary>
    public Optional<string?> Comment { get; set; }
    /// <summary>The channel through which the survey was answered; by default the customer's acquisition channel for a new response.</summary>
    public Optional<string?> Channel { get; set; }
    /// <summary>When the survey was answered.</summary>
    public Optional<DateTime?> AnsweredAt { get; set; }
}

[MutationType]
[Error<NotFoundException>, Error<ConflictException>, Error<ValidationException>, Error<NotPermittedException>]
public static class ServiceMutations
{
    /// <summary>Creates or updates an interaction.</summary>
    public static async Task<Interaction> UpsertInteractionAsync(UpsertInteractionInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Interactions, input);
        return await Rows.Of(context).Interactions.SingleAsync(x => x.CustomerId == result.CustomerId && x.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Creates or updates up to 1,000 interactions in one transaction.</summary>
    /// <param name="interactions">The interactions to write, at most 1,000.</param>
    /// <param name="allOrNothing">Whether nothing is written if an entry is refused. By default the other entries are written.</param>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertInteractionsAsync(
        IReadOnlyList<UpsertInteractionInput> interactions,
        ResolverContext context,
        bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Interaction, nameof(Interaction), b => b.Interactions, interactions, allOrNothing);

    /// <summary>Deletes an interaction. This cannot be undone.</summary>
    [return: GraphQLType("ID"), GraphQLName("id")]
    public static Task<string> DeleteInteractionAsync([ID<Interaction>] FactId id, ResolverContext context)
        => SalesMutations.DeleteAsync<Interaction>(id, context);

    /// <summary>Creates or updates a support ticket.</summary>
    public static async Task<Ticket> UpsertTicketAsync(UpsertTicketInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Tickets, input);
        return await Rows.Of(context).Tickets.SingleAsync(x => x.CustomerId == result.CustomerId && x.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Creates or updates up to 1,000 tickets in one transaction.</summary>
    /// <param name="tickets">The tickets to write, at most 1,000.</param>
    /// <param name="allOrNothing">Whether nothing is written if an entry is refused. By default the other entries are written.</param>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertTicketsAsync(IReadOnlyList<UpsertTicketInput> tickets, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Ticket, nameof(Ticket), b => b.Tickets, tickets, allOrNothing);

    /// <summary>Deletes a support ticket. This cannot be undone.</summary>
    [return: GraphQLType("ID"), GraphQLName("id")]
    public static Task<string> DeleteTicketAsync([ID<Ticket>] FactId id, ResolverContext context) => SalesMutations.DeleteAsync<Ticket>(id, context);

    /// <summary>Creates or updates a survey response.</summary>
    public static async Task<SurveyResponse> UpsertSurveyResponseAsync(UpsertSurveyResponseInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.SurveyResponses, input);
        return await Rows.Of(context).SurveyResponses.SingleAsync(x => x.CustomerId == result.CustomerId && x.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Creates or updates up to 1,000 survey responses in one transaction.</summary>
    /// <param name="responses">The survey responses to write, at most 1,000.</param>
    /// <param name="allOrNothing">Whether nothing is written if an entry is refused. By default the other entries are written.</param>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertSurveyResponsesAsync(
        IReadOnlyList<UpsertSurveyResponseInput> responses,
        ResolverContext context,
        bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.SurveyResponse, nameof(SurveyResponse), b => b.SurveyResponses, responses, allOrNothing);

    /// <summary>Deletes a survey response. This cannot be undone.</summary>
    [return: GraphQLType("ID"), GraphQLName("id")]
    public static Task<string> DeleteSurveyResponseAsync([ID<SurveyResponse>] FactId id, ResolverContext context)
        => SalesMutations.DeleteAsync<SurveyResponse>(id, context);

    /// <summary>Creates or updates a survey response.</summary>
    [GraphQLDeprecated("Use `upsertSurveyResponse`.")]
    [return: GraphQLName("surveyAnswer")]
    public static Task<SurveyResponse> UpsertSurveyAnswerAsync(UpsertSurveyResponseInput input, ResolverContext context) =>
        UpsertSurveyResponseAsync(input, context);

    /// <summary>Creates or updates up to 1,000 survey responses in one transaction.</summary>
    /// <param name="answers">The survey responses to write, at most 1,000.</param>
    /// <param name="allOrNothing">Whether nothing is written if an entry is refused. By default the other entries are written.</param>
    [GraphQLDeprecated("Use `upsertSurveyResponses`.")]
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertSurveyAnswersAsync(
        IReadOnlyList<UpsertSurveyResponseInput> answers,
        ResolverContext context,
        bool allOrNothing = false) => UpsertSurveyResponsesAsync(answers, context, allOrNothing);

    /// <summary>Deletes a survey response. This cannot be undone.</summary>
    [GraphQLDeprecated("Use `deleteSurveyResponse`.")]
    [return: GraphQLType("ID"), GraphQLName("id")]
    public static Task<string> DeleteSurveyAnswerAsync([ID<SurveyResponse>] FactId id, ResolverContext context) => DeleteSurveyResponseAsync(id, context);
}
