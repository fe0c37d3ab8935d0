using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Mutations;

namespace CrmGraph.Reporting.Sales;

/// <summary>A line of an order. Lines without an external ID are told apart by their content.</summary>
public sealed class OrderLineInput
{
    /// <summary>The ID of the line in another system.</summary>
    public ExternalIdInput? ExternalId { get; set; }
    /// <summary>The product sold or returned.</summary>
    public ProductRefInput? Product { get; set; }
    /// <summary>Whether the line sells goods or takes them back. If omitted, a negative quantity or amount makes it a return.</summary>
    public OrderKind? Kind { get; set; }
    /// <summary>The number of units; 1 by default.</summary>
    public decimal? Quantity { get; set; }
    /// <summary>The price of one unit before discount.</summary>
    public decimal? UnitPrice { get; set; }
    /// <summary>The discount on the whole line.</summary>
    public decimal? Discount { get; set; }
    /// <summary>The amount of the line net of discount, instead of a unit price.</summary>
    public decimal? Amount { get; set; }
    /// <summary>What the goods of the line cost the seller.</summary>
    public decimal? Cost { get; set; }
}

/// <summary>A payment for an order, in the order's currency. Payments without a `reference` are told apart by their content.</summary>
/// <param name="PaidAt">When the payment was made.</param>
/// <param name="Amount">The amount paid; negative for a refund.</param>
/// <param name="Method">The payment method, such as `card` or `invoice`.</param>
/// <param name="Reference">The ID of the payment in its source, used to correct the payment later.</param>
public sealed record OrderPaymentInput(DateTime PaidAt, decimal Amount, string? Method, string? Reference);

/// <summary>
/// An order to create or update. Omitted fields keep their values. If `lines` are given, they replace all lines of the order unless `addLines` is true.
/// </summary>
public sealed class UpsertOrderInput
{
    /// <summary>The order to change. If omitted, `externalIds` decide; without those, an order is created.</summary>
    [ID<Order>] public FactId? Id { get; set; }
    /// <summary>The external IDs by which the order is found or created. New ones are added.</summary>
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    /// <summary>The customer who placed the order; if omitted for a new order, an unknown customer.</summary>
    public Optional<CustomerRefInput?> Customer { get; set; }
    /// <summary>The order number that people use.</summary>
    public Optional<string?> Number { get; set; }
    /// <summary>When the order was placed.</summary>
    public Optional<DateTime?> OrderedAt { get; set; }
    /// <summary>The ISO 4217 code of the currency; by default the reporting currency for a new order.</summary>
    public Optional<string?> Currency { get; set; }
    /// <summary>The sales channel; by default the customer's acquisition channel for a new order.</summary>
    public Optional<string?> Channel { get; set; }
    /// <summary>The owner at the time of the order; by default the customer's owner for a new order.</summary>
    public Optional<TeamMemberRefInput?> Owner { get; set; }
    /// <summary>The campaign that brought the order.</summary>
    public Optional<CampaignRefInput?> Campaign { get; set; }
    /// <summary>When the order was cancelled; null takes back a cancellation.</summary>
    public Optional<DateTime?> CancelledAt { get; set; }
    /// <summary>The country the order was shipped to, written like `Customer.country`.</summary>
    public Optional<string?> ShippingCountry { get; set; }
    /// <summary>The state, province or other region the order was shipped to.</summary>
    public Optional<string?> ShippingRegion { get; set; }
    /// <summary>The city the order was shipped to.</summary>
    public Optional<string?> ShippingCity { get; set; }
    /// <summary>The postal code the order was shipped to.</summary>
    public Optional<string?> ShippingPostalCode { get; set; }
    /// <summary>Attributes to set, by key. A null value removes an attribute; others are kept.</summary>
    public IReadOnlyList<AttributeInput>? Attributes { get; set; }
    /// <summary>The lines of the order.</summary>
    public IReadOnlyList<OrderLineInput>? Lines { get; set; }
    /// <summary>
    /// Whether the lines are added to the existing ones. A line without `externalId` is recognized as an existing one only if its content is the same.
    /// </summary>
    [DefaultValue("false")] public bool AddLines { get; set; }
    /// <summary>
    /// The total of the order instead of lines; a negative amount is a return. One line of this amount replaces all lines, unless `addLines` is true.
    /// </summary>
    public decimal? Amount { get; set; }
    /// <summary>All payments of the order. If omitted, the existing ones are kept.</summary>
    public IReadOnlyList<OrderPaymentInput>? Payments { get; set; }
}

