using CrmGraph.GraphQL.Annotations;

namespace CrmGraph.Data.Model;

/// <summary>Whether an order or a line sells goods or takes them back.</summary>
public enum OrderKind
{
    /// <summary>A sale.</summary>
    Sale,
    /// <summary>A return of goods.</summary>
    Return,
}

/// <summary>A product or service for sale.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes)]
public sealed class Product : IRecorded
{
    [ID] public Guid Id { get; set; }
    /// <summary>The stock-keeping unit: the seller's own product number.</summary>
    public string Sku { get; set; } = "";
    /// <summary>The name of the product.</summary>
    [Folded] public string Name { get; set; } = "";
    /// <summary>The product category; null if unknown.</summary>
    [Folded, Facet] public string? Category { get; set; }
    /// <summary>The list price of one unit, for imports to look up. Metrics use only the prices of order lines.</summary>
    [FixedPoint, Unindexed] public long? Price { get; set; }
    /// <summary>The ISO 4217 code of the currency of `price`.</summary>
    [Unindexed, Facet] public string? Currency { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }
}

/// <summary>
/// A sale, or a return of goods with a day of its own. All amounts are totals of the lines and never negative; revenue is `grossAmount` less
/// `returnedAmount`.
/// </summary>
[Node, Traits(TableTraits.History | TableTraits.Changes | TableTraits.Dated | TableTraits.PersonalText)]
public sealed class Order : IFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    /// <summary>SALE if at least one line is a sale, otherwise RETURN.</summary>
    [Unindexed, Facet] public OrderKind Kind { get; set; }
    /// <summary>The order number that people use.</summary>
    public string? Number { get; set; }
    /// <summary>When the order was placed.</summary>
    public DateTime OrderedAt { get; set; }
    /// <summary>The day of `orderedAt` in the reporting time zone.</summary>
    [DayOf(nameof(OrderedAt))] public DateOnly Day { get; set; }
    [GraphQLIgnore] public int Hour { get; set; }
    /// <summary>The ISO 4217 code of the currency of all amounts.</summary>
    [Unindexed, Facet] public string Currency { get; set; } = "";
    /// <summary>The total of the sale lines, net of discounts.</summary>
    [FixedPoint] public long GrossAmount { get; set; }
    /// <summary>The total of the return lines, as a positive amount.</summary>
    [FixedPoint, Unindexed] public long ReturnedAmount { get; set; }
    /// <summary>The total of the discounts on the sale lines.</summary>
    [FixedPoint, Unindexed] public long DiscountAmount { get; set; }
    /// <summary>What the goods of the sale lines cost the seller; null if the cost of one of them is unknown.</summary>
    [FixedPoint, Unindexed] public long? CostAmount { get; set; }
    /// <summary>The sales channel of the order.</summary>
    [Unindexed, Facet] public string? Channel { get; set; }
    /// <summary>The ID of the owner at the time of the order. It stays when the customer gets another owner.</summary>
    [ID<TeamMember>, Unindexed, Facet] public Guid? OwnerId { get; set; }
    /// <summary>The ID of the campaign that brought the order; null if none is known.</summary>
    [ID<Campaign>, Unindexed, Facet] public Guid? CampaignId { get; set; }
    /// <summary>When the order was cancelled. A cancelled order counts in no metric. Null if not cancelled.</summary>
    [Unindexed] public DateTime? CancelledAt { get; set; }
    /// <summary>The country the order was shipped to, written like `Customer.country`.</summary>
    [Folded, Unindexed, Facet] public string? ShippingCountry { get; set; }
    /// <summary>The state, province or other region the order was shipped to.</summary>
    [Folded, Unindexed, Facet] public string? ShippingRegion { get; set; }
    /// <summary>The city the order was shipped to.</summary>
    [Folded, Unindexed, Facet, Personal] public string? ShippingCity { get; set; }
    /// <summary>The postal code the order was shipped to.</summary>
    [Unindexed, Personal] public string? ShippingPostalCode { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    /// <summary>The customer who placed the order.</summary>
    [GraphQLIgnore, Filterable] public Customer? Customer { get; set; }
    /// <summary>The owner at the time of the order; null if there was none.</summary>
    [GraphQLIgnore, Filterable] public TeamMember? Owner { get; set; }
    /// <summary>The campaign that brought the order; null if none is known.</summary>
    [GraphQLIgnore, Filterable] public Campaign? Campaign { get; set; }
    /// <summary>The lines of the order.</summary>
    [GraphQLIgnore, Filterable] public List<OrderLine> Lines { get; set; } = [];
    /// <summary>Additional attributes of the order.</summary>
    [GraphQLIgnore, Filterable] public List<OrderAttribute> Attributes { get; set; } = [];
    /// <summary>The payments for the order.</summary>
    [GraphQLIgnore, Filterable] public List<OrderPayment> Payments { get; set; } = [];
}

