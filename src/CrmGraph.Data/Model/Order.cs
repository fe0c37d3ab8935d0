using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

public enum OrderKind { Sale, Return }

/// <summary>A product or service that is sold.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes)]
public sealed class Product : IRecorded
{
    [ID] public Guid Id { get; set; }
    public string Sku { get; set; } = "";
    [Folded] public string Name { get; set; } = "";
    [Folded] public string? Category { get; set; }
    /// <summary>The price of a unit in a list, for imports to look up; figures know the prices of order lines only.</summary>
    [FixedPoint, Unindexed] public long? Price { get; set; }
    [Unindexed] public string? Currency { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }
}

/// <summary>
/// A sale, or a return of goods with a day of its own. Amounts are sums of the lines, never negative: an order's revenue is
/// GrossAmount - ReturnedAmount. GrossAmount is net of discount.
/// </summary>
[Node, Traits(TableTraits.History | TableTraits.Changes | TableTraits.Dated | TableTraits.PersonalText)]
public sealed class Order : IFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    /// <summary>SALE when at least one line is a sale.</summary>
    [Unindexed] public OrderKind Kind { get; set; }
    /// <summary>The number people know the order by.</summary>
    public string? Number { get; set; }
    public DateTime OrderedAt { get; set; }
    [DayOf(nameof(OrderedAt))] public DateOnly Day { get; set; }
    [GraphQLIgnore] public int Hour { get; set; }
    [Unindexed] public string Currency { get; set; } = "";
    /// <summary>Sale lines, after discount.</summary>
    [FixedPoint] public long GrossAmount { get; set; }
    /// <summary>Return lines, as a positive amount.</summary>
    [FixedPoint, Unindexed] public long ReturnedAmount { get; set; }
    /// <summary>Discount on the sale lines.</summary>
    [FixedPoint, Unindexed] public long DiscountAmount { get; set; }
    [FixedPoint, Unindexed] public long CostAmount { get; set; }
    [Unindexed] public string? Channel { get; set; }
    /// <summary>The owner at the time of the order.</summary>
    [ID<TeamMember>, Unindexed] public Guid? OwnerId { get; set; }
    /// <summary>Set when the order was cancelled: it counts in no metric.</summary>
    [Unindexed] public DateTime? CancelledAt { get; set; }
    /// <summary>Where it was shipped to, written as in `Customer.country`.</summary>
    [Folded, Unindexed] public string? ShippingCountry { get; set; }
    [Folded, Unindexed] public string? ShippingRegion { get; set; }
    [Folded, Unindexed] public string? ShippingCity { get; set; }
    [Unindexed] public string? ShippingPostalCode { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    [GraphQLIgnore, Filterable] public Customer? Customer { get; set; }
    [GraphQLIgnore, Filterable] public TeamMember? Owner { get; set; }
    [GraphQLIgnore, Filterable] public List<OrderLine> Lines { get; set; } = [];
    [GraphQLIgnore, Filterable] public List<OrderAttribute> Attributes { get; set; } = [];
    [GraphQLIgnore, Filterable] public List<OrderPayment> Payments { get; set; } = [];
}

/// <summary>Money that was paid for an order, in the order's currency; what was paid back is negative.</summary>
[Traits(TableTraits.History | TableTraits.Changes)]
public sealed class OrderPayment
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [GraphQLIgnore] public Guid Id { get; set; }
    [GraphQLIgnore] public Guid OrderId { get; set; }
    public DateTime PaidAt { get; set; }
    [FixedPoint] public long Amount { get; set; }
    /// <summary>How it was paid: `card`, `invoice`.</summary>
    [Folded] public string? Method { get; set; }
    /// <summary>The payment's id in its source, by which it is corrected.</summary>
    public string? Reference { get; set; }
}

/// <summary>A free attribute of an order, as the source named it.</summary>
[Traits(TableTraits.History | TableTraits.Changes | TableTraits.PersonalText | TableTraits.PersonalKeys, Key = "fact_id/key")]
public sealed class OrderAttribute : FreeFactAttribute;

