using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Mutations;

namespace CrmGraph.Reporting.Sales;

/// <summary>A line of an order. Lines without outside id are told apart by their content.</summary>
public sealed class OrderLineInput
{
    public ExternalIdInput? ExternalId { get; set; }
    public ProductRefInput? Product { get; set; }
    /// <summary>Without it a negative quantity or amount makes a return.</summary>
    public OrderKind? Kind { get; set; }
    /// <summary>1 when left out.</summary>
    public decimal? Quantity { get; set; }
    public decimal? UnitPrice { get; set; }
    /// <summary>Money off the whole line.</summary>
    public decimal? Discount { get; set; }
    /// <summary>Instead of a unit price: the line's amount after discount.</summary>
    public decimal? Amount { get; set; }
    /// <summary>What the whole line cost the seller.</summary>
    public decimal? Cost { get; set; }
}

/// <summary>A payment of an order, in the order's currency; what was paid back is negative. Without `reference` a payment is told apart by what it says.</summary>
public sealed record OrderPaymentInput(DateTime PaidAt, decimal Amount, string? Method, string? Reference);

/// <summary>An order to make or change. Fields left out keep their values; lines, when given, are all lines of the order unless `addLines`.</summary>
public sealed class UpsertOrderInput
{
    [ID<Order>] public FactId? Id { get; set; }
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    /// <summary>Who bought; left out for a new order: an unknown customer.</summary>
    public Optional<CustomerRefInput?> Customer { get; set; }
    public Optional<string?> Number { get; set; }
    public Optional<DateTime?> OrderedAt { get; set; }
    /// <summary>ISO 4217 code; the reporting currency when left out for a new order.</summary>
    public Optional<string?> Currency { get; set; }
    /// <summary>The customer's acquisition channel when left out for a new order.</summary>
    public Optional<string?> Channel { get; set; }
    /// <summary>The customer's owner when left out for a new order.</summary>
    public Optional<TeamMemberRefInput?> Owner { get; set; }
    /// <summary>When it was cancelled; null takes a cancellation back.</summary>
    public Optional<DateTime?> CancelledAt { get; set; }
    /// <summary>Where it was shipped to, written as in `Customer.country`.</summary>
    public Optional<string?> ShippingCountry { get; set; }
    public Optional<string?> ShippingRegion { get; set; }
    public Optional<string?> ShippingCity { get; set; }
    public Optional<string?> ShippingPostalCode { get; set; }
    /// <summary>Attributes to set, by key; a null value removes one, others stay.</summary>
    public IReadOnlyList<AttributeInput>? Attributes { get; set; }
    public IReadOnlyList<OrderLineInput>? Lines { get; set; }
    /// <summary>True: the lines are added to those that are there; a line without `externalId` is the same again only when it says the same.</summary>
    [DefaultValue("false")] public bool AddLines { get; set; }
    /// <summary>Instead of lines: what the order came to; negative is a return. All lines give way to one of this amount, unless `addLines` adds it.</summary>
    public decimal? Amount { get; set; }
    /// <summary>All payments of the order, when given; left out, those that are there stay.</summary>
    public IReadOnlyList<OrderPaymentInput>? Payments { get; set; }
}

/// <summary>A product to make or change.</summary>
public sealed class UpsertProductInput
{
    [ID<Product>] public Guid? Id { get; set; }
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    public Optional<string?> Sku { get; set; }
    public Optional<string?> Name { get; set; }
    public Optional<string?> Category { get; set; }
    /// <summary>The price of a unit in a list.</summary>
    public Optional<decimal?> Price { get; set; }
    /// <summary>ISO 4217 code of the price; the reporting currency when left out.</summary>
    public Optional<string?> Currency { get; set; }
}

/// <summary>An opportunity's entry into a stage.</summary>
public sealed record StageEntryInput(string Stage, DateTime EnteredAt);

/// <summary>An opportunity to make or change. Fields left out keep their values.</summary>
public sealed class UpsertOpportunityInput
{
    [ID<Opportunity>] public FactId? Id { get; set; }
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    public Optional<CustomerRefInput?> Customer { get; set; }
    public Optional<string?> Name { get; set; }
    /// <summary>A change is remembered in the stage history.</summary>
    public Optional<string?> Stage { get; set; }
    /// <summary>When the given stage was entered; now, when left out, and for a new opportunity when it was closed or else opened.</summary>
    public DateTime? StageSince { get; set; }
    /// <summary>Known entries into stages; new ones are added. Without `stage` the last one known is the current stage.</summary>
    public IReadOnlyList<StageEntryInput>? Stages { get; set; }
    public Optional<OpportunityStatus?> Status { get; set; }
    public Optional<decimal?> Amount { get; set; }
    public Optional<string?> Currency { get; set; }
    /// <summary>Percent, 0 to 100.</summary>
    public Optional<int?> Probability { get; set; }
    /// <summary>The customer's acquisition channel when left out for a new opportunity.</summary>
    public Optional<string?> Channel { get; set; }
    /// <summary>The customer's owner when left out for a new opportunity.</summary>
    public Optional<TeamMemberRefInput?> Owner { get; set; }
    public Optional<DateTime?> OpenedAt { get; set; }
    public Optional<DateOnly?> ExpectedCloseDay { get; set; }
    /// <summary>Now, when left out while the status becomes WON or LOST.</summary>
    public Optional<DateTime?> ClosedAt { get; set; }
}

/// <summary>A contract to make or change. Fields left out keep their values.</summary>
public sealed class UpsertContractInput
{
    [ID<Contract>] public FactId? Id { get; set; }
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    public Optional<CustomerRefInput?> Customer { get; set; }
    public Optional<string?> Plan { get; set; }
    public Optional<DateOnly?> StartDay { get; set; }
    /// <summary>The first day on which it no longer runs.</summary>
    public Optional<DateOnly?> EndDay { get; set; }
    public Optional<decimal?> MonthlyAmount { get; set; }
    public Optional<string?> Currency { get; set; }
}

/// <summary>The value of one unit of a currency in the reporting currency on a day.</summary>
public sealed record ExchangeRateInput(string Currency, DateOnly Day, decimal Rate);
