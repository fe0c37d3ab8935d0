using System.ComponentModel.DataAnnotations.Schema;
using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>The kind of contact.</summary>
public enum InteractionKind
{
    /// <summary>A phone call.</summary>
    Call,
    /// <summary>An email.</summary>
    Email,
    /// <summary>A meeting.</summary>
    Meeting,
    /// <summary>An online chat.</summary>
    Chat,
    /// <summary>A visit to or by the customer.</summary>
    Visit,
    /// <summary>A text message or a message in a messenger.</summary>
    Message,
    /// <summary>A note about the customer.</summary>
    Note,
    /// <summary>Any other contact.</summary>
    Other,
}

/// <summary>A contact with a customer, such as a call or a meeting.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes | TableTraits.Dated | TableTraits.PersonalText)]
public sealed class Interaction : IFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    /// <summary>The kind of contact.</summary>
    [Unindexed, Facet] public InteractionKind Kind { get; set; }
    /// <summary>The channel of the contact.</summary>
    [Unindexed, Facet] public string? Channel { get; set; }
    /// <summary>What the contact was about.</summary>
    [Folded, Unindexed, Personal] public string? Subject { get; set; }
    /// <summary>When the contact took place.</summary>
    public DateTime OccurredAt { get; set; }
    /// <summary>The day of `occurredAt` in the reporting time zone.</summary>
    [DayOf(nameof(OccurredAt))] public DateOnly Day { get; set; }
    [GraphQLIgnore] public int Hour { get; set; }
    /// <summary>How long the contact lasted, in seconds; null if unknown.</summary>
    [Unindexed] public int? DurationSeconds { get; set; }
    /// <summary>The ID of the team member who had the contact.</summary>
    [ID<TeamMember>, Unindexed, Facet] public Guid? OwnerId { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    /// <summary>The customer contacted.</summary>
    [GraphQLIgnore, Filterable] public Customer? Customer { get; set; }
    /// <summary>The team member who had the contact.</summary>
    [GraphQLIgnore, Filterable] public TeamMember? Owner { get; set; }
}

/// <summary>Whether a support ticket asks or complains.</summary>
public enum TicketKind
{
    /// <summary>An inquiry: a question or request.</summary>
    Enquiry,
    /// <summary>A complaint.</summary>
    Complaint,
}

/// <summary>How urgent a support ticket is.</summary>
public enum TicketPriority
{
    /// <summary>Can wait.</summary>
    Low,
    /// <summary>Handled in turn.</summary>
    Normal,
    /// <summary>Handled before normal tickets.</summary>
    High,
    /// <summary>Handled at once.</summary>
    Urgent,
}