/// <summary>A product to create or update. Omitted fields keep their values.</summary>
public sealed class UpsertProductInput
{
    /// <summary>The product to change. If omitted, `externalIds` decide; without those, a product is created.</summary>
    [ID<Product>] public Guid? Id { get; set; }
    /// <summary>The external IDs by which the product is found or created. New ones are added.</summary>
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    /// <summary>The stock-keeping unit: the seller's own product number.</summary>
    public Optional<string?> Sku { get; set; }
    /// <summary>The name of the product.</summary>
    public Optional<string?> Name { get; set; }
    /// <summary>The product category.</summary>
    public Optional<string?> Category { get; set; }
    /// <summary>The list price of one unit.</summary>
    public Optional<decimal?> Price { get; set; }
    /// <summary>The ISO 4217 code of the currency of `price`; by default the reporting currency.</summary>
    public Optional<string?> Currency { get; set; }
}

/// <summary>An opportunity's entry into a stage.</summary>
/// <param name="Stage">The stage, as the source names it.</param>
/// <param name="EnteredAt">When the opportunity entered the stage.</param>
public sealed record StageEntryInput(string Stage, DateTime EnteredAt);

/// <summary>An opportunity to create or update. Omitted fields keep their values.</summary>
public sealed class UpsertOpportunityInput
{
    /// <summary>The opportunity to change. If omitted, `externalIds` decide; without those, an opportunity is created.</summary>
    [ID<Opportunity>] public FactId? Id { get; set; }
    /// <summary>The external IDs by which the opportunity is found or created. New ones are added.</summary>
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    /// <summary>The customer of the opportunity; if omitted for a new opportunity, an unknown customer.</summary>
    public Optional<CustomerRefInput?> Customer { get; set; }
    /// <summary>The name of the opportunity.</summary>
    public Optional<string?> Name { get; set; }
    /// <summary>The stage that the opportunity enters. A change is recorded in the stage history.</summary>
    public Optional<string?> Stage { get; set; }
    /// <summary>When the opportunity entered the given stage; by default now. For a new opportunity, by default when it was closed, otherwise opened.</summary>
    public DateTime? StageSince { get; set; }
    /// <summary>Known entries into stages; new ones are added. Without `stage`, the latest one becomes the current stage.</summary>
    public IReadOnlyList<StageEntryInput>? Stages { get; set; }
    /// <summary>Whether the opportunity is open, won or lost.</summary>
    public Optional<OpportunityStatus?> Status { get; set; }
    /// <summary>The estimated amount; null if nobody has estimated it.</summary>
    public Optional<decimal?> Amount { get; set; }
    /// <summary>The ISO 4217 code of the currency of `amount`.</summary>
    public Optional<string?> Currency { get; set; }
    /// <summary>The chance of winning in percent, 0 to 100.</summary>
    public Optional<int?> Probability { get; set; }
    /// <summary>The sales channel; by default the customer's acquisition channel for a new opportunity.</summary>
    public Optional<string?> Channel { get; set; }
    /// <summary>The team member responsible; by default the customer's owner for a new opportunity.</summary>
    public Optional<TeamMemberRefInput?> Owner { get; set; }
    /// <summary>The product that the opportunity is about.</summary>
    public Optional<ProductRefInput?> Product { get; set; }
    /// <summary>When the opportunity was opened.</summary>
    public Optional<DateTime?> OpenedAt { get; set; }
    /// <summary>The day on which the opportunity is expected to close.</summary>
    public Optional<DateOnly?> ExpectedCloseDay { get; set; }
    /// <summary>When the opportunity was won or lost; by default now if the status becomes WON or LOST.</summary>
    public Optional<DateTime?> ClosedAt { get; set; }
    /// <summary>Why the opportunity was lost: the same for many opportunities, such as `price`.</summary>
    public Optional<string?> LossReason { get; set; }
}

/// <summary>A contract to create or update. Omitted fields keep their values.</summary>
public sealed class UpsertContractInput
{
    /// <summary>The contract to change. If omitted, `externalIds` decide; without those, a contract is created.</summary>
    [ID<Contract>] public FactId? Id { get; set; }
    /// <summary>The external IDs by which the contract is found or created. New ones are added.</summary>
    public IReadOnlyList<ExternalIdInput>? ExternalIds { get; set; }
    /// <summary>The customer of the contract.</summary>
    public Optional<CustomerRefInput?> Customer { get; set; }
    /// <summary>The name of the plan or tariff.</summary>
    public Optional<string?> Plan { get; set; }
    /// <summary>The first day of the contract.</summary>
    public Optional<DateOnly?> StartDay { get; set; }
    /// <summary>The first day on which the contract no longer runs; null if it is open-ended.</summary>
    public Optional<DateOnly?> EndDay { get; set; }
    /// <summary>The amount due per month.</summary>
    public Optional<decimal?> MonthlyAmount { get; set; }
    /// <summary>The ISO 4217 code of the currency of `monthlyAmount`.</summary>
    public Optional<string?> Currency { get; set; }
}

/// <summary>The value of one unit of a currency in the reporting currency on one day.</summary>
/// <param name="Currency">The ISO 4217 code of the currency.</param>
/// <param name="Day">The day on which the rate applies.</param>
/// <param name="Rate">The value of one unit of the currency in the reporting currency.</param>
public sealed record ExchangeRateInput(string Currency, DateOnly Day, decimal Rate);
