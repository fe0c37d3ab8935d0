using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

public enum CustomerKind { Person, Company }

public enum Gender { Female, Male, Other }

/// <summary>Where a customer stands on the way from stranger to buyer.</summary>
public enum LifecycleStage { Subscriber, Lead, MarketingQualified, SalesQualified, Opportunity, Customer, Evangelist, Former }

/// <summary>A person or company that the CRM knows.</summary>
[Node, Placeholders(nameof(IsGuest)), Traits(TableTraits.History | TableTraits.Changes | TableTraits.PersonalText)]
public sealed class Customer : IRecorded
{
    [ID, MergedId] public Guid Id { get; set; }
    [Unindexed] public CustomerKind Kind { get; set; }
    [Folded(IsSelective = true)] public string Name { get; set; } = "";
    [Folded(IsSelective = true)] public string? Email { get; set; }
    [Folded(IsSelective = true)] public string? Phone { get; set; }
    [Unindexed] public Gender? Gender { get; set; }
    public DateOnly? BirthDate { get; set; }
    [Folded, Unindexed] public string? Occupation { get; set; }
    [Folded] public string? Industry { get; set; }
    [Folded] public string? Country { get; set; }
    [Folded] public string? Region { get; set; }
    [Folded(IsSelective = true)] public string? City { get; set; }
    /// <summary>The channel by which the customer first came.</summary>
    [Unindexed] public string? AcquisitionChannel { get; set; }
    [Unindexed] public LifecycleStage LifecycleStage { get; set; }
    public List<string> Tags { get; set; } = [];
    public List<string> Interests { get; set; } = [];
    /// <summary>The team member who looks after the customer today; rows follow this owner.</summary>
    [ID<TeamMember>, Unindexed] public Guid? OwnerId { get; set; }
    /// <summary>When the customer became known.</summary>
    public DateTime CreatedAt { get; set; }
    /// <summary>The day of <see cref="CreatedAt"/> in the reporting zone.</summary>
    [DayOf(nameof(CreatedAt))] public DateOnly Day { get; set; }
    /// <summary>One of the 64 reserved rows that hold facts without a customer; never shown as a customer.</summary>
    [GraphQLIgnore] public bool IsGuest { get; set; }
    /// <summary>Set when the person was erased: personal fields are blank, the money is kept.</summary>
    [Unindexed] public DateTime? ErasedAt { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }

    [GraphQLIgnore, Filterable] public TeamMember? Owner { get; set; }
    [GraphQLIgnore] public CustomerFigures? Figures { get; set; }
    [GraphQLIgnore] public List<CustomerMoney> Money { get; set; } = [];
    [GraphQLIgnore, Filterable] public List<CustomerAttribute> Attributes { get; set; } = [];
    /// <summary>Outside ids of the customer and of all of his facts: whoever wants the customer's own says so by <see cref="ExternalId.Entity"/>.</summary>
    [GraphQLIgnore] public List<ExternalId> ExternalIds { get; set; } = [];
    [GraphQLIgnore, Filterable] public List<CustomerStage> Stages { get; set; } = [];
    [GraphQLIgnore, Filterable] public List<Order> Orders { get; set; } = [];
    [GraphQLIgnore, Filterable] public List<Interaction> Interactions { get; set; } = [];
    [GraphQLIgnore, Filterable] public List<Ticket> Tickets { get; set; } = [];
    [GraphQLIgnore, Filterable] public List<SurveyAnswer> SurveyAnswers { get; set; } = [];
    [GraphQLIgnore, Filterable] public List<Opportunity> Opportunities { get; set; } = [];
    [GraphQLIgnore, Filterable] public List<Contract> Contracts { get; set; } = [];
    /// <summary>The customer's times in static segments.</summary>
    [GraphQLIgnore] public List<SegmentMember> SegmentMemberships { get; set; } = [];
}

/// <summary>A free attribute of a customer, as the source named it.</summary>
[Traits(TableTraits.History | TableTraits.Changes | TableTraits.PersonalText | TableTraits.PersonalKeys, Key = "customer_id/key")]
public sealed class CustomerAttribute : FreeAttribute;

/// <summary>The all-time figures of a customer, kept by the database together with the facts.</summary>
[Traits(TableTraits.None, Key = "customer_id")]
public sealed class CustomerFigures
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    /// <summary>Day of the first sale that was not cancelled.</summary>
    public DateOnly? FirstPurchaseDay { get; set; }
    public DateOnly? LastPurchaseDay { get; set; }
    /// <summary>Sales (not returns) that were not cancelled.</summary>
    public int OrderCount { get; set; }
}

/// <summary>What a customer spent and brought back in one currency, all-time.</summary>
[Traits(TableTraits.None, Key = "customer_id/currency")]
public sealed class CustomerMoney
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    public string Currency { get; set; } = "";
    [FixedPoint] public long GrossAmount { get; set; }
    [FixedPoint] public long ReturnedAmount { get; set; }
}

/// <summary>A customer's time in one lifecycle stage.</summary>
[Traits(TableTraits.Changes, Key = "customer_id/from")]
public sealed class CustomerStage
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    public LifecycleStage Stage { get; set; }
    public DateTime From { get; set; }
    /// <summary>Null while it lasts.</summary>
    public DateTime? To { get; set; }
}

/// <summary>What kind of row an outside id names.</summary>
public enum ExternalEntity { Customer, Product, TeamMember, Team, Order, OrderLine, Interaction, Ticket, SurveyAnswer, Opportunity, Contract, Campaign }

/// <summary>The id of a row in another system. (Entity, Source, Key) is unique over the whole database.</summary>
[Traits(TableTraits.History | TableTraits.PersonalText | TableTraits.PersonalKeys, Key = "entity/source/key")]
public sealed class ExternalId
{
    public ExternalEntity Entity { get; set; }
    /// <summary>The other system's name: <c>zoho</c>, <c>shop</c>.</summary>
    public string Source { get; set; } = "";
    public string Key { get; set; } = "";
    /// <summary>The customer of a fact, the customer itself, or null for reference rows.</summary>
    [GraphQLIgnore] public Guid? CustomerId { get; set; }
    [GraphQLIgnore] public Guid Id { get; set; }
}