/// <summary>A support ticket: an inquiry or a complaint.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes | TableTraits.Dated | TableTraits.PersonalText)]
public sealed class Ticket : IFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    /// <summary>Whether the ticket is an inquiry or a complaint.</summary>
    [Unindexed, Facet] public TicketKind Kind { get; set; }
    /// <summary>How urgent the ticket is; null if unknown.</summary>
    [Unindexed, Facet] public TicketPriority? Priority { get; set; }
    /// <summary>The channel through which the ticket came in.</summary>
    [Unindexed, Facet] public string? Channel { get; set; }
    /// <summary>What kind of thing the ticket is about, as the source names it: the same for many tickets, such as `delivery`.</summary>
    [Unindexed, Facet] public string? Topic { get; set; }
    /// <summary>What the ticket is about.</summary>
    [Folded, Unindexed, Personal] public string? Subject { get; set; }
    /// <summary>When the ticket was opened.</summary>
    public DateTime OpenedAt { get; set; }
    /// <summary>The day of `openedAt` in the reporting time zone.</summary>
    [DayOf(nameof(OpenedAt))] public DateOnly Day { get; set; }
    [GraphQLIgnore] public int Hour { get; set; }
    /// <summary>When the customer got the first response; null if there was none yet.</summary>
    [Unindexed] public DateTime? FirstResponseAt { get; set; }
    /// <summary>The day of `firstResponseAt` in the reporting time zone.</summary>
    [DayOf(nameof(FirstResponseAt)), Unindexed] public DateOnly? FirstResponseDay { get; set; }
    /// <summary>When the ticket was resolved. Null if it is not resolved, or was reopened and not resolved again.</summary>
    [Unindexed] public DateTime? ResolvedAt { get; set; }
    /// <summary>The day of `resolvedAt` in the reporting time zone.</summary>
    [DayOf(nameof(ResolvedAt)), Unindexed] public DateOnly? ResolvedDay { get; set; }
    /// <summary>When the ticket was last reopened after it had been resolved; null if never.</summary>
    [Unindexed] public DateTime? ReopenedAt { get; set; }
    /// <summary>How many times the ticket was reopened.</summary>
    [Unindexed] public int ReopenCount { get; set; }
    /// <summary>The ID of the team member who handled the ticket.</summary>
    [ID<TeamMember>, Unindexed, Facet] public Guid? AgentId { get; set; }
    /// <summary>The customer's satisfaction with the handling, from 1 (bad) to 5 (good). The metric `csat` counts survey responses, not this value.</summary>
    [Unindexed] public int? Csat { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    /// <summary>The customer who opened the ticket.</summary>
    [GraphQLIgnore, Filterable] public Customer? Customer { get; set; }
    /// <summary>The team member who handled the ticket.</summary>
    [GraphQLIgnore, Filterable] public TeamMember? Agent { get; set; }
    /// <summary>Additional attributes of the ticket.</summary>
    [GraphQLIgnore, Filterable] public List<TicketAttribute> Attributes { get; set; } = [];
}

/// <summary>An additional attribute of a support ticket, as the source names it.</summary>
[Traits(TableTraits.History | TableTraits.Changes | TableTraits.PersonalText | TableTraits.PersonalKeys, Key = "fact_id/key", PartOf = typeof(Ticket))]
public sealed class TicketAttribute : FreeFactAttribute;

/// <summary>The kind of survey.</summary>
public enum SurveyKind
{
    /// <summary>Net promoter score: how likely the customer is to recommend the company, from 0 to 10.</summary>
    Nps,
    /// <summary>Customer satisfaction, on a scale from 1 to 5, 7 or 10.</summary>
    Csat,
}

/// <summary>A customer's response to a survey: from 0 to 10 for NPS, from 1 to `scaleMaximum` for CSAT.</summary>
[Node(FormerName = "SurveyAnswer"), Table("survey_answers"), Traits(TableTraits.History | TableTraits.Changes | TableTraits.Dated | TableTraits.PersonalText)]
public sealed class SurveyResponse : IFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    /// <summary>The kind of survey.</summary>
    [Unindexed, Facet] public SurveyKind Kind { get; set; }
    /// <summary>What was asked, as the source names it: the same for many responses, such as `delivery`. Null for surveys of one question.</summary>
    [Unindexed, Facet] public string? Question { get; set; }
    /// <summary>The score given.</summary>
    [Unindexed] public int Score { get; set; }
    /// <summary>The highest possible score: 10 for NPS; 5, 7 or 10 for CSAT.</summary>
    [Unindexed] public int ScaleMaximum { get; set; }
    /// <summary>
    /// How many responses this one stands for in weighted metrics, such as `nps(weighted: true)`, so that a sample has the proportions of all customers. Null
    /// counts as 1.
    /// </summary>
    [FixedPoint, Unindexed] public long? Weight { get; set; }
    /// <summary>What the customer wrote beside the score.</summary>
    [Folded, Unindexed, Personal] public string? Comment { get; set; }
    /// <summary>The channel through which the survey was answered.</summary>
    [Unindexed, Facet] public string? Channel { get; set; }
    /// <summary>When the survey was answered.</summary>
    public DateTime AnsweredAt { get; set; }
    /// <summary>The day of `answeredAt` in the reporting time zone.</summary>
    [DayOf(nameof(AnsweredAt))] public DateOnly Day { get; set; }
    [GraphQLIgnore] public int Hour { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    /// <summary>The customer who answered.</summary>
    [GraphQLIgnore, Filterable] public Customer? Customer { get; set; }
}
