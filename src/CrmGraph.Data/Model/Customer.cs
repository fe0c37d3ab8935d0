using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>Whether a customer is a person or a company.</summary>
public enum CustomerKind
{
    /// <summary>A natural person.</summary>
    Person,
    /// <summary>A company or another organization.</summary>
    Company,
}

/// <summary>The gender of a person.</summary>
public enum Gender
{
    /// <summary>Female.</summary>
    Female,
    /// <summary>Male.</summary>
    Male,
    /// <summary>Neither female nor male.</summary>
    Other,
}

/// <summary>How far a customer has come on the way from stranger to buyer.</summary>
public enum LifecycleStage
{
    /// <summary>Has asked for news, such as a newsletter.</summary>
    Subscriber,
    /// <summary>Has shown interest.</summary>
    Lead,
    /// <summary>A lead that marketing considers ready for sales.</summary>
    MarketingQualified,
    /// <summary>A lead that sales has accepted.</summary>
    SalesQualified,
    /// <summary>Has an open opportunity.</summary>
    Opportunity,
    /// <summary>Has bought.</summary>
    Customer,
    /// <summary>Buys and recommends.</summary>
    Evangelist,
    /// <summary>Is no longer a customer.</summary>
    Former,
}

/// <summary>A person or company known to the CRM.</summary>
[Node, Placeholders(nameof(IsGuest)), Traits(TableTraits.History | TableTraits.Changes | TableTraits.PersonalText)]
public sealed class Customer : IRecorded
{
    [ID, MergedId] public Guid Id { get; set; }
    /// <summary>Whether the customer is a person or a company.</summary>
    [Unindexed, Facet] public CustomerKind Kind { get; set; }
    /// <summary>The full name of the person or company.</summary>
    [Folded(IsSelective = true), Personal] public string Name { get; set; } = "";
    /// <summary>The email address.</summary>
    [Folded(IsSelective = true), Personal] public string? Email { get; set; }
    /// <summary>The phone number, as the source writes it.</summary>
    [Folded(IsSelective = true), Personal] public string? Phone { get; set; }
    /// <summary>The person's gender; null if unknown.</summary>
    [Unindexed, Facet, Personal] public Gender? Gender { get; set; }
    /// <summary>The person's date of birth; null if unknown.</summary>
    [Personal] public DateOnly? BirthDate { get; set; }
    /// <summary>The person's occupation.</summary>
    [Folded, Unindexed, Facet, Personal] public string? Occupation { get; set; }
    /// <summary>The industry in which the customer works.</summary>
    [Folded, Facet] public string? Industry { get; set; }
    /// <summary>The country, as the source writes it.</summary>
    [Folded, Facet] public string? Country { get; set; }
    /// <summary>The state, province or other region.</summary>
    [Folded, Facet] public string? Region { get; set; }
    /// <summary>The city.</summary>
    [Folded(IsSelective = true), Facet, Personal] public string? City { get; set; }
    /// <summary>The channel through which the customer first came.</summary>
    [Unindexed, Facet] public string? AcquisitionChannel { get; set; }
    /// <summary>The current lifecycle stage.</summary>
    [Unindexed, Facet] public LifecycleStage LifecycleStage { get; set; }
    /// <summary>Labels that users have attached to the customer.</summary>
    [Facet, Personal] public List<string> Tags { get; set; } = [];
    /// <summary>What the customer is interested in.</summary>
    [Facet, Personal] public List<string> Interests { get; set; } = [];
    /// <summary>The ID of the team member who looks after the customer today. This owner decides who may see the customer.</summary>
    [ID<TeamMember>, Unindexed, Facet] public Guid? OwnerId { get; set; }
    /// <summary>When the customer became known.</summary>
    public DateTime CreatedAt { get; set; }
    /// <summary>The day of `createdAt` in the reporting time zone.</summary>
    [DayOf(nameof(CreatedAt))] public DateOnly Day { get; set; }
    /// <summary>One of the 64 reserved rows that hold facts without a customer; never shown as a customer.</summary>
    [GraphQLIgnore] public bool IsGuest { get; set; }
    /// <summary>What `search` looks in. It follows from what it is made of, so it is never set.</summary>
    [GraphQLIgnore]
    public string SearchText
    {
        get => Model.SearchText.Of(Name, Email, Phone);
        private set { }
    }

