using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

public enum InteractionKind { Call, Email, Meeting, Chat, Visit, Message, Note, Other }

/// <summary>A contact with a customer.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes | TableTraits.Dated | TableTraits.PersonalText)]
public sealed class Interaction : IFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    [Unindexed] public InteractionKind Kind { get; set; }
    [Unindexed] public string? Channel { get; set; }
    [Folded, Unindexed] public string? Subject { get; set; }
    public DateTime OccurredAt { get; set; }
    [DayOf(nameof(OccurredAt))] public DateOnly Day { get; set; }
    [GraphQLIgnore] public int Hour { get; set; }
    [Unindexed] public int? DurationSeconds { get; set; }
    [ID<TeamMember>, Unindexed] public Guid? OwnerId { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    [GraphQLIgnore, Filterable] public Customer? Customer { get; set; }
    [GraphQLIgnore, Filterable] public TeamMember? Owner { get; set; }
}

public enum TicketKind { Enquiry, Complaint }

public enum TicketPriority { Low, Normal, High, Urgent }

/// <summary>An enquiry or a complaint.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes | TableTraits.Dated | TableTraits.PersonalText)]
public sealed class Ticket : IFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    [Unindexed] public TicketKind Kind { get; set; }
    /// <summary>How urgent it is; null where the source does not say.</summary>
    [Unindexed] public TicketPriority? Priority { get; set; }
    [Unindexed] public string? Channel { get; set; }
    [Folded, Unindexed] public string? Subject { get; set; }
    public DateTime OpenedAt { get; set; }
    [DayOf(nameof(OpenedAt))] public DateOnly Day { get; set; }
    [GraphQLIgnore] public int Hour { get; set; }
    [Unindexed] public DateTime? FirstResponseAt { get; set; }
    /// <summary>When it was resolved for good: null again once the ticket was reopened, until it is resolved again.</summary>
    [Unindexed] public DateTime? ResolvedAt { get; set; }
    /// <summary>When it was last opened again after it had been resolved.</summary>
    [Unindexed] public DateTime? ReopenedAt { get; set; }
    /// <summary>How often it was opened again.</summary>
    [Unindexed] public int ReopenCount { get; set; }
    /// <summary>Who handled it.</summary>
    [ID<TeamMember>, Unindexed] public Guid? AgentId { get; set; }
    /// <summary>Satisfaction with the handling, 1 (bad) to 5 (good). The metric csat counts survey answers and not this.</summary>
    [Unindexed] public int? Csat { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    [GraphQLIgnore, Filterable] public Customer? Customer { get; set; }
    [GraphQLIgnore, Filterable] public TeamMember? Agent { get; set; }
    [GraphQLIgnore, Filterable] public List<TicketAttribute> Attributes { get; set; } = [];
}

/// <summary>A free attribute of a ticket, as the source named it.</summary>
[Traits(TableTraits.History | TableTraits.Changes | TableTraits.PersonalText | TableTraits.PersonalKeys, Key = "fact_id/key")]
public sealed class TicketAttribute : FreeFactAttribute;

public enum SurveyKind { Nps, Csat }

/// <summary>An answer to a survey: NPS on 0 to 10, CSAT on 1 to <see cref="ScaleMaximum"/>.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes | TableTraits.Dated | TableTraits.PersonalText)]
public sealed class SurveyAnswer : IFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    [Unindexed] public SurveyKind Kind { get; set; }
    [Unindexed] public int Score { get; set; }
    /// <summary>10 for NPS; 5, 7 or 10 for CSAT.</summary>
    [Unindexed] public int ScaleMaximum { get; set; }
    [Folded, Unindexed] public string? Comment { get; set; }
    [Unindexed] public string? Channel { get; set; }
    public DateTime AnsweredAt { get; set; }
    [DayOf(nameof(AnsweredAt))] public DateOnly Day { get; set; }
    [GraphQLIgnore] public int Hour { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    [GraphQLIgnore, Filterable] public Customer? Customer { get; set; }
}