/// <summary>A line of an order. Kind, day, currency, channel, owner and cancellation are the order's, repeated here for reading.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes | TableTraits.Dated)]
public sealed class OrderLine : IFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    [GraphQLIgnore] public Guid OrderId { get; set; }
    [GraphQLIgnore] public Guid? ProductId { get; set; }
    [Unindexed] public OrderKind Kind { get; set; }
    /// <summary>Never negative; the kind says the direction.</summary>
    [FixedPoint, Unindexed] public long Quantity { get; set; }
    [FixedPoint, Unindexed] public long UnitPrice { get; set; }
    [FixedPoint, Unindexed] public long DiscountAmount { get; set; }
    /// <summary>Quantity x unit price - discount, rounded half to even to 1/10000 when written.</summary>
    [FixedPoint, Unindexed] public long Amount { get; set; }
    [FixedPoint, Unindexed] public long CostAmount { get; set; }
    public DateOnly Day { get; set; }
    [GraphQLIgnore] public int Hour { get; set; }
    [Unindexed] public string Currency { get; set; } = "";
    [GraphQLIgnore] public string? Channel { get; set; }
    [GraphQLIgnore] public Guid? OwnerId { get; set; }
    [GraphQLIgnore] public DateTime? CancelledAt { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    [GraphQLIgnore] public Customer? Customer { get; set; }
    [GraphQLIgnore, Filterable] public Order? Order { get; set; }
    [GraphQLIgnore, Filterable] public Product? Product { get; set; }
}

public enum OpportunityStatus { Open, Won, Lost }

/// <summary>A possible sale on its way through the stages.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes | TableTraits.PersonalText)]
public sealed class Opportunity : IFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    [Folded, Unindexed] public string Name { get; set; } = "";
    /// <summary>The current stage, as the source names it.</summary>
    [Unindexed] public string Stage { get; set; } = "";
    [Unindexed] public OpportunityStatus Status { get; set; }
    /// <summary>Null when nobody has estimated it; that is not zero.</summary>
    [FixedPoint] public long? Amount { get; set; }
    [Unindexed] public string Currency { get; set; } = "";
    /// <summary>Chance of winning in percent, as the source says.</summary>
    [Unindexed] public int? Probability { get; set; }
    [Unindexed] public string? Channel { get; set; }
    [ID<TeamMember>, Unindexed] public Guid? OwnerId { get; set; }
    public DateTime OpenedAt { get; set; }
    /// <summary>The day of <see cref="OpenedAt"/>.</summary>
    [DayOf(nameof(OpenedAt))] public DateOnly Day { get; set; }
    [GraphQLIgnore] public int Hour { get; set; }
    public DateOnly? ExpectedCloseDay { get; set; }
    [Unindexed] public DateTime? ClosedAt { get; set; }
    /// <summary>The day of <see cref="ClosedAt"/>.</summary>
    [DayOf(nameof(ClosedAt))] public DateOnly? ClosedDay { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    [GraphQLIgnore, Filterable] public Customer? Customer { get; set; }
    [GraphQLIgnore, Filterable] public TeamMember? Owner { get; set; }
    [GraphQLIgnore, Filterable] public List<OpportunityStage> Stages { get; set; } = [];
}

/// <summary>An opportunity's entry into a stage.</summary>
[Traits(TableTraits.History | TableTraits.Changes)]
public sealed class OpportunityStage
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [GraphQLIgnore] public Guid Id { get; set; }
    [GraphQLIgnore] public Guid OpportunityId { get; set; }
    public string Stage { get; set; } = "";
    public DateTime EnteredAt { get; set; }
}

/// <summary>A running agreement. A customer with an open contract is active whatever he buys.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes | TableTraits.PersonalText)]
public sealed class Contract : ICustomerFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    [Unindexed] public string? Plan { get; set; }
    public DateOnly StartDay { get; set; }
    /// <summary>The first day on which it no longer runs; null while open.</summary>
    public DateOnly? EndDay { get; set; }
    [FixedPoint, Unindexed] public long? MonthlyAmount { get; set; }
    [Unindexed] public string? Currency { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    [GraphQLIgnore, Filterable] public Customer? Customer { get; set; }
}

/// <summary>The value of one unit of a currency in the reporting currency on a day, in 1/10^8.</summary>
[Traits(TableTraits.History | TableTraits.Changes, Key = "currency/day")]
public sealed class ExchangeRate
{
    public string Currency { get; set; } = "";
    public DateOnly Day { get; set; }
    [FixedPoint(8)] public long Rate { get; set; }
    /// <summary>The earlier reporting currency it was quoted in; null for today's.</summary>
    [Unindexed] public string? QuotedIn { get; set; }
}