    /// <summary>When the person was erased. Personal fields are then empty; amounts of money are kept. Null if not erased.</summary>
    [Unindexed] public DateTime? ErasedAt { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    public DateTime UpdatedAt { get; set; }

    /// <summary>The team member who looks after the customer today; null if nobody does.</summary>
    [GraphQLIgnore, Filterable] public TeamMember? Owner { get; set; }
    [GraphQLIgnore] public CustomerFigures? Figures { get; set; }
    [GraphQLIgnore] public CustomerScores? Scores { get; set; }
    [GraphQLIgnore] public List<CustomerMoney> Money { get; set; } = [];
    /// <summary>Additional attributes of the customer.</summary>
    [GraphQLIgnore, Filterable] public List<CustomerAttribute> Attributes { get; set; } = [];
    /// <summary>Outside ids of the customer and of all of his facts: whoever wants the customer's own says so by <see cref="ExternalId.Entity"/>.</summary>
    [GraphQLIgnore] public List<ExternalId> ExternalIds { get; set; } = [];
    /// <summary>The lifecycle stages that the customer has been in.</summary>
    [GraphQLIgnore, Filterable] public List<CustomerStage> Stages { get; set; } = [];
    /// <summary>The customer's orders.</summary>
    [GraphQLIgnore, Filterable] public List<Order> Orders { get; set; } = [];
    /// <summary>The interactions with the customer.</summary>
    [GraphQLIgnore, Filterable] public List<Interaction> Interactions { get; set; } = [];
    /// <summary>The customer's support tickets.</summary>
    [GraphQLIgnore, Filterable] public List<Ticket> Tickets { get; set; } = [];
    /// <summary>The customer's survey responses.</summary>
    [GraphQLIgnore, Filterable] public List<SurveyResponse> SurveyResponses { get; set; } = [];
    /// <summary>The customer's opportunities.</summary>
    [GraphQLIgnore, Filterable] public List<Opportunity> Opportunities { get; set; } = [];
    /// <summary>The customer's contracts.</summary>
    [GraphQLIgnore, Filterable] public List<Contract> Contracts { get; set; } = [];
    /// <summary>The customer's times in static segments.</summary>
    [GraphQLIgnore] public List<SegmentMember> SegmentMemberships { get; set; } = [];
}

/// <summary>An additional attribute of a customer, as the source names it.</summary>
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

/// <summary>The money that a customer has spent and got back in one currency, over all time.</summary>
[Traits(TableTraits.None, Key = "customer_id/currency")]
public sealed class CustomerMoney
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    /// <summary>The ISO 4217 code of the currency.</summary>
    public string Currency { get; set; } = "";
    /// <summary>The total of all sales, net of discounts.</summary>
    [FixedPoint] public long GrossAmount { get; set; }
    /// <summary>The total of all returns, as a positive amount.</summary>
    [FixedPoint] public long ReturnedAmount { get; set; }
}

/// <summary>The time that a customer has spent in one lifecycle stage.</summary>
[Traits(TableTraits.Changes, Key = "customer_id/from")]
public sealed class CustomerStage
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    /// <summary>The lifecycle stage.</summary>
    public LifecycleStage Stage { get; set; }
    /// <summary>When the customer entered the stage.</summary>
    public DateTime From { get; set; }
    /// <summary>When the customer left the stage; null if the customer is still in it.</summary>
    public DateTime? To { get; set; }
}

/// <summary>The kind of object that an external ID belongs to.</summary>
public enum ExternalEntity
{
    /// <summary>A customer.</summary>
    Customer,
    /// <summary>A product.</summary>
    Product,
    /// <summary>A team member.</summary>
    TeamMember,
    /// <summary>A team.</summary>
    Team,
    /// <summary>An order.</summary>
    Order,
    /// <summary>A line of an order.</summary>
    OrderLine,
    /// <summary>An interaction.</summary>
    Interaction,
    /// <summary>A support ticket.</summary>
    Ticket,
    /// <summary>A survey response.</summary>
    [FormerName("SURVEY_ANSWER")] SurveyResponse,
    /// <summary>An opportunity.</summary>
    Opportunity,
    /// <summary>A contract.</summary>
    Contract,
    /// <summary>A marketing campaign.</summary>
    Campaign,
}

/// <summary>The ID of an object in another system. The combination of entity, source and key is unique.</summary>
[Traits(TableTraits.History | TableTraits.PersonalText | TableTraits.PersonalKeys, Key = "entity/source/key")]
public sealed class ExternalId
{
    /// <summary>The kind of object.</summary>
    public ExternalEntity Entity { get; set; }
    /// <summary>The name of the other system, such as `zoho` or `shop`.</summary>
    public string Source { get; set; } = "";
    /// <summary>The ID in the other system.</summary>
    public string Key { get; set; } = "";
    /// <summary>The customer of a fact, the customer itself, or null for reference rows.</summary>
    [GraphQLIgnore] public Guid? CustomerId { get; set; }
    [GraphQLIgnore] public Guid Id { get; set; }
}