/// <summary>A payment for an order, in the order's currency. A refund is negative.</summary>
[Traits(TableTraits.History | TableTraits.Changes, PartOf = typeof(Order))]
public sealed class OrderPayment
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [GraphQLIgnore] public Guid Id { get; set; }
    [GraphQLIgnore] public Guid OrderId { get; set; }
    /// <summary>When the payment was made.</summary>
    public DateTime PaidAt { get; set; }
    /// <summary>The amount paid; negative for a refund.</summary>
    [FixedPoint] public long Amount { get; set; }
    /// <summary>The payment method, such as `card` or `invoice`.</summary>
    [Folded] public string? Method { get; set; }
    /// <summary>The ID of the payment in its source, used to correct the payment later.</summary>
    public string? Reference { get; set; }
}

/// <summary>An additional attribute of an order, as the source names it.</summary>
[Traits(TableTraits.History | TableTraits.Changes | TableTraits.PersonalText | TableTraits.PersonalKeys, Key = "fact_id/key", PartOf = typeof(Order))]
public sealed class OrderAttribute : FreeFactAttribute;

/// <summary>A line of an order. Its kind, day and currency repeat those of the order.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes | TableTraits.Dated | TableTraits.Early, PartOf = typeof(Order))]
public sealed class OrderLine : IFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    [GraphQLIgnore] public Guid OrderId { get; set; }
    [GraphQLIgnore] public Guid? ProductId { get; set; }
    /// <summary>Whether the line sells goods or takes them back.</summary>
    [Unindexed, Facet] public OrderKind Kind { get; set; }
    /// <summary>The number of units, never negative; `kind` tells sales from returns.</summary>
    [FixedPoint, Unindexed] public long Quantity { get; set; }
    /// <summary>The price of one unit before discount.</summary>
    [FixedPoint, Unindexed] public long UnitPrice { get; set; }
    /// <summary>The discount on the whole line.</summary>
    [FixedPoint, Unindexed] public long DiscountAmount { get; set; }
    /// <summary>Quantity times unit price less discount, rounded half to even to four decimals when written.</summary>
    [FixedPoint, Unindexed] public long Amount { get; set; }
    /// <summary>What the goods of the line cost the seller; null if unknown, which is not 0. On a return line, the cost of what came back.</summary>
    [FixedPoint, Unindexed] public long? CostAmount { get; set; }
    /// <summary>The day of the order in the reporting time zone.</summary>
    public DateOnly Day { get; set; }
    [GraphQLIgnore] public int Hour { get; set; }
    /// <summary>The ISO 4217 code of the currency of all amounts.</summary>
    [Unindexed, Facet] public string Currency { get; set; } = "";
    [GraphQLIgnore] public string? Channel { get; set; }
    [GraphQLIgnore] public Guid? OwnerId { get; set; }
    [GraphQLIgnore] public DateTime? CancelledAt { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    [GraphQLIgnore] public Customer? Customer { get; set; }
    /// <summary>The order that the line belongs to.</summary>
    [GraphQLIgnore, Filterable] public Order? Order { get; set; }
    /// <summary>The product sold or returned; null if unknown.</summary>
    [GraphQLIgnore, Filterable] public Product? Product { get; set; }
}

/// <summary>Whether an opportunity is open or closed.</summary>
public enum OpportunityStatus
{
    /// <summary>Not yet decided.</summary>
    Open,
    /// <summary>Closed with a sale.</summary>
    Won,
    /// <summary>Closed without a sale.</summary>
    Lost,
}

