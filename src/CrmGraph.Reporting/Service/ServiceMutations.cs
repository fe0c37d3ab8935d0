using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest.Mutations;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Sales;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Service;

/// <summary>An interaction to make or change. Fields left out keep their values.</summary>
public sealed class UpsertInteractionInput
{
    [ID<Interaction>] public FactId? Id { get; set; }
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    public Optional<CustomerRefInput?> Customer { get; set; }
    public Optional<InteractionKind?> Kind { get; set; }
    /// <summary>The customer's acquisition channel when left out for a new interaction.</summary>
    public Optional<string?> Channel { get; set; }
    public Optional<string?> Subject { get; set; }
    public Optional<DateTime?> OccurredAt { get; set; }
    public Optional<int?> DurationSeconds { get; set; }
    /// <summary>The customer's owner when left out for a new interaction.</summary>
    public Optional<TeamMemberRefInput?> Owner { get; set; }
}

/// <summary>A ticket to make or change. Fields left out keep their values.</summary>
public sealed class UpsertTicketInput
{
    [ID<Ticket>] public FactId? Id { get; set; }
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    public Optional<CustomerRefInput?> Customer { get; set; }
    public Optional<TicketKind?> Kind { get; set; }
    public Optional<TicketPriority?> Priority { get; set; }
    /// <summary>The customer's acquisition channel when left out for a new ticket.</summary>
    public Optional<string?> Channel { get; set; }
    public Optional<string?> Subject { get; set; }
    public Optional<DateTime?> OpenedAt { get; set; }
    public Optional<DateTime?> FirstResponseAt { get; set; }
    /// <summary>Null takes a resolution back that never was; that a resolved ticket was opened again is said by `reopenedAt`.</summary>
    public Optional<DateTime?> ResolvedAt { get; set; }
    /// <summary>When it was last opened again. A resolution before it no longer holds, and a later moment than the stored one counts one reopening more.</summary>
    public Optional<DateTime?> ReopenedAt { get; set; }
    /// <summary>How often it was opened again; counted by `reopenedAt` when left out.</summary>
    public Optional<int?> ReopenCount { get; set; }
    /// <summary>Who handles it.</summary>
    public Optional<TeamMemberRefInput?> Agent { get; set; }
    /// <summary>1 (bad) to 5 (good).</summary>
    public Optional<int?> Csat { get; set; }
    /// <summary>Attributes to set, by key; a null value removes one, others stay.</summary>
    public IReadOnlyList<AttributeInput>? Attributes { get; set; }
}

/// <summary>An answer to a survey to make or change. Fields left out keep their values.</summary>
public sealed class UpsertSurveyAnswerInput
{
    [ID<SurveyAnswer>] public FactId? Id { get; set; }
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    public Optional<CustomerRefInput?> Customer { get; set; }
    public Optional<SurveyKind?> Kind { get; set; }
    /// <summary>NPS: 0 to 10. CSAT: 1 to scaleMaximum.</summary>
    public Optional<int?> Score { get; set; }
    /// <summary>10 for NPS; 5 (the default), 7 or 10 for CSAT.</summary>
    public Optional<int?> ScaleMaximum { get; set; }
    public Optional<string?> Comment { get; set; }
    /// <summary>The customer's acquisition channel when left out for a new answer.</summary>
    public Optional<string?> Channel { get; set; }
    public Optional<DateTime?> AnsweredAt { get; set; }
}

[MutationType]
[Error<NotFoundException>, Error<ConflictException>, Error<ValidationException>, Error<NotPermittedException>]
public static class ServiceMutations
{
    /// <summary>Makes an interaction or changes the one that is there.</summary>
    public static async Task<Interaction> UpsertInteractionAsync(UpsertInteractionInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Interactions, input);
        return await Rows.Of(context).Interactions.SingleAsync(x => x.CustomerId == result.CustomerId && x.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Makes or changes up to 1,000 interactions in one transaction.</summary>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertInteractionsAsync(
        IReadOnlyList<UpsertInteractionInput> interactions,
        ResolverContext context,
        bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Interaction, nameof(Interaction), b => b.Interactions, interactions, allOrNothing);

    /// <summary>Deletes an interaction.</summary>
    [return: GraphQLType("ID"), GraphQLName("id")]
    public static Task<string> DeleteInteractionAsync([ID<Interaction>] FactId id, ResolverContext context)
        => SalesMutations.DeleteAsync<Interaction>(id, context);

    /// <summary>Makes a ticket or changes the one that is there.</summary>
    public static async Task<Ticket> UpsertTicketAsync(UpsertTicketInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.Tickets, input);
        return await Rows.Of(context).Tickets.SingleAsync(x => x.CustomerId == result.CustomerId && x.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Makes or changes up to 1,000 tickets in one transaction.</summary>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertTicketsAsync(IReadOnlyList<UpsertTicketInput> tickets, ResolverContext context, bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.Ticket, nameof(Ticket), b => b.Tickets, tickets, allOrNothing);

    /// <summary>Deletes a ticket.</summary>
    [return: GraphQLType("ID"), GraphQLName("id")]
    public static Task<string> DeleteTicketAsync([ID<Ticket>] FactId id, ResolverContext context) => SalesMutations.DeleteAsync<Ticket>(id, context);

    /// <summary>Makes an answer to a survey or changes the one that is there.</summary>
    public static async Task<SurveyAnswer> UpsertSurveyAnswerAsync(UpsertSurveyAnswerInput input, ResolverContext context)
    {
        var result = await WriteCall.Of(context).OneAsync(b => b.SurveyAnswers, input);
        return await Rows.Of(context).SurveyAnswers.SingleAsync(x => x.CustomerId == result.CustomerId && x.Id == result.Id, context.CancellationToken);
    }

    /// <summary>Makes or changes up to 1,000 answers in one transaction.</summary>
    [return: GraphQLName("outcome")]
    public static Task<BulkOutcome> UpsertSurveyAnswersAsync(
        IReadOnlyList<UpsertSurveyAnswerInput> answers,
        ResolverContext context,
        bool allOrNothing = false) =>
        WriteCall.Of(context).ManyAsync(RecordKind.SurveyAnswer, nameof(SurveyAnswer), b => b.SurveyAnswers, answers, allOrNothing);

    /// <summary>Deletes an answer.</summary>
    [return: GraphQLType("ID"), GraphQLName("id")]
    public static Task<string> DeleteSurveyAnswerAsync([ID<SurveyAnswer>] FactId id, ResolverContext context)
        => SalesMutations.DeleteAsync<SurveyAnswer>(id, context);
}