/// <summary>A possible sale on its way through the sales stages.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes | TableTraits.PersonalText)]
public sealed class Opportunity : IFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    /// <summary>The name of the opportunity.</summary>
    [Folded, Unindexed, Personal] public string Name { get; set; } = "";
    /// <summary>The current stage, as the source names it.</summary>
    [Unindexed, Facet] public string Stage { get; set; } = "";
    /// <summary>Whether the opportunity is open, won or lost.</summary>
    [Unindexed, Facet] public OpportunityStatus Status { get; set; }
    /// <summary>The estimated amount; null if nobody has estimated it, which is not the same as zero.</summary>
    [FixedPoint] public long? Amount { get; set; }
    /// <summary>The ISO 4217 code of the currency of `amount`.</summary>
    [Unindexed, Facet] public string Currency { get; set; } = "";
    /// <summary>The chance of winning in percent, 0 to 100, as given by the source.</summary>
    [Unindexed] public int? Probability { get; set; }
    /// <summary>The sales channel of the opportunity.</summary>
    [Unindexed, Facet] public string? Channel { get; set; }
    /// <summary>The ID of the team member responsible for the opportunity.</summary>
    [ID<TeamMember>, Unindexed, Facet] public Guid? OwnerId { get; set; }
    /// <summary>The ID of the product that the opportunity is about; null if unknown.</summary>
    [ID<Product>, Unindexed, Facet] public Guid? ProductId { get; set; }
    /// <summary>When the opportunity was opened.</summary>
    public DateTime OpenedAt { get; set; }
    /// <summary>The day of `openedAt` in the reporting time zone.</summary>
    [DayOf(nameof(OpenedAt))] public DateOnly Day { get; set; }
    [GraphQLIgnore] public int Hour { get; set; }
    /// <summary>The day on which the opportunity is expected to close.</summary>
    public DateOnly? ExpectedCloseDay { get; set; }
    /// <summary>When the opportunity was won or lost; null if it is open.</summary>
    [Unindexed] public DateTime? ClosedAt { get; set; }
    /// <summary>The day of `closedAt` in the reporting time zone; null if it is open.</summary>
    [DayOf(nameof(ClosedAt))] public DateOnly? ClosedDay { get; set; }
    /// <summary>Why the opportunity was lost, as the source names it: the same for many opportunities, such as `price`.</summary>
    [Unindexed, Facet] public string? LossReason { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    /// <summary>The customer of the opportunity.</summary>
    [GraphQLIgnore, Filterable] public Customer? Customer { get; set; }
    /// <summary>The team member responsible for the opportunity.</summary>
    [GraphQLIgnore, Filterable] public TeamMember? Owner { get; set; }
    /// <summary>The product that the opportunity is about; null if unknown.</summary>
    [GraphQLIgnore, Filterable] public Product? Product { get; set; }
    /// <summary>The stages that the opportunity has entered.</summary>
    [GraphQLIgnore, Filterable] public List<OpportunityStage> Stages { get; set; } = [];
}

/// <summary>An opportunity's entry into a stage.</summary>
[Traits(TableTraits.History | TableTraits.Changes | TableTraits.Early, PartOf = typeof(Opportunity))]
public sealed class OpportunityStage
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [GraphQLIgnore] public Guid Id { get; set; }
    [GraphQLIgnore] public Guid OpportunityId { get; set; }
    /// <summary>The stage, as the source names it.</summary>
    public string Stage { get; set; } = "";
    /// <summary>When the opportunity entered the stage.</summary>
    public DateTime EnteredAt { get; set; }
}

/// <summary>An ongoing agreement. A customer with an open contract counts as active even without purchases.</summary>
[Node, Traits(TableTraits.History | TableTraits.Changes | TableTraits.PersonalText)]
public sealed class Contract : ICustomerFact
{
    [GraphQLIgnore] public Guid CustomerId { get; set; }
    [ID] public Guid Id { get; set; }
    /// <summary>The name of the plan or tariff.</summary>
    [Unindexed, Facet] public string? Plan { get; set; }
    /// <summary>The first day of the contract.</summary>
    public DateOnly StartDay { get; set; }
    /// <summary>The first day on which the contract no longer runs; null if it is open-ended.</summary>
    public DateOnly? EndDay { get; set; }
    /// <summary>The amount due per month.</summary>
    [FixedPoint, Unindexed] public long? MonthlyAmount { get; set; }
    /// <summary>The ISO 4217 code of the currency of `monthlyAmount`.</summary>
    [Unindexed, Facet] public string? Currency { get; set; }
    [Unindexed] public DateTime RecordedAt { get; set; }
    [Unindexed] public DateTime UpdatedAt { get; set; }

    /// <summary>The customer of the contract.</summary>
    [GraphQLIgnore, Filterable] public Customer? Customer { get; set; }
}

/// <summary>The value of one unit of a currency in the reporting currency on one day.</summary>
[Traits(TableTraits.History | TableTraits.Changes, Key = "currency/day")]
public sealed class ExchangeRate
{
    /// <summary>The ISO 4217 code of the currency.</summary>
    public string Currency { get; set; } = "";
    /// <summary>The day on which the rate applies.</summary>
    public DateOnly Day { get; set; }
    /// <summary>The value of one unit of `currency`, to eight decimals.</summary>
    [FixedPoint(8)] public long Rate { get; set; }
    /// <summary>The former reporting currency in which the rate was quoted; null for the current one.</summary>
    [Unindexed] public string? QuotedIn { get; set; }
}
